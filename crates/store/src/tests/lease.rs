//! One control plane at a time.

use std::time::Duration;

use sqlx::{Connection as _, Row as _};

use super::{
    postgres::run,
    support::{World, worlds},
};
use crate::{
    LeaseError, StoreError, Target, Turn,
    lease::{Care, Two},
};

/// A connection that is gone is noticed in time for a test.
const SOON: Care =
    Care { look_every: Duration::from_millis(50), try_every: Duration::from_millis(50), two: None };

/// The same of two of which one stands by.
const OF_TWO: Care = Care {
    two: Some(Two { freed_after: Duration::from_secs(2), given_up_after: Duration::from_secs(1) }),
    ..SOON
};

#[tokio::test]
async fn a_second_control_plane_is_refused_with_the_name_of_the_first() {
    for world in worlds().await {
        let other = world.reopened().await;
        let lease = world.store.lease("host a, process 1").await.unwrap();
        let refused = other.lease("host b, process 2").await;
        assert!(
            matches!(&refused, Err(LeaseError::Held { holder }) if holder == "host a, process 1"),
            "{refused:?}"
        );
        assert!(!lease.is_lost());
        let twice = world.store.lease("host a, again").await;
        assert!(matches!(twice, Err(LeaseError::Held { .. })), "{twice:?}");
    }
}

#[tokio::test]
async fn each_taking_is_an_epoch_and_an_old_one_starts_no_worker() {
    for world in worlds().await {
        let tenant = world.tenant("Asha").await;
        let other = world.reopened().await;
        let first = world.store.lease("a").await.unwrap();
        assert_eq!(first.epoch(), 1);
        assert_eq!(world.store.tenant(tenant).begin_generation(false).await.unwrap(), 1);
        drop(first);
        // The lock is free once its connection has ended, a moment after the drop.
        let next = loop {
            match other.lease("b").await {
                Ok(lease) => break lease,
                Err(LeaseError::Held { .. }) => tokio::task::yield_now().await,
                Err(error) => panic!("{error}"),
            }
        };
        assert_eq!(next.epoch(), 2);
        assert_eq!(other.tenant(tenant).begin_generation(false).await.unwrap(), 2);
        let late = world.store.tenant(tenant).begin_generation(true).await;
        assert!(matches!(late, Err(StoreError::LeaseLost)), "{late:?}");
        // A store that never asked for a lease, like that of a command, is not held up.
        let free = world.reopened().await;
        assert_eq!(free.tenant(tenant).begin_generation(false).await.unwrap(), 3);
    }
}

/// Ends all connections to the database but the one that says so.
const END_ALL: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                       WHERE datname = current_database() AND pid <> pg_backend_pid()";

#[tokio::test]
async fn an_outage_alone_does_not_end_a_lease() {
    let Some(world) = World::postgres().await else { return };
    let superuser = world.addresses.as_ref().unwrap().superuser.clone();
    let lease = world.store.lease_with("a", SOON).await.unwrap();
    assert!(tokio::time::timeout(Duration::from_millis(50), lease.lost()).await.is_err());
    let before = lock_holder(&superuser).await;
    assert!(before.is_some());
    run(&superuser, END_ALL).await.unwrap();
    loop {
        let now = lock_holder(&superuser).await;
        if now.is_some() && now != before {
            break;
        }
        tokio::task::yield_now().await;
    }
    assert!(!lease.is_lost() && lease.epoch() == 1);
    let other = world.reopened().await.lease_with("b", SOON).await;
    assert!(matches!(&other, Err(LeaseError::Held { holder }) if holder == "a"), "{other:?}");
    let tenant = world.tenant("Asha").await;
    assert_eq!(world.store.tenant(tenant).begin_generation(false).await.unwrap(), 1);
}

#[tokio::test]
async fn a_lease_that_another_took_during_an_outage_is_lost() {
    let Some(world) = World::postgres().await else { return };
    let superuser = world.addresses.as_ref().unwrap().superuser.clone();
    let lease = world.store.lease_with("a", SOON).await.unwrap();
    // What another control plane writes that was quicker.
    run(&superuser, "UPDATE leases SET epoch = epoch + 1, holder = 'b'").await.unwrap();
    run(&superuser, END_ALL).await.unwrap();
    lease.lost().await;
    assert!(lease.is_lost());
    let again = world.store.lease_with("a", SOON).await.unwrap();
    assert_eq!(again.epoch(), 3);
}

#[tokio::test]
async fn a_second_control_plane_cannot_stand_by_at_a_file() {
    let world = World::sqlite().await;
    let refused = Turn::wait(&world.target, OF_TWO).await;
    assert!(matches!(refused, Err(LeaseError::OneMachine)), "{refused:?}");
}

