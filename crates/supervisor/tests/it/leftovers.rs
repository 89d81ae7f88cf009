//! What a worker leaves behind on the machine: processes that it started, and a directory that has grown too large.

use domain::{DesiredState, TenantStatus, WorkerBounds};
use supervisor::Options;

use crate::common::{World, kill, lives, options};

/// The processes that the worker has started, as it has written down.
fn children(world: &World, tenant: domain::TenantId) -> Vec<u32> {
    let text = std::fs::read_to_string(world.cell(tenant).join("children")).unwrap_or_default();
    text.lines().filter_map(|line| line.parse().ok()).collect()
}

#[tokio::test]
async fn what_a_worker_has_started_ends_with_it_however_it_ends() {
    let mut world = World::new().await;
    let neighbour = world.tenant_that("children").await;
    let tenant = world.tenant_that("children").await;
    for one in [neighbour, tenant] {
        world.handle.start(one).await.unwrap();
        world.until_live(one, "linked", |live| live.linked).await;
    }
    // Killed by somebody, it is started again, and has started others.
    let pid = world.get(tenant).await.worker.pid.unwrap();
    let first = children(&world, tenant);
    assert_eq!(first.len(), 3);
    assert!(first.iter().all(|child| lives(*child)), "the control: they live");
    kill(pid);
    world.until(tenant, "started again", |detail| detail.worker.generation == 2).await;
    assert!(!first.iter().any(|child| lives(*child)), "of the first generation");
    world.until_live(tenant, "linked again", |live| live.linked && live.generation == Some(2)).await;
    // Deleted with its tenant.
    let second = children(&world, tenant);
    assert!(second.len() == 3 && second != first && second.iter().all(|child| lives(*child)));
    world.handle.purge(tenant).await.unwrap();
    assert!(!second.iter().any(|child| lives(*child)), "of a deleted tenant");
    assert!(children(&world, neighbour).iter().all(|child| lives(*child)), "a neighbour's go on");
    let neighbours = children(&world, neighbour);
    world.end().await;
    assert!(!neighbours.iter().any(|child| lives(*child)), "until it is ended itself");
}

#[tokio::test]
async fn a_worker_whose_directory_outgrows_its_size_is_ended_into_error_with_words() {
    let bounds = WorkerBounds { directory_bytes: 5_000_000, ..WorkerBounds::default() };
    let every = std::time::Duration::from_millis(50);
    let mut world = World::with(Options { bounds, directory_check_every: every, ..options() }).await;
    let neighbour = world.tenant().await;
    world.handle.start(neighbour).await.unwrap();
    world.until_live(neighbour, "linked", |live| live.linked).await;
    let tenant = world.tenant_that("fill").await;
    world.handle.start(tenant).await.unwrap();
    let detail =
        world.until(tenant, "given up", |detail| detail.worker.desired_state == DesiredState::Stopped).await;
    assert_eq!((detail.tenant.status, detail.worker.generation), (TenantStatus::Error, 1));
    let why = detail.worker.last_error.unwrap();
    assert!(why.contains("more than 5 MB (WORKER_DIRECTORY_MAX_MB)"), "{why}");
    // Whoever has made room starts it again.
    world.behave(tenant, "");
    std::fs::remove_file(world.cell(tenant).join("filled")).unwrap();
    world.handle.start(tenant).await.unwrap();
    world.until_live(tenant, "linked", |live| live.linked).await;
    assert_eq!(world.get(neighbour).await.worker.generation, 1, "a neighbour notices nothing");
    world.end().await;
}

#[tokio::test]
async fn a_directory_is_looked_at_at_once_where_the_disk_loses_room_fast_and_where_a_worker_begins() {
    let bounds = WorkerBounds { directory_bytes: 5_000_000, ..WorkerBounds::default() };
    let every = std::time::Duration::from_hours(1);
    let mut world = World::with(Options { bounds, directory_check_every: every, ..options() }).await;
    let tenant = world.tenant_that("fill-on").await;
    world.handle.start(tenant).await.unwrap();
    world.until(tenant, "given up", |detail| detail.worker.desired_state == DesiredState::Stopped).await;
    // Whoever starts it again without having made room hears it again.
    world.behave(tenant, "");
    world.handle.start(tenant).await.unwrap();
    let detail = world
        .until(tenant, "given up again", |detail| {
            detail.worker.generation == 2 && detail.worker.desired_state == DesiredState::Stopped
        })
        .await;
    let why = detail.worker.last_error.unwrap();
    assert!(why.contains("more than 5 MB (WORKER_DIRECTORY_MAX_MB)"), "{why}");
    world.end().await;
}
