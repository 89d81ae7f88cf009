//! R3 for the control plane's database, on SQLite: the Nth call of the disk fails, once or until it is mended, for N = 1, 2,
//! 3 … until a run of what a control plane does passes without a hit. What was answered is there, what failed has left
//! nothing, readiness says so, and afterwards everything goes on.

use std::sync::Arc;

use domain::{DesiredState, JournalId, TenantEvent, TenantId};
use faults::{Failure, Planned, Rule};
use tempfile::TempDir;
use tokio::task::JoinSet;

use super::support::{clock, journal_row, record_row, salon};
use crate::{EventDetails, LeaseError, NewLog, NewRecord, Store, StoreError, Target, db::Access};

/// How many runs go on at once.
const AT_ONCE: usize = 8;
/// Log rows and records that a worker hands in, one batch after the other.
const ROWS: u64 = 4;

fn in_memory() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

struct Try {
    folder: TempDir,
    target: Target,
    planned: Planned,
    lasting: bool,
    /// Whether there is a lease: readiness is asked of whoever has it.
    serves: bool,
    /// What the worker goes on handing in until it is acknowledged.
    rows: Vec<NewLog>,
    records: Vec<NewRecord>,
}

impl Try {
    /// A run whose `nth` call fails; whether there was one.
    async fn run(template: &TempDir, failure: Failure, nth: u32, lasting: bool) -> bool {
        let folder = in_memory();
        for entry in std::fs::read_dir(template.path()).unwrap() {
            let path = entry.unwrap().path();
            std::fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
        }
        let file = folder.path().join("flowhq.db");
        let rule = Rule { file: file.to_string_lossy().into_owned(), failure, nth, lasting };
        let mut it = Self {
            folder,
            target: Target::Sqlite(file),
            planned: faults::plan(rule),
            lasting,
            serves: false,
            rows: (1..=ROWS).map(journal_row).collect(),
            records: (1..=ROWS).map(record_row).collect(),
        };
        it.days_work(nth).await;
        it.planned.failed() > 0
    }

    async fn days_work(&mut self, nth: u32) {
        let store = self.opened().await;
        let operator = store.operator();
        let mut lease = None;
        while lease.is_none() {
            lease = match store.lease("a test").await {
                Err(LeaseError::Store(error)) => self.done(&store, nth, Err(error)).await,
                other => Some(other.unwrap_or_else(|error| panic!("call {nth}: {error}"))),
            };
        }
        let journal = JournalId::generate();
        self.serves = true;
        let mut made: Option<TenantId> = None;
        // A creation that failed may be asked for again, and there is one of it.
        while made.is_none() {
            made = self
                .done(&store, nth, operator.create_tenant(&salon("Amina")).await)
                .await
                .map(|it| it.tenant.id);
        }
        let tenant = made.unwrap();
        let scope = store.tenant(tenant);
        while self.done(&store, nth, scope.set_desired(DesiredState::Run).await).await.is_none() {}
        let mut generation = None;
        while generation.is_none() {
            generation = self.done(&store, nth, scope.begin_generation(false).await).await;
        }
        assert!(generation.is_some_and(|generation| (1..=2).contains(&generation)), "{generation:?}");
        for (row, record) in self.rows.clone().iter().zip(self.records.clone()) {
            let (logs, records) = (std::slice::from_ref(row), std::slice::from_ref(&record));
            while self.done(&store, nth, scope.append_logs(journal, logs).await).await.is_none() {}
            while self.done(&store, nth, scope.append_records(journal, records).await).await.is_none() {}
        }
        loop {
            match scope.apply_event(TenantEvent::WorkerStarted, EventDetails::default()).await {
                // One that failed is told again; where it has come about after all, it is refused as known.
                Err(StoreError::Refused(_)) => break,
                other => {
                    if self.done(&store, nth, other).await.is_some() {
                        break;
                    }
                }
            }
        }
        while self.done(&store, nth, scope.acknowledged(journal).await).await.is_none() {}
        while self.done(&store, nth, store.ping().await).await.is_none() {}
        store.close().await;
        self.planned.lift();
        self.look(tenant, journal, nth).await;
    }

