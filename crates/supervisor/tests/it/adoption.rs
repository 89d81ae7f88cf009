//! A control plane that comes back finds the workers that still run and takes them over without stopping them.

use crate::common::{World, hosted, kill, lives};
use domain::{DesiredState, TenantStatus};
use rustix::fs::{CWD, FileType, Mode};
use supervisor::Phase;

const CONNECTED: &str =
    "say {\"type\":\"session\",\"state\":\"connected\",\"number\":\"NUMBER\",\"lid\":null}";

#[tokio::test]
async fn workers_outlive_their_control_plane_and_are_adopted() {
    let mut world = World::new().await;
    let mut tenants = Vec::new();
    for number in ["255712345671", "255712345672", "255712345673"] {
        let tenant = world.tenant_that(&CONNECTED.replace("NUMBER", number)).await;
        world.handle.start(tenant).await.unwrap();
        let detail = world.until_status(tenant, TenantStatus::Active).await;
        tenants.push((tenant, detail.worker.pid.unwrap()));
    }
    world.handle.shutdown(true).await;
    assert!(tenants.iter().all(|(_, pid)| lives(*pid)));

    world.again();
    for (tenant, pid) in &tenants {
        let live = world.until_live(*tenant, "adopted", |live| live.linked && live.heartbeat.is_some()).await;
        assert_eq!((live.phase, live.pid, live.generation), (Phase::Running, Some(*pid), Some(1)));
        let detail = world.get(*tenant).await;
        assert_eq!((detail.tenant.status, detail.worker.generation), (TenantStatus::Active, 1));
    }
    // Adopted is as good as started: it is asked to stop, and its death is noticed.
    let (stopped, pid) = tenants[0];
    world.handle.stop(stopped).await.unwrap();
    assert!(!lives(pid));
    let (crashed, pid) = tenants[1];
    kill(pid);
    world
        .until(crashed, "restarted", |detail| detail.worker.generation == 2 && detail.worker.pid.is_some())
        .await;
    world.handle.shutdown(false).await;
    assert!(!lives(tenants[2].1));
    assert_eq!(world.get(tenants[2].0).await.worker.desired_state, DesiredState::Run, "what is wanted stays");

    world.again();
    let detail = world
        .until(tenants[2].0, "started again", |detail| {
            detail.worker.generation == 2 && detail.worker.pid.is_some()
        })
        .await;
    assert_eq!(detail.tenant.status, TenantStatus::Active, "no news to its customers");
    world.end().await;
}

#[tokio::test]
async fn what_changed_while_nobody_looked_is_put_right() {
    let mut world = World::new().await;
    let (died, unwanted, stray, lost) =
        (world.tenant().await, world.tenant().await, world.tenant().await, world.tenant().await);
    let mut pids = Vec::new();
    for tenant in [died, unwanted, stray, lost] {
        world.handle.start(tenant).await.unwrap();
        pids.push(world.get(tenant).await.worker.pid.unwrap());
    }
    world.handle.shutdown(true).await;
    kill(pids[0]);
    world.store.tenant(unwanted).set_desired(DesiredState::Stopped).await.unwrap();
    world.store.tenant(stray).begin_generation(true).await.unwrap();
    std::fs::remove_dir_all(world.directory.path().join("run").join(lost.to_string())).unwrap();

    world.again();
    world
        .until(died, "restarted", |detail| detail.worker.generation == 2 && detail.worker.pid.is_some())
        .await;
    world.until(unwanted, "stopped", |detail| detail.worker.pid.is_none()).await;
    assert!(!lives(pids[1]));
    let detail = world
        .until(stray, "replaced", |detail| detail.worker.generation == 3 && detail.worker.pid.is_some())
        .await;
    assert!(
        !lives(pids[2]) && lives(detail.worker.pid.unwrap()),
        "an old generation is ended before a new one starts"
    );
    // Its socket is gone, so that nobody can speak to it: found by its row all the same, and never doubled.
    let live = world.until_live(lost, "found by its row", |live| live.pid == Some(pids[3])).await;
    assert_eq!(live.phase, Phase::Running);
    world.handle.restart(lost).await.unwrap();
    assert!(!lives(pids[3]));
    world.end().await;
}

#[tokio::test]
async fn a_worker_of_a_tenant_that_is_gone_is_ended() {
    let mut world = World::new().await;
    let tenant = world.tenant().await;
    world.handle.start(tenant).await.unwrap();
    let pid = world.get(tenant).await.worker.pid.unwrap();
    world.handle.shutdown(true).await;
    world.store.tenant(tenant).delete("admin").await.unwrap();
    world.again();
    // The next request for it, whatever it is, is answered after the look around.
    let _no_tenant = world.handle.stop(tenant).await;
    assert!(!lives(pid));
    world.end().await;
}

#[tokio::test]
async fn a_hung_worker_is_adopted_too_and_then_mended() {
    let mut options = crate::common::impatient();
    options.stale_after = std::time::Duration::from_millis(300);
    let mut world = World::with(options).await;
    let tenant = world.tenant_that("hang\nignore-term").await;
    world.handle.start(tenant).await.unwrap();
    let pid = world.get(tenant).await.worker.pid.unwrap();
    world.handle.shutdown(true).await;
    world.behave(tenant, "");
    world.again();
    let detail = world
        .until(tenant, "replaced", |detail| detail.worker.generation >= 2 && detail.worker.pid.is_some())
        .await;
    assert!(!lives(pid) && detail.worker.pid != Some(pid));
    world.end().await;
}

#[tokio::test]
async fn a_worker_that_nobody_reads_goes_on_and_is_read_again() {
    let mut world = World::new().await;
    let pipes = world.directory.path().join("step").display().to_string();
    for step in 1..=4 {
        let mode = Mode::RUSR | Mode::WUSR;
        rustix::fs::mknodat(CWD, format!("{pipes}{step}"), FileType::Fifo, mode, 0).unwrap();
    }
    let tenant = world.tenant_that(&format!("talks-alone {pipes}")).await;
    world.handle.start(tenant).await.unwrap();
    world.until_live(tenant, "linked", |live| live.linked).await;
    let pid = world.get(tenant).await.worker.pid.unwrap();
    world.handle.shutdown(true).await;
    // Each is opened once the worker has come to where it waits for it.
    let step = |number: u32| {
        let pipe = format!("{pipes}{number}");
        tokio::task::spawn_blocking(move || std::fs::write(pipe, "").unwrap())
    };
    step(1).await.unwrap();
    step(2).await.unwrap();
    let left_out = std::fs::read_to_string(world.cell(tenant).join("left-out")).unwrap();
    // A host goes on reading, as fast as it can.
    assert!(hosted() || left_out != "0", "it said more than a pipe holds, and was not held up");
    world.again();
    world.until_live(tenant, "adopted", |live| live.linked).await;
    assert_eq!(world.get(tenant).await.worker.pid, Some(pid));
    step(3).await.unwrap();
    step(4).await.unwrap();
    // Its end is the event after which all that it said stands in its log.
    world.handle.stop(tenant).await.unwrap();
    let log = world.log(tenant);
    assert!(log.contains("\nalone 0"), "{}", &log[..200]);
    assert!(log.contains("\nand goes on\n"), "{}", &log[log.len() - 200..]);
    world.end().await;
}
