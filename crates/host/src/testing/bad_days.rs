//! Hosts that are away, old, doubled or another's, and control planes that come back.

use std::{io::ErrorKind, net::SocketAddr, sync::Arc};

use supervisor::{Ended, Runtime as _, StartError};
use tokio::{net::TcpListener, sync::Semaphore};

use super::{
    bed::{Bed, NAME, client, key, new_id, until},
    fake::order,
    relay::Relay,
    soon,
};
use crate::{HostKey, HostRuntime, Volume, VolumeError};

async fn why(host: &HostRuntime, contains: &str) -> String {
    soon(contains, async {
        loop {
            match host.away() {
                Some(why) if why.contains(contains) => return why,
                _ => tokio::task::yield_now().await,
            }
        }
    })
    .await
}

#[tokio::test]
async fn a_host_with_another_installations_key_or_another_name_is_not_asked_anything() {
    let bed = Bed::new().await;
    let foreign = HostRuntime::new(NAME, &bed.address.to_string(), HostKey::derive(&[2; 32], NAME)).unwrap();
    let words = why(&foreign, "does not know this host's key").await;
    assert!(words.starts_with("host host-0 (127.0.0.1:"), "{words}");
    assert!(matches!(foreign.start(order(new_id())).await, Err(StartError::Away(_))));
    let error = foreign.find(new_id().tenant, None).await.map(drop).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotConnected);
    let other =
        HostRuntime::new("host-1", &bed.address.to_string(), HostKey::derive(&[1; 32], "host-1")).unwrap();
    why(&other, "another host answers there").await;
    assert!(bed.fake.started.lock().unwrap().is_empty());
    assert!(HostRuntime::new("host 1", "127.0.0.1:1", key()).is_err(), "no name of a host");
    bed.end().await;
}

#[tokio::test]
async fn an_address_where_nobody_listens_and_one_that_answers_nothing_are_told_with_words() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = client(closed.local_addr().unwrap());
    drop(closed);
    why(&nobody, "nobody listens there").await;
    assert!(nobody.within_reach(new_id().tenant).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn an_address_that_answers_nothing_is_given_up_in_time() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = client(silent.local_addr().unwrap());
    let words = host.within_reach(new_id().tenant).await.unwrap_err().to_string();
    assert!(words.contains("nothing answers there in time"), "{words}");
}

#[tokio::test]
async fn an_address_where_something_else_answers_is_no_host() {
    let other = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = client(other.local_addr().unwrap());
    let (mut stream, _) = soon("a call", other.accept()).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
    drop(stream);
    until(&host, true).await;
}

#[tokio::test]
async fn strangers_are_turned_away_and_those_who_know_the_key_get_through() {
    let bed = Bed::new().await;
    let mut strangers = Vec::new();
    for _ in 0..10 {
        let mut stranger = tokio::net::TcpStream::connect(bed.address).await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut stranger, b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
        strangers.push(stranger);
    }
    bed.client().about().await.unwrap();
    bed.end().await;
}

#[tokio::test]
async fn workers_go_on_while_nobody_is_connected_and_a_host_that_comes_back_has_them() {
    let bed = Bed::new().await;
    let relay = Relay::to(bed.address).await;
    let host = client(relay.address);
    let (goes_on, ends) = (new_id(), new_id());
    let process = host.start(order(goes_on)).await.unwrap();
    let ending = host.start(order(ends)).await.unwrap();
    bed.fake.worker(ends).end(Ended::Code(26));
    assert_eq!(soon("an end", ending.ended()).await, Ended::Code(26));
    let fake = Arc::clone(&bed.fake);
    let bed = bed.again().await;
    until(&host, true).await;
    assert!(!process.is_within_reach());
    assert!(process.terminate().await.is_err_and(|error| error.to_string().contains("is away")));
    relay.lead_to(bed.address);
    until(&host, false).await;
    assert_eq!(host.find(goes_on.tenant, None).await.unwrap().len(), 1);
    assert_eq!(host.seen().unwrap().incarnation, 2);
    // The one that was started before is the same, and its end is noticed.
    fake.worker(goes_on).end(Ended::Code(1));
    assert_eq!(soon("its end", process.ended()).await, Ended::Code(1));
    bed.end().await;
}

