//! Changes of several tenants that wait for SQLite's one writer.

use std::time::Duration;

use domain::{JournalId, SessionState, TenantEvent, TenantId, WorkerStatus};
use faults::{Failure, Rule};
use futures_util::future::join_all;

use super::support::{World, journal_row};
use crate::{
    EventDetails, NewLog, StoreError, Target, Versions, WorkerFigures,
    db::{Access, Tx},
    together::Change,
};

/// What nobody attends to is waited for in vain.
const LIMIT: Duration = Duration::from_secs(60);

fn rows(sequences: std::ops::RangeInclusive<u64>) -> Vec<NewLog> {
    sequences.map(journal_row).collect()
}

/// All of these at once, while somebody else has the writer.
async fn append(world: &World, batches: &[(TenantId, Vec<NewLog>)]) -> Vec<Result<u64, StoreError>> {
    let writer = world.store.begin(Access { tenant: None, write: true }).await.unwrap();
    let scopes: Vec<_> = batches.iter().map(|(tenant, _)| world.store.tenant(*tenant)).collect();
    let all =
        scopes.iter().zip(batches).map(|(scope, (_, rows))| scope.append_logs(JournalId::generate(), rows));
    // Each is asked for before the writer is free.
    tokio::join!(join_all(all), async { drop(writer) }).0
}

async fn lines(world: &World, tenant: TenantId) -> usize {
    world.store.tenant(tenant).logs_after(0, 500).await.unwrap().len()
}

#[tokio::test]
async fn what_waits_for_the_writer_is_synced_together() {
    faults::install().unwrap();
    let world = World::sqlite().await;
    let Target::Sqlite(path) = &world.target else { unreachable!("it is SQLite") };
    let mut batches = Vec::new();
    for n in 0..20 {
        batches.push((world.tenant(&format!("Tenant {n}")).await, rows(1..=3)));
    }
    let file = path.to_string_lossy().into_owned();
    // A commit is one sync, and the log of SQLite has one of its own where it begins anew.
    let planned = faults::plan(Rule { file, failure: Failure::Sync, nth: 4, lasting: true });
    for appended in append(&world, &batches).await {
        assert_eq!(appended.unwrap(), 3);
    }
    assert_eq!(planned.failed(), 0, "there were more than three syncs");
    for (tenant, _) in batches {
        assert_eq!(lines(&world, tenant).await, 3);
    }
}

/// Makes all of these wait for the writer, and lets no more than so many syncs succeed.
async fn within_syncs<T>(
    world: &World,
    syncs: u32,
    all: impl Iterator<Item = impl Future<Output = T>>,
) -> Vec<T> {
    let Target::Sqlite(path) = &world.target else { unreachable!("it is SQLite") };
    let file = path.to_string_lossy().into_owned();
    let writer = world.store.begin(Access { tenant: None, write: true }).await.unwrap();
    let planned = faults::plan(Rule { file, failure: Failure::Sync, nth: syncs + 1, lasting: true });
    let (done, ()) = tokio::join!(join_all(all), async { drop(writer) });
    assert_eq!(planned.failed(), 0, "there were more than {syncs} syncs");
    done
}

