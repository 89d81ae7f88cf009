//! A supervisor with a real store in a directory of its own, and fake workers that are real processes.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use domain::{Clock, Language, Limits, PackId, SystemClock, TenantId, TenantStatus, Timestamp};
use store::{NewTenant, Store, Target, TenantDetail};
use supervisor::{Change, Handle, LocalOptions, LocalProcesses, Options, RestartTimes, load_or_create_key};
use tempfile::TempDir;
use tokio::sync::broadcast;

/// How long any one thing may take before the test fails. Nothing waits for it to pass.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct World {
    pub(crate) directory: Arc<TempDir>,
    pub(crate) store: Store,
    pub(crate) handle: Handle,
    pub(crate) options: Options,
    pub(crate) clock: Arc<Moved>,
    changes: broadcast::Receiver<Change>,
}

/// The machine's clock, which somebody sets.
#[derive(Default)]
pub(crate) struct Moved(AtomicI64);

impl Moved {
    /// By so many hours ahead of the time, or behind it.
    pub(crate) fn by_hours(&self, hours: i64) {
        self.0.store(hours, Ordering::SeqCst);
    }
}

impl Clock for Moved {
    fn now(&self) -> Timestamp {
        SystemClock.now() + jiff::SignedDuration::from_hours(self.0.load(Ordering::SeqCst))
    }
}

pub(crate) fn options() -> Options {
    let limits = Limits {
        contact_per_minute: 10,
        tenant_per_minute: 60,
        chat_queue: 20,
        heartbeat_interval_ms: 50,
        quiet_ms: 0,
        clock_ahead_ms: 0,
        neighbours: 0,
        disk_short: false,
    };
    Options {
        stop_grace: Duration::from_secs(10),
        term_grace: Duration::from_secs(10),
        ready_time: Duration::from_secs(20),
        stale_after: Duration::from_secs(20),
        check_every: Duration::from_millis(50),
        heartbeat_store_interval: Duration::from_millis(200),
        restarts: RestartTimes {
            first_wait: Duration::from_millis(10),
            longest_wait: Duration::from_millis(40),
            ..RestartTimes::default()
        },
        ..Options::new(limits)
    }
}

