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
use supervisor::{
    Change, Handle, LocalOptions, LocalProcesses, Options, RestartTimes, Runtime, load_or_create_key,
};
use tempfile::TempDir;
use tokio::sync::broadcast;
use tokio_util::{
    sync::CancellationToken,
    task::{AbortOnDropHandle, TaskTracker},
};

/// How long any one thing may take before the test fails. Nothing waits for it to pass.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct World {
    pub(crate) directory: Arc<TempDir>,
    pub(crate) store: Store,
    pub(crate) handle: Handle,
    pub(crate) options: Options,
    pub(crate) clock: Arc<Moved>,
    changes: broadcast::Receiver<Change>,
    host: Option<Host>,
}

/// The host on which workers run, where they run on one.
struct Host {
    stop: CancellationToken,
    served: AbortOnDropHandle<()>,
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
            longest_wait_for_disk: Duration::from_millis(40),
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
        let (handle, host) = supervise(&directory, &store, &options, clock.clone(), None);
        let changes = handle.changes();
        Self { directory, store, handle, options, clock, changes, host }
    }

    /// Another control plane on the same data, after the last one has gone.
    pub(crate) fn again(&mut self) {
        let before = self.host.take();
        (self.handle, self.host) =
            supervise(&self.directory, &self.store, &self.options, self.clock.clone(), before);
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

fn supervise(
    directory: &TempDir,
    store: &Store,
    options: &Options,
    clock: Arc<Moved>,
    before: Option<Host>,
) -> (Handle, Option<Host>) {
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
        throttle: None,
    });
    let local: Arc<dyn Runtime> = Arc::new(runtime.unwrap());
    let (runtime, host) = match hosted() {
        true => {
            let (runtime, host) = over_loopback(local, root.to_owned(), before);
            (runtime, Some(host))
        }
        false => (local, None),
    };
    let key = load_or_create_key(&root.join("key")).unwrap();
    (supervisor::start(options.clone(), store.clone(), runtime, key, clock), host)
}

/// A host that has these workers, once the one before it has ended, and the runtime that talks with it.
fn over_loopback(local: Arc<dyn Runtime>, root: PathBuf, before: Option<Host>) -> (Arc<dyn Runtime>, Host) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let key = host::HostKey::derive(&[7; 32], "host-0");
    let address = listener.local_addr().unwrap().to_string();
    let runtime = host::HostRuntime::new("host-0", &address, key.clone()).unwrap();
    let stop = CancellationToken::new();
    let stopped = stop.clone();
    let served = async move {
        if let Some(Host { stop, served }) = before {
            stop.cancel();
            served.await.unwrap();
        }
        let options = host::Options {
            version: "test".to_owned(),
            capacity: 100,
            bounds: None,
            folder: root.clone(),
            place: Arc::new(host::Place::default),
        };
        let volume = host::Volume::take(&root, "host-0", &key).unwrap();
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        host::serve(listener, local, volume, key, options, stopped).await.unwrap();
    };
    let served = AbortOnDropHandle::new(TaskTracker::new().spawn(served));
    (Arc::new(runtime.with_folder(std::env::temp_dir())), Host { stop, served })
}

/// Whether workers run on a host in this binary of tests.
pub(crate) fn hosted() -> bool {
    env!("CARGO_CRATE_NAME") == "hosted"
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
