//! Start, stop, restart, forced restart: what is answered, what is written down, and that there are never two.

use crate::common::{World, impatient, kill, lives};
use domain::{DesiredState, TenantId, TenantStatus, WorkerStatus};
use store::TenantDetail;
use supervisor::{Error, Phase, StartError};

#[tokio::test]
async fn a_worker_starts_once_and_stops_once() {
    let mut world = World::new().await;
    let tenant = world.tenant().await;
    assert!(matches!(world.handle.stop(tenant).await, Err(Error::NotRunning)));
    assert!(matches!(world.handle.restart(tenant).await, Err(Error::NotRunning)));
    assert!(matches!(world.handle.start(TenantId::generate()).await, Err(Error::NoTenant)));

    world.handle.start(tenant).await.unwrap();
    let detail = world.get(tenant).await;
    assert_eq!(
        (detail.tenant.status, detail.worker.status),
        (TenantStatus::QrPending, WorkerStatus::Running)
    );
    assert_eq!((detail.worker.generation, detail.worker.desired_state), (1, DesiredState::Run));
    let pid = detail.worker.pid.unwrap();
    assert!(lives(pid));
    assert!(matches!(world.handle.start(tenant).await, Err(Error::AlreadyRunning)));
    let live = world.until_live(tenant, "heard of", |live| live.heartbeat.is_some()).await;
    assert_eq!((live.phase, live.generation, live.pid), (Phase::Running, Some(1), Some(pid)));
    let detail = world.until(tenant, "a heartbeat", |detail| detail.worker.memory_bytes.is_some()).await;
    assert_eq!(detail.worker.memory_bytes, Some(1_234));

    world.handle.stop(tenant).await.unwrap();
    assert!(!lives(pid));
    let detail = world.get(tenant).await;
    assert_eq!((detail.tenant.status, detail.worker.status), (TenantStatus::Paused, WorkerStatus::Stopped));
    assert_eq!((detail.worker.pid, detail.worker.desired_state), (None, DesiredState::Stopped));
    assert!(matches!(world.handle.stop(tenant).await, Err(Error::NotRunning)));
    world.end().await;
}

#[tokio::test]
async fn a_restart_is_a_new_generation_after_the_old_one_is_dead() {
    let mut world = World::new().await;
    let tenant = world.tenant().await;
    world.handle.start(tenant).await.unwrap();
    for (round, force) in [(2, false), (3, true), (4, false)] {
        let old = world.get(tenant).await.worker.pid.unwrap();
        world.until_live(tenant, "linked", |live| live.linked).await;
        if force {
            world.handle.force_restart(tenant).await.unwrap();
        } else {
            world.handle.restart(tenant).await.unwrap();
        }
        let worker = world.get(tenant).await.worker;
        assert_eq!(worker.generation, round);
        assert!(!lives(old) && lives(worker.pid.unwrap()));
    }
    world.end().await;
}

#[tokio::test]
async fn who_does_not_stop_is_terminated_and_then_killed() {
    let mut world = World::with(impatient()).await;
    for behaviour in ["ignore-stop", "ignore-stop\nignore-term", "hang\nignore-term"] {
        let tenant = world.tenant_that(behaviour).await;
        world.handle.start(tenant).await.unwrap();
        if behaviour.starts_with("ignore-stop") {
            world.until_live(tenant, "linked", |live| live.linked).await;
        }
        let pid = world.get(tenant).await.worker.pid.unwrap();
        world.handle.stop(tenant).await.unwrap();
        assert!(!lives(pid), "{behaviour}");
        assert_eq!(world.get(tenant).await.tenant.status, TenantStatus::Paused);
    }
    world.end().await;
}