#[tokio::test]
async fn workers_that_start_and_beat_at_once_are_written_together() {
    faults::install().unwrap();
    let world = World::sqlite().await;
    let mut scopes = Vec::new();
    for n in 0..20 {
        scopes.push(world.store.tenant(world.tenant(&format!("Tenant {n}")).await));
    }
    let operator = world.store.operator();
    operator.know_host("h1", "10.0.0.1:7443").await.unwrap();
    for place in within_syncs(&world, 3, scopes.iter().map(|scope| operator.settle(scope.id(), "h1"))).await {
        assert_eq!(place.unwrap().host.as_deref(), Some("h1"));
    }
    for begun in within_syncs(&world, 3, scopes.iter().map(|scope| scope.begin_generation(false))).await {
        assert_eq!(begun.unwrap(), 1);
    }
    let details = || EventDetails { generation: Some(1), ..EventDetails::default() };
    let events = scopes.iter().map(|scope| scope.apply_event(TenantEvent::WorkerStarted, details()));
    for applied in within_syncs(&world, 3, events).await {
        assert_eq!(applied.unwrap().worker, WorkerStatus::Running);
    }
    for started in within_syncs(&world, 3, scopes.iter().map(|scope| scope.record_started(1, 7))).await {
        started.unwrap();
    }
    let figures = WorkerFigures {
        generation: 1,
        session: SessionState::Disconnected,
        memory_bytes: None,
        cpu_ms: 0,
        queued: 0,
        unsent: 0,
        unlogged: 0,
        last_message_at: None,
        unreadable: 0,
        clock_behind_ms: None,
        hand_offs: 0,
    };
    for beaten in within_syncs(&world, 3, scopes.iter().map(|scope| scope.heartbeat(&figures))).await {
        assert_eq!(beaten.unwrap(), Versions { settings: 1, profile: 1 });
    }
    for scope in scopes {
        let worker = scope.get().await.unwrap().worker;
        assert_eq!((worker.generation, worker.pid, worker.last_heartbeat_at.is_some()), (1, Some(7), true));
    }
}

#[tokio::test]
async fn what_fails_fails_alone() {
    let world = World::sqlite().await;
    let poison = world.poison().await;
    let [first, second, gap, poisoned] =
        [world.tenant("A").await, world.tenant("B").await, world.tenant("C").await, world.tenant("D").await];
    let mut mixed = rows(1..=5);
    mixed[2].contact = poison;
    let batches = [
        (first, rows(1..=2)),
        (gap, rows(5..=6)),
        (TenantId::generate(), rows(1..=2)),
        (poisoned, mixed),
        (second, rows(1..=40)),
    ];
    let appended = append(&world, &batches).await;
    let [one, two, three, four, five] = &appended[..] else { unreachable!("there are five") };
    assert!(matches!((one, five), (Ok(2), Ok(40))), "{appended:?}");
    assert!(matches!(two, Err(StoreError::LogGap { acknowledged: 0, first: 5 })), "{appended:?}");
    assert!(matches!(three, Err(StoreError::NotFound("tenant"))), "{appended:?}");
    assert!(matches!(four, Ok(5)), "{appended:?}");
    for (tenant, count) in [(first, 2), (second, 40), (gap, 0), (poisoned, 4)] {
        assert_eq!(lines(&world, tenant).await, count);
    }
}

#[tokio::test]
async fn a_failing_disk_fails_all_of_them_and_they_go_on_when_it_is_mended() {
    faults::install().unwrap();
    let world = World::sqlite().await;
    let Target::Sqlite(path) = &world.target else { unreachable!("it is SQLite") };
    let batches = [(world.tenant("A").await, rows(1..=2)), (world.tenant("B").await, rows(1..=2))];
    let file = path.to_string_lossy().into_owned();
    let planned = faults::plan(Rule { file, failure: Failure::Sync, nth: 1, lasting: true });
    for appended in append(&world, &batches).await {
        assert!(matches!(appended, Err(StoreError::Unavailable(_))), "{appended:?}");
    }
    drop(planned);
    for appended in append(&world, &batches).await {
        assert_eq!(appended.unwrap(), 2);
    }
    for (tenant, _) in batches {
        assert_eq!(lines(&world, tenant).await, 2);
    }
}

/// A fault of this program.
struct Panics(TenantId);

impl Change for Panics {
    type Done = ();

    fn tenant(&self) -> TenantId {
        self.0
    }

    async fn carry_out(&self, _tx: &mut Tx) -> Result<(), StoreError> {
        panic!("on purpose")
    }
}

#[tokio::test]
async fn a_fault_of_ours_is_an_error_for_whoever_waits_and_those_after_it_are_attended_to() {
    let world = World::sqlite().await;
    let tenant = world.tenant("A").await;
    let error = world.store.together(Panics(tenant)).await.unwrap_err();
    assert!(matches!(error, StoreError::Unavailable(_)), "{error:?}");
    let (scope, next) = (world.store.tenant(tenant), rows(1..=2));
    let appended = tokio::time::timeout(LIMIT, scope.append_logs(JournalId::generate(), &next)).await;
    assert_eq!(appended.expect("nobody attends to it").unwrap(), 2);
}
