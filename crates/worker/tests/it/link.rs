//! The link: rows until they are acknowledged, texts typed by a person, settings, and being away.

use std::time::Duration;

use link::message::{Answer, Down, Question, Up};

use crate::{
    control::rows,
    rig::Rig,
    server::{Acks, both, by_lid, text},
};

const ASHA: &str = "255711111111";

fn unlogged(rig: &Rig) -> i64 {
    rig.journal().query_row("SELECT count(*) FROM logs", [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn rows_come_again_until_they_are_acknowledged_and_are_then_forgotten() {
    let mut rig = Rig::new();
    let (running, mut control) = rig.start_welcomed().await;
    control.acknowledge_nothing();
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    rig.server.until(|state| state.typing.contains(&false).then_some(())).await;
    let first = control.until_logged(1).await;
    drop(control);

    // A new connection starts after what its welcome acknowledges.
    let mut control = rig.dial(1).await;
    control.acknowledge_nothing();
    assert!(control.hello.last_sequence >= 2);
    let second = control.until_logged(2).await;
    assert_eq!(second[0].sequence, 2);
    assert_ne!(second[0].id, first[0].id);
    drop(control);

    let mut control = rig.dial(0).await;
    let rest = control.until_logged(2).await;
    assert_eq!(rest[0].id, second[0].id, "the same row under the same id");
    rig.stop(running, control).await;
    assert_eq!(unlogged(&rig), 0);
}

#[tokio::test]
async fn a_batch_that_is_not_acknowledged_goes_up_again_on_the_same_connection() {
    let mut rig = Rig::new();
    let (running, mut control) = rig.start_welcomed().await;
    control.acknowledge_nothing();
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    control.until_logged(1).await;
    let (release, held) = std::sync::mpsc::channel::<()>();
    let hold = tokio::task::spawn_blocking(move || held.recv());
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(11)).await;
    let again =
        |heard: &[Up]| (rows(heard).iter().filter(|row| row.sequence == 1).count() == 2).then_some(());
    control.until(again).await;
    tokio::time::resume();
    release.send(()).unwrap();
    hold.await.unwrap().unwrap();
    control.acknowledge(100).await;
    rig.stop(running, control).await;
}

#[tokio::test]
async fn the_next_worker_sends_what_the_last_one_could_not() {
    let mut rig = Rig::new();
    let (running, control) = rig.start_welcomed().await;
    control.acknowledge_nothing();
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    rig.server.until(|state| state.typing.contains(&false).then_some(())).await;
    let journal = control.hello.journal;
    rig.crash(running).await;
    drop(control);
    let (running, mut control) = rig.start_welcomed().await;
    assert_eq!(control.hello.journal, journal, "the same journal");
    assert_eq!(control.until_logged(2).await[0].sequence, 1);
    rig.stop(running, control).await;
}

/// The WhatsApp id of a text that was taken.
fn taken(result: &Result<Answer, String>) -> Result<String, String> {
    match result.clone()? {
        Answer::SendText { wa_message_id } => Ok(wa_message_id),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_typed_text_goes_once_to_a_contact_who_has_written() {
    let mut rig = Rig::new();
    let (running, mut control) = rig.start_welcomed().await;
    rig.server.deliver(vec![text("A1", by_lid(ASHA), "Habari")]).await.unwrap();
    rig.server.until(|state| state.typing.contains(&false).then_some(())).await;
    let before = rig.server.lock().sends.len();
    let typed = |request: &str, contact: &str, text: &str| Down::Ask {
        request: request.to_owned(),
        question: Question::SendText { contact: contact.to_owned(), text: text.to_owned() },
    };
    control.say(typed("r1", "lid:9255711111111", "Karibu kesho")).await;
    control.say(typed("r1", "lid:9255711111111", "Karibu kesho")).await;
    control.say(typed("r2", "255799999999", "Hujambo")).await;
    control.say(typed("r3", "lid:9255711111111", "  ")).await;
    let results = control
        .until(|heard| {
            let results: Vec<_> = heard
                .iter()
                .filter_map(|up| match up {
                    Up::Answer { request, result } => Some((request.clone(), taken(result))),
                    _ => None,
                })
                .collect();
            (results.len() == 4).then_some(results)
        })
        .await;
    assert_eq!(results[0], results[1], "one request is one message");
    assert!(results[2].1.as_ref().unwrap_err().contains("never written"), "{:?}", results[2]);
    assert!(results[3].1.as_ref().unwrap_err().contains("empty"), "{:?}", results[3]);
    let sent = rig.server.until_sent(before + 1).await;
    assert_eq!(
        (&sent[before].id, sent[before].text.as_str()),
        (results[0].1.as_ref().unwrap(), "Karibu kesho")
    );

    // The same request after a restart is still the same message.
    rig.crash(running).await;
    let (running, mut control) = rig.start_welcomed().await;
    control.say(typed("r1", "lid:9255711111111", "Karibu kesho")).await;
    let again = control
        .until(|heard| {
            heard.iter().find_map(|up| match up {
                Up::Answer { result, .. } => Some(taken(result)),
                _ => None,
            })
        })
        .await;
    assert_eq!(again, results[0].1);
    rig.stop(running, control).await;
    assert_eq!(rig.outbox().iter().filter(|(id, _)| Ok(id) == results[0].1.as_ref()).count(), 1);
}

#[tokio::test]
async fn the_newest_connection_counts() {
    let mut rig = Rig::new();
    let (running, old) = rig.start_welcomed().await;
    let mut new = rig.dial(0).await;
    old.until_closed().await;
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    new.until_logged(1).await;
    rig.stop(running, new).await;
}

#[tokio::test]
async fn older_settings_are_passed_over() {
    let mut rig = Rig::new();
    rig.settings.version = 5;
    let (running, mut control) = rig.start_welcomed().await;
    // A heartbeat shows that the welcome has been taken in.
    control.until(|heard| heard.iter().any(|up| matches!(up, Up::Heartbeat(_))).then_some(())).await;
    drop(control);
    rig.settings.version = 4;
    rig.settings.business_name = "Old Name".to_owned();
    let control = rig.dial(0).await;
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    let sent = rig.server.until_sent(1).await;
    assert!(sent[0].text.contains("Salon Zuri"));
    rig.stop(running, control).await;
}

#[tokio::test]
async fn a_worker_of_a_demo_ends_once_nobody_asks_for_it() {
    let mut rig = Rig::new();
    rig.orphan_after_ms = Some(500);
    let running = rig.start();
    assert_eq!(running.ended().await, link::Exit::Done);
}

#[tokio::test]
async fn a_first_worker_answers_nobody_before_it_knows_what_to_say() {
    let mut rig = Rig::new();
    let mut running = rig.start();
    link::launch::wait_ready(&mut running.pair).await.unwrap();
    assert_eq!(rig.server.lock().opened, 0);
    let control = rig.dial(0).await;
    rig.server.set(|state| state.acks = Acks::AtOnce);
    rig.server.until_connected().await;
    rig.stop(running, control).await;
}
