//! One control plane at a time.

use std::time::Duration;

use sqlx::{Connection as _, Row as _};

use super::{
    postgres::run,
    support::{World, worlds},
};
use crate::{LeaseError, StoreError, lease::Care};

/// A connection that is gone is noticed in time for a test.
const SOON: Care = Care { look_every: Duration::from_millis(50), try_every: Duration::from_millis(50) };

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

/// The server's process that holds the lease's lock.
async fn lock_holder(superuser: &str) -> Option<i64> {
    let mut connection = sqlx::AnyConnection::connect(superuser).await.unwrap();
    let sql = "SELECT CAST(l.pid AS BIGINT) FROM pg_locks l JOIN pg_database d ON d.oid = l.database \
               WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.granted";
    let row = sqlx::query(sql).fetch_optional(&mut connection).await.unwrap();
    row.map(|row| row.get(0))
}