/// As [`options`], for workers that will not go.
pub(crate) fn impatient() -> Options {
    Options { stop_grace: Duration::from_millis(300), term_grace: Duration::from_millis(300), ..options() }
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(options()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let directory = Arc::new(tempfile::tempdir().unwrap());
        let target = Target::Sqlite(directory.path().join("flowhq.db"));
        let clock = Arc::new(Moved::default());
        let store = Store::open(&target, clock.clone()).await.unwrap();
        let handle = supervise(&directory, &store, &options, clock.clone());
        let changes = handle.changes();
        Self { directory, store, handle, options, clock, changes }
    }

    /// Another control plane on the same data, after the last one has gone.
    pub(crate) fn again(&mut self) {
        self.handle = supervise(&self.directory, &self.store, &self.options, self.clock.clone());
        self.changes = self.handle.changes();
    }

    pub(crate) async fn tenant(&self) -> TenantId {
        self.tenant_that("").await
    }

    /// A tenant whose worker behaves as told, see the fake worker.
    pub(crate) async fn tenant_that(&self, behaviour: &str) -> TenantId {
        let new = NewTenant {
            name: "Saluni ya Asha".to_owned(),
            phone: None,
            timezone: "Africa/Dar_es_Salaam".to_owned(),
            currency: "TZS".to_owned(),
            business_name: "Saluni ya Asha".to_owned(),
            template_type: PackId::BOOKING,
            language: Language::Sw,
            hours: None,
            rate_limit_per_minute: None,
            remove_deleted: false,
            profile: None,
        };
        let tenant = self.store.operator().create_tenant(&new).await.unwrap().tenant.id;
        self.behave(tenant, behaviour);
        tenant
    }

    pub(crate) fn behave(&self, tenant: TenantId, behaviour: &str) {
        std::fs::create_dir_all(self.cell(tenant)).unwrap();
        std::fs::write(self.cell(tenant).join("behaviour"), behaviour).unwrap();
    }

    pub(crate) fn cell(&self, tenant: TenantId) -> PathBuf {
        self.directory.path().join("sessions").join(tenant.to_string())
    }

    pub(crate) fn log(&self, tenant: TenantId) -> String {
        let path = self.directory.path().join("logs").join(format!("{tenant}.log"));
        std::fs::read_to_string(path).unwrap_or_default()
    }

    /// Waits until a worker's log has these words; the log. What it says comes through a pipe, later than what it sends.
    pub(crate) async fn until_logged(&self, tenant: TenantId, words: &str) -> String {
        let logged = async {
            loop {
                let log = self.log(tenant);
                if log.contains(words) {
                    return log;
                }
                tokio::task::yield_now().await;
            }
        };
        let logged = tokio::time::timeout(Duration::from_secs(60), logged).await;
        logged.unwrap_or_else(|_| panic!("{words}: {}", self.log(tenant)))
    }

    pub(crate) async fn get(&self, tenant: TenantId) -> TenantDetail {
        self.store.tenant(tenant).get().await.unwrap()
    }

    /// Waits until the rows say what is expected, looking again whenever something has changed.
    pub(crate) async fn until(
        &mut self,
        tenant: TenantId,
        what: &str,
        is: impl Fn(&TenantDetail) -> bool,
    ) -> TenantDetail {
        let waited = tokio::time::timeout(PATIENCE, async {
            loop {
                let detail = self.get(tenant).await;
                if is(&detail) {
                    return detail;
                }
                let _lagged = self.changes.recv().await;
            }
        });
        let Ok(detail) = waited.await else {
            panic!(
                "never {what}: {:#?}\n{:?}\n{}",
                self.get(tenant).await,
                self.handle.live(tenant),
                self.log(tenant)
            );
        };
        detail
    }

    pub(crate) async fn until_status(&mut self, tenant: TenantId, status: TenantStatus) -> TenantDetail {
        self.until(tenant, &status.to_string(), |detail| detail.tenant.status == status).await
    }

    /// Waits until what is known at the moment is as expected.
    pub(crate) async fn until_live(
        &mut self,
        tenant: TenantId,
        what: &str,
        is: impl Fn(&supervisor::Live) -> bool,
    ) -> supervisor::Live {
        let waited = tokio::time::timeout(PATIENCE, async {
            loop {
                if let Some(live) = self.handle.live(tenant).filter(|live| is(live)) {
                    return live;
                }
                let _lagged = self.changes.recv().await;
            }
        });
        let Ok(live) = waited.await else {
            panic!(
                "never {what}: {:?}\n{:#?}\n{}",
                self.handle.live(tenant),
                self.get(tenant).await,
                self.log(tenant)
            );
        };
        live
    }

    pub(crate) async fn until_told(&mut self, tenant: TenantId, problem: &str) {
        let is = |live: &supervisor::Live| live.problem.as_deref().is_some_and(|text| text.contains(problem));
        self.until_live(tenant, problem, is).await;
    }

    /// Ends everything; no process is left.
    pub(crate) async fn end(self) {
        self.handle.shutdown(false).await;
    }
}

/// A test that fails leaves no process behind either.
impl Drop for World {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        for entry in std::fs::read_dir("/proc").unwrap().flatten() {
            let pid = entry.file_name().to_str().and_then(|name| name.parse().ok());
            let here = std::fs::read_link(entry.path().join("cwd"));
            if let (Some(pid), Ok(here)) = (pid, here)
                && here.starts_with(self.directory.path())
            {
                kill(pid);
            }
        }
    }
}

fn supervise(directory: &TempDir, store: &Store, options: &Options, clock: Arc<Moved>) -> Handle {
    let root = directory.path();
    let runtime = LocalProcesses::open(LocalOptions {
        executable: env!("CARGO_BIN_EXE_fake-worker").into(),
        arguments: vec!["worker".to_owned()],
        cells: root.join("sessions"),
        logs: root.join("logs"),
        sockets: root.join("run"),
        log_max_bytes: 1_000_000,
        logs_kept: 2,
        ready_time: options.ready_time,
        users: None,
        forked: forked(),
    });
    let key = load_or_create_key(&root.join("key")).unwrap();
    supervisor::start(options.clone(), store.clone(), Arc::new(runtime.unwrap()), key, clock)
}

/// Whether workers are forked in this binary of tests.
pub(crate) fn forked() -> bool {
    env!("CARGO_CRATE_NAME") == "forked"
}

/// Whether a process of this number lives (a zombie does not).
pub(crate) fn lives(pid: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{pid}/stat"))
        .is_ok_and(|stat| !stat.rsplit(')').next().unwrap_or_default().trim_start().starts_with('Z'))
}

pub(crate) fn kill(pid: u32) {
    let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    // It may have ended by itself.
    let _gone = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
}