/// A server behind a way that was cut takes connections, or seems to, and says nothing.
#[tokio::test]
async fn one_that_stands_by_asks_a_server_that_says_nothing_again_and_again() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("postgres://flowhq@{}/flowhq?sslmode=disable", silent.local_addr().unwrap());
    let target = Target::Postgres { url, migrate_url: None };
    let asked = async {
        let mut open = Vec::new();
        for _ in 0..3 {
            open.push(silent.accept().await.unwrap());
        }
    };
    tokio::select! {
        turn = Turn::wait(&target, OF_TWO) => panic!("nobody has answered: {turn:?}"),
        asked = tokio::time::timeout(Duration::from_secs(60), asked) => asked.expect("it asks again"),
    }
}

#[tokio::test]
async fn one_that_stands_by_takes_over_from_one_that_ends_and_whose_words_count_no_more() {
    let Some(world) = World::postgres().await else { return };
    let tenant = world.tenant("Asha").await;
    let first = Turn::wait(&world.target, OF_TWO).await.unwrap();
    let first = crate::Lease::in_turn(&world.store, first, "a", OF_TWO).await.unwrap();
    let waits = tokio::time::timeout(Duration::from_millis(300), Turn::wait(&world.target, OF_TWO)).await;
    assert!(waits.is_err(), "the first has it");
    world.store.tenant(tenant).set_desired(domain::DesiredState::Run).await.unwrap();
    drop(first);
    let other = world.reopened().await;
    let turn = Turn::wait(&world.target, OF_TWO).await.unwrap();
    let second = crate::Lease::in_turn(&other, turn, "b", OF_TWO).await.unwrap();
    assert_eq!(second.epoch(), 2);
    // Whatever it is that the first still writes, also in the middle of something.
    let late = world.store.tenant(tenant).set_desired(domain::DesiredState::Stopped).await;
    assert!(matches!(late, Err(StoreError::LeaseLost)), "{late:?}");
    let late = world.store.operator().set_setting("a", "b").await;
    assert!(matches!(late, Err(StoreError::LeaseLost)), "{late:?}");
    assert_eq!(
        world.store.tenant(tenant).get().await.unwrap().worker.desired_state,
        domain::DesiredState::Run,
        "it may still read, on the same connections"
    );
    other.tenant(tenant).set_desired(domain::DesiredState::Stopped).await.unwrap();
}

#[tokio::test]
async fn one_that_is_not_heard_of_loses_its_lock_in_the_server() {
    let Some(world) = World::postgres().await else { return };
    // As of one that is cut off or hangs: it says nothing for longer than it may.
    let deaf = Care { look_every: Duration::from_secs(3_600), ..OF_TWO };
    let turn = Turn::wait(&world.target, deaf).await.unwrap();
    let silent = crate::Lease::in_turn(&world.store, turn, "a", deaf).await.unwrap();
    let other = world.reopened().await;
    let turn = Turn::wait(&world.target, OF_TWO).await.unwrap();
    let second = crate::Lease::in_turn(&other, turn, "b", OF_TWO).await.unwrap();
    assert_eq!((silent.epoch(), second.epoch()), (1, 2));
    let late = world.store.operator().set_setting("a", "b").await;
    assert!(matches!(late, Err(StoreError::LeaseLost)), "{late:?}");
}

#[tokio::test]
async fn one_that_cannot_reach_the_database_gives_up_before_another_may_have_it() {
    let Some(world) = World::postgres().await else { return };
    let superuser = world.addresses.as_ref().unwrap().superuser.clone();
    let turn = Turn::wait(&world.target, OF_TWO).await.unwrap();
    let lease = crate::Lease::in_turn(&world.store, turn, "a", OF_TWO).await.unwrap();
    // The lock is somebody else's as soon as it is free: as when the network lets one through and not the other.
    let mut thief = sqlx::AnyConnection::connect(&superuser).await.unwrap();
    let stolen = async {
        sqlx::query("SELECT pg_advisory_lock(7163948211270413132)").execute(&mut thief).await.unwrap();
    };
    let cut_off = async {
        // Once somebody waits in line.
        loop {
            let cut = "SELECT CAST(pg_terminate_backend(l.pid) AS INT) FROM pg_locks l JOIN pg_database d ON d.oid = l.database \
                       WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.granted AND EXISTS \
                       (SELECT 1 FROM pg_locks w WHERE w.database = l.database AND w.locktype = 'advisory' AND NOT w.granted)";
            let mut connection = sqlx::AnyConnection::connect(&superuser).await.unwrap();
            if sqlx::query(cut).fetch_optional(&mut connection).await.unwrap().is_some() {
                break;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::join!(stolen, cut_off);
    lease.lost().await;
    assert!(lease.is_lost());
}

/// The server's process that holds the lease's lock.
async fn lock_holder(superuser: &str) -> Option<i64> {
    let mut connection = sqlx::AnyConnection::connect(superuser).await.unwrap();
    let sql = "SELECT CAST(l.pid AS BIGINT) FROM pg_locks l JOIN pg_database d ON d.oid = l.database \
               WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.granted";
    let row = sqlx::query(sql).fetch_optional(&mut connection).await.unwrap();
    row.map(|row| row.get(0))
}