    /// The database, opened. A start may fail, says why, and the next one is none the worse for it.
    async fn opened(&self) -> Store {
        loop {
            match Store::open(&self.target, clock()).await {
                Ok(store) => return store,
                Err(error) => {
                    assert!(self.planned.failed() > 0, "{error}");
                    assert!(!error.to_string().is_empty());
                    if self.lasting && self.planned.failed() < 2 {
                        continue;
                    }
                    self.planned.lift();
                }
            }
        }
    }

    /// What a call has come to. Where it failed: only because the disk did, for a reason that passes; readiness knows of it
    /// where something was to be written; and then the disk is mended.
    async fn done<T>(&self, store: &Store, nth: u32, result: Result<T, StoreError>) -> Option<T> {
        let error = match result {
            Ok(value) => return Some(value),
            Err(error) => error,
        };
        assert!(self.planned.failed() > 0, "call {nth}: {error}");
        assert!(matches!(error, StoreError::Unavailable(_)), "call {nth}: it is waited for: {error:?}");
        if self.lasting && self.serves && error.refuses_writes() {
            let told = store.ping().await;
            assert!(told.is_err(), "call {nth}: not ready while the disk fails: {error}");
        }
        self.planned.lift();
        None
    }

    /// What is there afterwards.
    async fn look(&self, tenant: TenantId, journal: JournalId, nth: u32) {
        let store = Store::open(&self.target, clock()).await.unwrap();
        let scope = store.tenant(tenant);
        assert_eq!(scope.acknowledged(journal).await.unwrap(), ROWS);
        assert_eq!(scope.acknowledged_records(journal).await.unwrap(), ROWS);
        let mut tx = store.begin(Access { tenant: None, write: false }).await.unwrap();
        for (table, wanted) in
            [("tenants", 1), ("message_logs", ROWS), ("records", ROWS), ("worker_processes", 1)]
        {
            let rows =
                super::support::raw(&mut tx, &format!("SELECT COUNT(*) AS n FROM {table}")).await.unwrap();
            assert!(rows[0].contains(&wanted.to_string()), "call {nth}: {table}: {rows:?}, not {wanted}");
        }
        let verdict = super::support::raw(&mut tx, "PRAGMA integrity_check").await.unwrap();
        assert!(verdict[0].contains("ok"), "call {nth}: {verdict:?}");
        drop(tx);
        store.close().await;
        assert!(self.folder.path().exists());
    }
}

/// Every call in turn, from a database that is up to date, several runs at once; how many had a hit.
async fn every(failure: Failure, lasting: bool) -> u32 {
    faults::install().unwrap();
    let template = Arc::new(in_memory());
    let target = Target::Sqlite(template.path().join("flowhq.db"));
    Store::open(&target, clock()).await.unwrap().close().await;
    let (mut next, mut through, mut running) = (1, None::<u32>, JoinSet::new());
    loop {
        while through.is_none() && running.len() < AT_ONCE {
            let (nth, template) = (next, Arc::clone(&template));
            next += 1;
            running.spawn(async move { (nth, Box::pin(Try::run(&template, failure, nth, lasting)).await) });
        }
        let Some(done) = running.join_next().await else { return through.unwrap_or(next) - 1 };
        let (nth, hit) = done.unwrap_or_else(|error| panic!("{failure:?}, lasting: {lasting}: {error}"));
        if !hit {
            through = Some(through.unwrap_or(nth).min(nth));
        }
    }
}

#[tokio::test]
async fn each_call_of_the_disk_fails_once_and_nothing_is_lost() {
    let hits = every(Failure::Io, false).await;
    assert!(hits > 50, "{hits} calls: the failures do not reach the database");
}

#[tokio::test]
async fn from_each_call_on_the_disk_fails_until_it_is_mended() {
    assert!(every(Failure::Io, true).await > 50);
}

#[tokio::test]
async fn from_each_write_on_the_disk_is_full_until_there_is_room() {
    assert!(every(Failure::Full, true).await > 30);
    assert!(every(Failure::Full, false).await > 30);
}

#[tokio::test]
async fn a_sync_or_an_open_that_fails_harms_nothing() {
    for lasting in [false, true] {
        assert!(every(Failure::Sync, lasting).await > 10);
        assert!(every(Failure::Files, lasting).await > 0);
    }
}