#[tokio::test]
async fn a_start_while_it_stops_follows_and_a_stop_meanwhile_wins() {
    let mut world = World::with(impatient()).await;
    let tenant = world.tenant_that("ignore-stop").await;
    world.handle.start(tenant).await.unwrap();
    world.until_live(tenant, "linked", |live| live.linked).await;
    let (stop, start) = tokio::join!(world.handle.stop(tenant), world.handle.start(tenant));
    assert!(matches!(stop, Err(Error::Overtaken)));
    start.unwrap();
    assert_eq!(world.get(tenant).await.worker.generation, 2);

    world.until_live(tenant, "linked", |live| live.linked).await;
    let (restart, stop) = tokio::join!(world.handle.restart(tenant), world.handle.stop(tenant));
    assert!(matches!(restart, Err(Error::Overtaken)));
    stop.unwrap();
    let detail = world.get(tenant).await;
    assert_eq!((detail.worker.generation, detail.tenant.status), (2, TenantStatus::Paused));
    world.end().await;
}

#[tokio::test]
async fn a_crash_is_mended_and_a_loop_is_given_up() {
    let mut world = World::new().await;
    let tenant = world.tenant().await;
    world.handle.start(tenant).await.unwrap();
    kill(world.get(tenant).await.worker.pid.unwrap());
    let detail = world
        .until(tenant, "restarted", |detail| detail.worker.generation == 2 && detail.worker.pid.is_some())
        .await;
    assert_eq!(detail.worker.restarts, 1);
    assert!(detail.worker.last_error.unwrap().contains("signal 9"));

    let tenant = world.tenant_that("exit 101").await;
    world.handle.start(tenant).await.unwrap();
    let detail =
        world.until(tenant, "given up", |detail| detail.worker.desired_state == DesiredState::Stopped).await;
    assert_eq!((detail.tenant.status, detail.worker.status), (TenantStatus::Error, WorkerStatus::Error));
    assert_eq!(detail.worker.generation, 5, "five deaths");
    assert!(detail.worker.last_error.unwrap().contains("five times"));

    world.behave(tenant, "");
    world.handle.force_restart(tenant).await.unwrap();
    let detail = world.get(tenant).await;
    assert_eq!((detail.tenant.status, detail.worker.last_error), (TenantStatus::QrPending, None));
    world.end().await;
}

/// A disk that is full for longer than five tries take, or again and again, silences nobody for good.
#[tokio::test]
async fn whoever_finds_the_disk_full_is_tried_again_until_there_is_room() {
    let mut world = World::new().await;
    for behaviour in ["exit 25", "fail-before-ready 25"] {
        let tenant = world.tenant_that(behaviour).await;
        let started = world.handle.start(tenant).await;
        assert_eq!(started.is_ok(), behaviour.starts_with("exit"), "{behaviour}");
        let detail = world.until(tenant, "tried often", |detail| detail.worker.generation >= 9).await;
        assert_ne!(detail.worker.desired_state, DesiredState::Stopped, "{behaviour}");
        world.behave(tenant, "");
        world
            .until(tenant, "there again", |detail| {
                detail.tenant.status == TenantStatus::QrPending && detail.worker.pid.is_some()
            })
            .await;
        world.until_live(tenant, "linked", |live| live.linked).await;
    }
    world.end().await;
}

#[tokio::test]
async fn what_a_restart_cannot_mend_is_not_restarted() {
    let mut world = World::new().await;
    for (behaviour, word) in [
        ("exit-before-ready 20", "settings"),
        ("fail-before-ready 23", "session database"),
        ("exit 26", "removed this device"),
        ("exit 28", "another client"),
    ] {
        let tenant = world.tenant_that(behaviour).await;
        let started = world.handle.start(tenant).await;
        assert_eq!(started.is_err(), behaviour.contains("before-ready"), "{behaviour}");
        let detail = world
            .until(tenant, "given up", |detail| detail.worker.desired_state == DesiredState::Stopped)
            .await;
        assert_eq!((detail.tenant.status, detail.worker.generation), (TenantStatus::Error, 1), "{behaviour}");
        let error = detail.worker.last_error.unwrap();
        assert!(error.contains(word), "{error}");
        world.handle.stop(tenant).await.unwrap();
        assert_eq!(
            world.get(tenant).await.tenant.status,
            TenantStatus::Paused,
            "a person may put the error aside"
        );
    }
    world.end().await;
}

