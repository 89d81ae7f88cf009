//! One tenant cannot fill what all share, and what is honest gets through all the same.

use std::time::Instant;

use crate::common::{World, lives, options};
use domain::{DesiredState, TenantId, TenantStatus};
use store::PageRequest;
use supervisor::{Options, Rate, Shares};

const KIB: u32 = 1024;

/// Shares that are used up at once.
fn small() -> Options {
    let shares = Shares {
        backlog: Rate { per_second: 64 * KIB, at_once: 128 * KIB },
        output: Rate { per_second: KIB, at_once: 4 * KIB * KIB },
        ..Shares::default()
    };
    Options { shares, ..options() }
}

/// Bytes of texts in the database, and rows.
async fn written(world: &World, tenant: TenantId) -> (usize, usize) {
    let (mut bytes, mut rows, mut before) = (0, 0, None);
    loop {
        let page = world.store.tenant(tenant).logs(PageRequest { limit: 500, before }).await.unwrap();
        bytes += page.items.iter().map(|row| row.message_text.len()).sum::<usize>();
        rows += page.items.len();
        before = page.next;
        if before.is_none() {
            return (bytes, rows);
        }
    }
}

async fn slowed_events(world: &World, tenant: TenantId) -> usize {
    let events = world.store.tenant(tenant).events(PageRequest::default()).await.unwrap().items;
    events.iter().filter(|event| event.event_type == "WORKER_SLOWED").count()
}

#[tokio::test]
async fn a_flood_over_the_link_is_written_at_the_tenants_share_and_told() {
    let mut world = World::with(small()).await;
    let tenant = world.tenant_that("flood-logs").await;
    let begun = Instant::now();
    world.handle.start(tenant).await.unwrap();
    world.until_live(tenant, "slowed", |live| live.slowed_at.is_some()).await;
    // A neighbour that starts meanwhile has its share.
    let neighbour = world.tenant_that("backlog 50").await;
    world.handle.start(neighbour).await.unwrap();
    world.until_told(neighbour, "acknowledged 50").await;
    let (bytes, _) = written(&world, tenant).await;
    let seconds = usize::try_from(begun.elapsed().as_secs() + 1).unwrap();
    let batch = 10 * 60_300;
    assert!(bytes <= 128 * 1024 + seconds * 64 * 1024 + batch, "{bytes} bytes in {seconds} s");
    assert_eq!(slowed_events(&world, tenant).await, 1, "told once");
    assert_eq!(slowed_events(&world, neighbour).await, 0);
    eprintln!("a flood over the link: {bytes} bytes of text in {seconds} s");
    world.end().await;
}

#[tokio::test]
async fn an_honest_backlog_beyond_the_share_is_acknowledged_more_slowly_and_whole() {
    let mut world = World::with(small()).await;
    let tenant = world.tenant_that("backlog 400").await;
    world.handle.start(tenant).await.unwrap();
    world.until_told(tenant, "acknowledged 400").await;
    assert_eq!(written(&world, tenant).await, (400_000, 400));
    let live = world.handle.live(tenant).unwrap();
    assert!(live.linked && live.generation == Some(1), "it was neither cut off nor restarted");
    world.end().await;
}

#[tokio::test]
async fn a_worker_that_floods_its_log_is_ended_into_error_with_words() {
    let mut world = World::with(small()).await;
    let tenant = world.tenant_that("flood-output").await;
    world.handle.start(tenant).await.unwrap();
    let pid = world.until(tenant, "running", |detail| detail.worker.pid.is_some()).await.worker.pid.unwrap();
    let detail =
        world.until(tenant, "given up", |detail| detail.worker.desired_state == DesiredState::Stopped).await;
    assert_eq!((detail.tenant.status, detail.worker.generation), (TenantStatus::Error, 1));
    let why = detail.worker.last_error.unwrap();
    assert!(why.contains("wrote more than 4 MB into its log"), "{why}");
    assert!(!lives(pid));
    let count = std::fs::read(world.cell(tenant).join("flooded")).unwrap();
    let flooded = u64::from_le_bytes(count.try_into().unwrap());
    eprintln!("a flood of output: {flooded} bytes went through");
    assert!(flooded <= 14_000_000, "{flooded} bytes went through, at whatever speed");
    let logs = std::fs::read_dir(world.directory.path().join("logs")).unwrap();
    let bytes: u64 = logs.map(|entry| entry.unwrap().metadata().unwrap().len()).sum();
    // Three files of a megabyte, and what is read at once.
    assert!(bytes <= 3_100_000, "{bytes} bytes of logs are left");
    // Whoever has looked starts it again.
    world.behave(tenant, "");
    world.handle.start(tenant).await.unwrap();
    world.until_live(tenant, "linked", |live| live.linked).await;
    world.end().await;
}
