//! What `just assure` runs for long, for seconds: every commit holds the same marks.

use std::time::Duration;

use tests::assure::{Terms, costs, database, disk, generations, neighbours, restore, returning, together};

fn terms(seconds: u64) -> Terms {
    Terms { time: Duration::from_secs(seconds), seed: 1 }
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_of_the_disk_that_fail_in_real_processes_lose_and_double_nothing() {
    let found = Box::pin(disk::run(terms(30))).await;
    assert_eq!(found.missed(), Vec::<String>::new(), "{found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newer_generation_is_never_admitted_beside_an_older_one_that_lives() {
    let found = generations::tries(500, 1).await;
    assert_eq!(found.wrong, Vec::<String>::new());
    // How often each comes about is the machine's business.
    assert!(found.refused > 0 && found.admitted > 0 && found.stale_refused > 0, "{found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn beside_a_tenant_gone_mad_the_others_lose_nothing_and_are_never_restarted() {
    let driver = std::path::Path::new(env!("CARGO_BIN_EXE_assure-driver"));
    let found = Box::pin(neighbours::run(5, 500, driver, terms(25))).await;
    assert_eq!(found.missed(None), Vec::<String>::new(), "{found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn while_postgresql_is_ended_again_and_again_nothing_is_lost_and_nothing_grows() {
    let Some(found) = Box::pin(database::soak(terms(40))).await else { return };
    assert_eq!(found.missed(), Vec::<String>::new(), "{found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_at_once_loses_and_doubles_nothing() {
    let driver = std::path::Path::new(env!("CARGO_BIN_EXE_assure-driver"));
    let Some(found) = Box::pin(together::run(500, driver, terms(30))).await else { return };
    assert_eq!(found.missed(), Vec::<String>::new(), "{found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_is_put_back_and_no_old_session_is_started() {
    let found = Box::pin(restore::run(1, 1)).await;
    assert_eq!(found.missed(), Vec::<String>::new(), "{found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_workers_come_back_when_whatsapp_does() {
    let found = Box::pin(returning::run(4, Duration::from_secs(1), 1)).await;
    assert_eq!(found.missed(), Vec::<String>::new(), "{found:?}");
    assert!(found.first_ms <= found.median_ms && found.median_ms <= found.all_ms, "{found:?}");
}

/// What they cost is the machine's business.
#[tokio::test(flavor = "multi_thread")]
async fn what_confinement_and_sealing_cost_is_measured_of_each() {
    let found = costs::run(2).await;
    for cost in [found.without, found.confined, found.sealed, found.both] {
        assert!(cost.start_ms > 0.0 && cost.memory_mb > 0.0, "{found:?}");
    }
}