#[tokio::test]
async fn nobody_is_started_beside_another() {
    let world = World::new().await;
    let tenant = world.tenant().await;
    let lock = link::cell::CellLock::take(&world.cell(tenant)).unwrap();
    let error = world.handle.start(tenant).await.unwrap_err();
    assert!(matches!(error, Error::Start(StartError::CellBusy)), "{error}");
    drop(lock);
    world.handle.force_restart(tenant).await.unwrap();
    world.end().await;
}

#[tokio::test]
async fn a_stale_worker_is_an_error_and_is_mended() {
    let mut options = impatient();
    options.stale_after = std::time::Duration::from_millis(200);
    let mut world = World::with(options).await;
    let tenant = world.tenant_that("no-heartbeat\nignore-term").await;
    world.handle.start(tenant).await.unwrap();
    let old = world.get(tenant).await.worker.pid.unwrap();
    let detail = world.until_status(tenant, TenantStatus::Error).await;
    assert!(detail.worker.last_error.unwrap().contains("not heard of"));
    world.behave(
        tenant,
        "say {\"type\":\"session\",\"state\":\"connected\",\"number\":\"255712345678\",\"lid\":null}",
    );
    let detail = world.until_status(tenant, TenantStatus::Active).await;
    assert!(detail.worker.generation > 1 && !lives(old));
    assert_eq!(detail.worker.last_error, None);
    world.end().await;
}

#[tokio::test]
async fn a_tenant_that_goes_leaves_nothing_behind() {
    let mut world = World::new().await;
    let tenant = world.tenant().await;
    world.handle.start(tenant).await.unwrap();
    world.until_live(tenant, "linked", |live| live.linked).await;
    let pid = world.get(tenant).await.worker.pid.unwrap();
    world.handle.purge(tenant).await.unwrap();
    world.store.tenant(tenant).delete("admin").await.unwrap();
    assert!(!lives(pid) && !world.cell(tenant).exists());
    let left: Vec<_> = ["logs", "run", "sessions"]
        .iter()
        .flat_map(|name| std::fs::read_dir(world.directory.path().join(name)).unwrap())
        .map(|entry| entry.unwrap().path())
        .collect();
    assert!(left.is_empty(), "{left:?}");
    world.end().await;
}

#[tokio::test]
async fn a_worker_that_never_gets_ready_is_ended_and_says_so() {
    let mut options = impatient();
    options.ready_time = std::time::Duration::from_millis(300);
    let world = World::with(options).await;
    let tenant = world.tenant_that("never-ready").await;
    let error = world.handle.start(tenant).await.unwrap_err();
    assert!(matches!(error, Error::Start(StartError::TooSlow(300))), "{error}");
    world.handle.stop(tenant).await.unwrap();
    assert!(link::cell::CellLock::take(&world.cell(tenant)).is_ok());
    world.end().await;
}

#[tokio::test]
async fn a_wish_that_another_program_wrote_is_followed() {
    let mut world = World::new().await;
    let tenant = world.tenant().await;
    world.store.tenant(tenant).set_desired(DesiredState::Run).await.unwrap();
    let detail = world.until(tenant, "started", |detail| detail.worker.pid.is_some()).await;
    world.store.tenant(tenant).set_desired(DesiredState::Stopped).await.unwrap();
    let old = detail.worker.pid.unwrap();
    // The process is gone a moment before the status says so.
    let stopped =
        |detail: &TenantDetail| detail.worker.pid.is_none() && detail.tenant.status == TenantStatus::Paused;
    world.until(tenant, "stopped", stopped).await;
    assert!(!lives(old));
    world.end().await;
}