#[tokio::test]
async fn how_a_worker_ended_while_nobody_was_connected_is_told_afterwards() {
    let bed = Bed::new().await;
    let relay = Relay::to(bed.address).await;
    let host = client(relay.address);
    let id = new_id();
    let process = host.start(order(id)).await.unwrap();
    let closed: SocketAddr = ([127, 0, 0, 1], 1).into();
    relay.lead_to(closed);
    until(&host, true).await;
    bed.fake.worker(id).end(Ended::Code(27));
    relay.lead_to(bed.address);
    assert_eq!(soon("its end", process.ended()).await, Ended::Code(27));
    bed.end().await;
}

#[tokio::test]
async fn an_older_incarnation_is_refused_once_a_newer_one_was_seen() {
    let bed = Bed::new().await;
    let old = tempfile::tempdir().unwrap();
    std::fs::copy(bed.volume.path().join("host.json"), old.path().join("host.json")).unwrap();
    let bed = bed.again().await.again().await;
    let relay = Relay::to(bed.address).await;
    let host = client(relay.address);
    host.about().await.unwrap();
    // A volume that was put back from a backup.
    let other = Bed::on(Arc::new(old), Arc::default(), "127.0.0.1:0").await;
    relay.lead_to(other.address);
    let words = why(&host, "two hosts have this name").await;
    assert!(words.contains("incarnation 2 of this host, and incarnation 3 was seen"), "{words}");
    assert!(matches!(host.start(order(new_id())).await, Err(StartError::Away(_))));
    assert!(other.fake.started.lock().unwrap().is_empty());
    relay.lead_to(bed.address);
    until(&host, false).await;
    host.about().await.unwrap();
}

#[tokio::test]
async fn a_clone_of_a_running_volume_is_told_from_it() {
    let bed = Bed::new().await;
    let copy = tempfile::tempdir().unwrap();
    std::fs::copy(bed.volume.path().join("host.json"), copy.path().join("host.json")).unwrap();
    let bed = bed.again().await;
    let clone = Bed::on(Arc::new(copy), Arc::default(), "127.0.0.1:0").await;
    let relay = Relay::to(bed.address).await;
    let host = client(relay.address);
    host.about().await.unwrap();
    relay.lead_to(clone.address);
    let words = why(&host, "a copy of the other's volume").await;
    assert!(words.contains("incarnation 2"), "{words}");
    assert!(clone.fake.started.lock().unwrap().is_empty());
    // On one volume there is no second host at all.
    let held = Volume::take(bed.volume.path(), NAME, &key()).unwrap_err();
    assert!(matches!(held, VolumeError::Held { .. }), "{held}");
}

#[tokio::test]
async fn the_control_plane_that_came_last_is_listened_to_and_what_came_before_is_not_begun() {
    let bed = Bed::new().await;
    let id = new_id();
    let (first, gate) = (bed.client(), Arc::new(Semaphore::new(0)));
    *bed.fake.gate.lock().unwrap() = Some(Arc::clone(&gate));
    let next = supervisor::WorkerId { generation: 2, ..id };
    let mut at_gate = bed.fake.at_gate.subscribe();
    let asked = async { tokio::join!(first.start(order(id)), first.start(order(next))) };
    let followed = async {
        at_gate.wait_for(|waiting| *waiting == 1).await.unwrap();
        let second = bed.client();
        second.about().await.unwrap();
        let look = second.find(id.tenant, None);
        let open = async { gate.add_permits(2) };
        let (found, ()) = tokio::join!(look, open);
        (second, found.unwrap())
    };
    let ((one, two), (second, found)) = soon("all answers", async { tokio::join!(asked, followed) }).await;
    assert!(matches!(one, Err(StartError::Away(_))) && matches!(two, Err(StartError::Away(_))));
    // What had begun is found by whoever looks, and nothing else is begun.
    let started = bed.fake.started.lock().unwrap().clone();
    assert_eq!(started.len(), 1, "{started:?}");
    assert_eq!(found.iter().map(|found| found.id()).collect::<Vec<_>>(), started);
    drop((first, second));
    bed.end().await;
}
