//! What befalls a machine: numbers of processes that are used again, a reboot, a clock that jumps, workers that are paused.

use domain::TenantStatus;

use crate::common::{World, impatient, kill, lives};

/// A process that has nothing to do with us. It ends with the test.
struct Stranger(std::process::Child);

impl Stranger {
    fn new() -> Self {
        Self(std::process::Command::new("sleep").arg("600").spawn().unwrap())
    }
}

impl Drop for Stranger {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _gone = self.0.kill();
        let _gone = self.0.wait();
    }
}

fn signal(pid: u32, signal: rustix::process::Signal) {
    let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    rustix::process::kill_process(pid, signal).unwrap();
}

#[tokio::test]
async fn a_number_that_another_process_has_by_now_is_neither_taken_over_nor_ended() {
    let mut world = World::new().await;
    let tenant = world.tenant().await;
    world.handle.start(tenant).await.unwrap();
    let old = world.get(tenant).await.worker.pid.unwrap();
    world.handle.shutdown(true).await;
    kill(old);
    let stranger = Stranger::new();
    let generation = world.get(tenant).await.worker.generation;
    world.store.tenant(tenant).record_started(generation, stranger.0.id()).await.unwrap();

    world.again();
    let is_new = |detail: &store::TenantDetail| {
        detail.worker.generation > generation && detail.worker.pid.is_some_and(|pid| pid != stranger.0.id())
    };
    let detail = world.until(tenant, "started anew", is_new).await;
    assert!(lives(detail.worker.pid.unwrap()) && lives(stranger.0.id()));
    world.handle.force_restart(tenant).await.unwrap();
    world.handle.stop(tenant).await.unwrap();
    assert!(lives(stranger.0.id()), "a stranger is never ended");
    world.end().await;
}

#[tokio::test]
async fn after_a_reboot_every_worker_that_is_wanted_is_started_once_and_no_other() {
    let mut world = World::new().await;
    let (runs, ran, stopped) = (world.tenant().await, world.tenant().await, world.tenant().await);
    for tenant in [runs, ran, stopped] {
        world.handle.start(tenant).await.unwrap();
    }
    world.handle.stop(stopped).await.unwrap();
    let pids = [world.get(runs).await.worker.pid.unwrap(), world.get(ran).await.worker.pid.unwrap()];
    world.handle.shutdown(true).await;
    // All dies at once, what is kept in memory is gone, and a number is somebody else's.
    pids.into_iter().for_each(kill);
    std::fs::remove_dir_all(world.directory.path().join("run")).unwrap();
    let stranger = Stranger::new();
    let generation = world.get(ran).await.worker.generation;
    world.store.tenant(ran).record_started(generation, stranger.0.id()).await.unwrap();

    world.again();
    for tenant in [runs, ran] {
        let detail = world
            .until(tenant, "started", |detail| detail.worker.generation == 2 && detail.worker.pid.is_some())
            .await;
        assert!(lives(detail.worker.pid.unwrap()));
    }
    let detail = world.get(stopped).await;
    assert_eq!((detail.worker.generation, detail.worker.pid), (1, None), "who was stopped stays so");
    assert!(lives(stranger.0.id()));
    world.end().await;
}

#[tokio::test]
async fn a_clock_that_jumps_a_day_ends_and_restarts_nobody() {
    let mut options = crate::common::options();
    options.stale_after = std::time::Duration::from_secs(10);
    let mut world = World::with(options).await;
    let says = "say {\"type\":\"session\",\"state\":\"connected\",\"number\":\"255712345678\",\"lid\":null}";
    let tenant = world.tenant_that(says).await;
    world.handle.start(tenant).await.unwrap();
    let detail = world.until_status(tenant, TenantStatus::Active).await;
    let pid = detail.worker.pid.unwrap();
    for hours in [24, -24, 0] {
        world.clock.by_hours(hours);
        let (before, now) =
            (world.get(tenant).await.worker.last_heartbeat_at, domain::Clock::now(&*world.clock));
        // Written by the clock as it is now, so that this one came after the jump.
        let close = jiff::SignedDuration::from_hours(1);
        world
            .until(tenant, "a heartbeat by the clock as it is now", |detail| {
                let at = detail.worker.last_heartbeat_at;
                at != before && at.is_some_and(|at| at.duration_since(now).abs() < close)
            })
            .await;
        let detail = world.get(tenant).await;
        assert_eq!((detail.tenant.status, detail.worker.pid), (TenantStatus::Active, Some(pid)), "{hours} h");
        assert_eq!((detail.worker.generation, detail.worker.last_error), (1, None), "{hours} h");
    }
    world.end().await;
}

/// A worker that is paused and goes on whenever it likes: with SIGSTOP it hears neither a word nor SIGTERM.
#[tokio::test]
async fn a_paused_worker_is_dead_before_the_next_generation_begins() {
    let world = World::with(impatient()).await;
    let tenant = world.tenant().await;
    world.handle.start(tenant).await.unwrap();
    for round in 2..8 {
        let old = world.get(tenant).await.worker.pid.unwrap();
        signal(old, rustix::process::Signal::STOP);
        world.handle.force_restart(tenant).await.unwrap();
        assert!(!lives(old), "it was never admitted beside the old one");
        let worker = world.get(tenant).await.worker;
        assert_eq!(worker.generation, round);
        assert!(lives(worker.pid.unwrap()));
    }
    world.end().await;
}

#[tokio::test]
async fn a_paused_worker_that_nobody_asks_for_is_found_stale_and_replaced() {
    let mut options = impatient();
    options.stale_after = std::time::Duration::from_millis(400);
    let mut world = World::with(options).await;
    let tenant = world.tenant().await;
    world.handle.start(tenant).await.unwrap();
    let old = world.get(tenant).await.worker.pid.unwrap();
    signal(old, rustix::process::Signal::STOP);
    let is_new = |detail: &store::TenantDetail| {
        detail.worker.generation > 1 && detail.worker.pid.is_some_and(|pid| pid != old)
    };
    let detail = world.until(tenant, "replaced", is_new).await;
    assert!(!lives(old) && lives(detail.worker.pid.unwrap()));
    world.end().await;
}
