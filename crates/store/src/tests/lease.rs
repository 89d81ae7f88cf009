//! One control plane at a time.

use std::time::Duration;

use super::{
    postgres::run,
    support::{World, worlds},
};
use crate::{LeaseError, StoreError};

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

#[tokio::test]
async fn losing_the_server_loses_the_lease() {
    let Some(world) = World::postgres().await else { return };
    let lease = world.store.lease("a").await.unwrap();
    assert!(tokio::time::timeout(Duration::from_millis(50), lease.lost()).await.is_err());
    let superuser = &world.addresses.as_ref().unwrap().superuser;
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    run(superuser, end).await.unwrap();
    lease.lost().await;
    assert!(lease.is_lost());
    // The pool mends itself, and the lease can be taken again.
    let again = world.store.lease("a").await.unwrap();
    assert_eq!(again.epoch(), 2);
}
