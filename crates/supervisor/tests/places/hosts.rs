//! Tenants on several hosts: each is a runtime of its own, with folders of its own, that can be cut off and turned into another
//! start or another host. The workers are real processes.

use std::{
    fs::File,
    io,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use domain::{Clock, HostOrder, HostState, PlaceStep, TenantId, TenantStatus};
use link::Generation;
use store::{EventFilter, PageRequest, Store, StoreError, Target, TenantDetail};
use supervisor::{
    CellMark, CellState, Error, Handle, Host, HostAbout, HostCare, LocalOptions, LocalProcesses, NamedHost,
    Options, Order, Places, Process, Runtime, StartError, Stream, WorkerId, load_or_create_key,
};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use vault::Resealer;

use crate::common::{self, Moved, PATIENCE, lives};

/// Hosts are asked often enough for a test.
const CARE: HostCare = HostCare {
    ask_every: Duration::from_millis(50),
    answer_within: Duration::from_secs(5),
    away_after: Duration::from_millis(200),
};

/// What is free on a disk on which there is room.
const PLENTY: u64 = 1_000_000_000;

/// A host that is played by this process.
struct Played {
    name: String,
    local: LocalProcesses,
    cut: AtomicBool,
    /// Its disk takes nothing more.
    full: AtomicBool,
    disk_free: AtomicU64,
    incarnation: AtomicI64,
    capacity: u64,
}

impl Played {
    fn there(&self) -> io::Result<&LocalProcesses> {
        if self.cut.load(Ordering::SeqCst) {
            return Err(io::Error::new(io::ErrorKind::NotConnected, "the cable is cut"));
        }
        Ok(&self.local)
    }
}

#[async_trait]
impl Runtime for Played {
    async fn start(&self, order: Order) -> Result<Arc<dyn Process>, StartError> {
        self.there().map_err(StartError::Away)?.start(order).await
    }

    async fn find(
        &self,
        tenant: TenantId,
        hint: Option<(Generation, u32)>,
    ) -> io::Result<Vec<Arc<dyn Process>>> {
        self.there()?.find(tenant, hint).await
    }

    async fn list(&self) -> io::Result<Vec<TenantId>> {
        self.there()?.list().await
    }

    async fn dial(&self, process: &Arc<dyn Process>) -> io::Result<Box<dyn Stream>> {
        self.there()?.dial(process).await
    }

    async fn forget(&self, id: WorkerId) {
        self.local.forget(id).await;
    }

    async fn cell_at_rest(
        &self,
        tenant: TenantId,
        resealer: Option<Arc<Resealer>>,
    ) -> io::Result<Vec<(String, File)>> {
        self.there()?.cell_at_rest(tenant, resealer).await
    }

    async fn lay_cell(
        &self,
        tenant: TenantId,
        resealer: Option<Arc<Resealer>>,
        files: Vec<(String, File)>,
    ) -> io::Result<()> {
        if self.full.load(Ordering::SeqCst) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.there()?.lay_cell(tenant, resealer, files).await
    }

    async fn mark_cell(&self, tenant: TenantId, mark: CellMark) -> io::Result<()> {
        self.there()?.mark_cell(tenant, mark).await
    }

    async fn purge(&self, tenant: TenantId) -> io::Result<()> {
        self.there()?.purge(tenant).await
    }
}

#[async_trait]
impl Host for Played {
    async fn about(&self) -> io::Result<HostAbout> {
        self.there()?;
        Ok(HostAbout {
            version: "1.0".to_owned(),
            name: self.name.clone(),
            incarnation: self.incarnation.load(Ordering::SeqCst),
            capacity: self.capacity,
            running: 0,
            disk_free: Some(self.disk_free.load(Ordering::SeqCst)),
            protections: Vec::new(),
        })
    }
}

/// A control plane with hosts.
struct Scene {
    directory: TempDir,
    store: Store,
    hosts: Vec<Arc<Played>>,
    places: Arc<Places>,
    handle: Handle,
    stop: CancellationToken,
}

fn processes(root: &std::path::Path) -> LocalProcesses {
    let options = LocalOptions {
        executable: env!("CARGO_BIN_EXE_fake-worker").into(),
        arguments: vec!["worker".to_owned()],
        cells: root.join("sessions"),
        logs: root.join("logs"),
        sockets: root.join("run"),
        log_max_bytes: 1_000_000,
        logs_kept: 2,
        ready_time: Duration::from_secs(20),
        users: None,
        forked: common::forked(),
        throttle: None,
    };
    std::fs::create_dir_all(root).unwrap();
    LocalProcesses::open(options).unwrap()
}

/// A tenant whose bot runs, where that is, and the other host.
struct Begun {
    tenant: TenantId,
    pid: u32,
    from: String,
    to: &'static str,
}

impl Scene {
    async fn new(hosts: usize) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let target = Target::Sqlite(directory.path().join("flowhq.db"));
        let store = Store::open(&target, Arc::new(Moved::default())).await.unwrap();
        let played = (1..=hosts).map(|number| {
            let name = format!("host-{number}");
            let local = processes(&directory.path().join(&name));
            Arc::new(Played {
                name,
                local,
                cut: AtomicBool::new(false),
                full: AtomicBool::new(false),
                disk_free: AtomicU64::new(PLENTY),
                incarnation: AtomicI64::new(1),
                capacity: 10,
            })
        });
        let hosts: Vec<_> = played.collect();
        let (places, handle, stop) = Self::plane(&directory, &store, &hosts).await;
        Self { directory, store, hosts, places, handle, stop }
    }

    async fn plane(
        directory: &TempDir,
        store: &Store,
        hosts: &[Arc<Played>],
    ) -> (Arc<Places>, Handle, CancellationToken) {
        let named = hosts.iter().map(|host| NamedHost {
            name: host.name.clone(),
            address: format!("{}:7443", host.name),
            runtime: Arc::<Played>::clone(host),
        });
        let clock: Arc<dyn Clock> = Arc::new(Moved::default());
        let here = Arc::new(processes(&directory.path().join("here")));
        let places =
            Places::open(here, named.collect(), store.clone(), Arc::clone(&clock), CARE).await.unwrap();
        let (places, stop) = (Arc::new(places), CancellationToken::new());
        #[allow(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]
        tokio::spawn(Arc::clone(&places).watch(stop.clone()));
        let key = load_or_create_key(&directory.path().join("key")).unwrap();
        let options = Options { check_every: Duration::from_millis(50), ..common::options() };
        let handle = supervisor::start(options, store.clone(), Arc::<Places>::clone(&places), key, clock);
        (places, handle, stop)
    }

    /// Another control plane on the same data, after this one has gone and left the workers.
    async fn again(&mut self) {
        self.handle.shutdown(true).await;
        self.stop.cancel();
        (self.places, self.handle, self.stop) = Self::plane(&self.directory, &self.store, &self.hosts).await;
    }

    /// A tenant whose bot runs on one of two hosts.
    async fn begun(&self) -> Begun {
        let tenant = self.tenant().await;
        self.handle.start(tenant).await.unwrap();
        let pid = self.until_linked(tenant).await;
        let from = self.host_of(tenant).await.unwrap();
        let to = if from == "host-1" { "host-2" } else { "host-1" };
        Begun { tenant, pid, from, to }
    }

    /// So many tenants whose bots run on the first host, as if the others had come later.
    async fn all_on_the_first(&self, tenants: usize) -> Vec<TenantId> {
        let others = || self.hosts.iter().skip(1);
        for host in others() {
            self.handle.order_host(&host.name, HostOrder::Draining).await.unwrap();
        }
        let mut begun = Vec::new();
        for _ in 0..tenants {
            let tenant = self.tenant().await;
            self.handle.start(tenant).await.unwrap();
            self.until_linked(tenant).await;
            begun.push(tenant);
        }
        for host in others() {
            self.handle.order_host(&host.name, HostOrder::Ready).await.unwrap();
        }
        begun
    }

    /// How many moves from one host to another were begun.
    async fn moved(&self) -> usize {
        let filter =
            EventFilter { event_type: Some("TENANT_MOVE_BEGUN".to_owned()), ..EventFilter::default() };
        let page = PageRequest { limit: 100, before: None };
        self.store.operator().list_events(&filter, page).await.unwrap().items.len()
    }

    async fn tenant(&self) -> TenantId {
        let new = super::salon();
        self.store.operator().create_tenant(&new).await.unwrap().tenant.id
    }

    async fn host_of(&self, tenant: TenantId) -> Option<String> {
        self.store.operator().place(tenant).await.unwrap().host
    }

    fn host(&self, name: &str) -> &Played {
        self.hosts.iter().find(|host| host.name == name).unwrap()
    }

    fn cell(&self, place: &str, tenant: TenantId) -> PathBuf {
        self.directory.path().join(place).join("sessions").join(tenant.to_string())
    }

    async fn detail(&self, tenant: TenantId) -> TenantDetail {
        self.store.tenant(tenant).get().await.unwrap()
    }

    /// Waits until it is so.
    async fn until<T>(&self, what: &str, mut is: impl AsyncFnMut() -> Option<T>) -> T {
        let waited = tokio::time::timeout(PATIENCE, async {
            loop {
                if let Some(found) = is().await {
                    return found;
                }
                tokio::task::yield_now().await;
            }
        });
        waited.await.unwrap_or_else(|_| panic!("never {what}"))
    }

    async fn until_state(&self, host: &str, state: HostState) {
        self.until(&state.to_string(), async || {
            (self.store.operator().host(host).await.unwrap().state() == state).then_some(())
        })
        .await;
    }

    async fn until_linked(&self, tenant: TenantId) -> u32 {
        self.until("linked", async || {
            self.handle.live(tenant).filter(|live| live.linked).and_then(|live| live.pid)
        })
        .await
    }

    async fn end(self) {
        self.handle.shutdown(false).await;
        self.stop.cancel();
    }
}

#[tokio::test]
async fn new_tenants_go_where_most_room_is_and_stay_there() {
    let mut scene = Scene::new(3).await;
    let mut tenants = Vec::new();
    for _ in 0..6 {
        let tenant = scene.tenant().await;
        assert_eq!(scene.host_of(tenant).await, None, "it has never run");
        scene.handle.start(tenant).await.unwrap();
        tenants.push((tenant, scene.host_of(tenant).await.unwrap(), scene.until_linked(tenant).await));
    }
    for host in scene.store.operator().hosts().await.unwrap() {
        assert_eq!(scene.places.tenants_on(&host.name), 2, "{}", host.name);
        assert_eq!(scene.store.operator().tenants_on(&host.name).await.unwrap(), 2, "{}", host.name);
    }
    // The next control plane finds each where it is, and takes it over as it runs.
    scene.again().await;
    for (tenant, host, pid) in &tenants {
        assert_eq!(scene.until_linked(*tenant).await, *pid);
        assert_eq!(scene.host_of(*tenant).await.as_ref(), Some(host));
        assert!(scene.cell(host, *tenant).exists());
    }
    scene.end().await;
}

#[tokio::test]
async fn a_host_that_is_away_holds_up_its_own_tenants_alone_and_comes_back_by_itself() {
    let scene = Scene::new(2).await;
    let (one, other) = (scene.tenant().await, scene.tenant().await);
    scene.handle.start(one).await.unwrap();
    scene.handle.start(other).await.unwrap();
    let pid = scene.until_linked(one).await;
    let name = scene.host_of(one).await.unwrap();
    let elsewhere = scene.host_of(other).await.unwrap();
    assert_ne!(name, elsewhere);

    scene.host(&name).cut.store(true, Ordering::SeqCst);
    scene.until_state(&name, HostState::Away).await;
    // Its bot goes on, and nothing of it is begun anywhere.
    assert!(lives(pid));
    let generation = scene.detail(one).await.worker.generation;
    scene.handle.restart(other).await.unwrap();
    let moved = scene.handle.move_to(one, Some(&elsewhere)).await;
    assert!(matches!(&moved, Err(Error::Away(away)) if away.to_string().contains(&name)), "{moved:?}");
    // New ones go to where somebody answers.
    let new = scene.tenant().await;
    scene.handle.start(new).await.unwrap();
    assert_eq!(scene.host_of(new).await.as_ref(), Some(&elsewhere));

    scene.host(&name).cut.store(false, Ordering::SeqCst);
    scene.until_state(&name, HostState::Ready).await;
    assert_eq!(scene.until_linked(one).await, pid);
    assert_eq!(scene.detail(one).await.worker.generation, generation);
    scene.end().await;
}

#[tokio::test]
async fn a_tenant_whose_host_is_away_at_the_start_waits_with_words_and_holds_nobody_up() {
    let mut scene = Scene::new(2).await;
    let waits = scene.tenant().await;
    scene.handle.start(waits).await.unwrap();
    let pid = scene.until_linked(waits).await;
    let name = scene.host_of(waits).await.unwrap();
    scene.host(&name).cut.store(true, Ordering::SeqCst);
    scene.again().await;
    let words = scene.until("told", async || scene.handle.live(waits).and_then(|live| live.problem)).await;
    assert!(words.contains(&name) && words.contains("does not answer since"), "{words}");
    let asked = scene.handle.start(waits).await;
    assert!(matches!(&asked, Err(Error::Away(_))), "{asked:?}");
    // More than are started at once.
    for _ in 0..9 {
        let tenant = scene.tenant().await;
        scene.handle.start(tenant).await.unwrap();
    }
    assert!(lives(pid));
    scene.host(&name).cut.store(false, Ordering::SeqCst);
    assert_eq!(scene.until_linked(waits).await, pid, "the same worker, taken over");
    scene.end().await;
}

#[tokio::test]
async fn a_tenant_is_moved_with_its_cell_and_never_starts_where_it_was() {
    let scene = Scene::new(2).await;
    let Begun { tenant, pid, from, to } = scene.begun().await;
    std::fs::write(scene.cell(&from, tenant).join("session.db"), "its keys").unwrap();
    std::fs::write(scene.cell(&from, tenant).join("journal.db"), vec![7; 300_000]).unwrap();

    scene.handle.move_to(tenant, Some(to)).await.unwrap();
    assert!(!lives(pid));
    let next = scene.until_linked(tenant).await;
    assert_ne!(pid, next);
    assert_eq!(scene.host_of(tenant).await.as_deref(), Some(to));
    assert_eq!(std::fs::read_to_string(scene.cell(to, tenant).join("session.db")).unwrap(), "its keys");
    assert_eq!(std::fs::read(scene.cell(to, tenant).join("journal.db")).unwrap(), vec![7; 300_000]);
    assert!(!scene.cell(&from, tenant).exists(), "nothing of it is left");
    let place = scene.store.operator().place(tenant).await.unwrap();
    assert_eq!((place.step, place.other), (PlaceStep::Stays, None));

    // What somebody ordered before, and comes late: nothing starts.
    let late = Order {
        id: WorkerId { tenant, generation: 1 },
        token: link::TokenKey::from_bytes([1; 32]).token(tenant, 1),
        whatsapp_url: None,
        log_level: "info".to_owned(),
        limits: common::options().limits,
        wait: false,
        bounds: domain::WorkerBounds::default(),
        files_key: None,
        orphan_after: None,
    };
    let started = scene.host(&from).start(late).await;
    assert!(matches!(started, Err(StartError::Left)));
    let laid = scene.host(to).lay_cell(tenant, None, Vec::new()).await;
    assert_eq!(laid.unwrap_err().kind(), io::ErrorKind::AlreadyExists, "nobody lays over what is in use");

    // There and back, to the same host and to this machine.
    for target in [Some(from.as_str()), None, Some(to)] {
        scene.handle.move_to(tenant, target).await.unwrap();
        scene.until_linked(tenant).await;
        assert_eq!(scene.host_of(tenant).await.as_deref(), target);
        let place = target.unwrap_or("here");
        assert_eq!(
            std::fs::read_to_string(scene.cell(place, tenant).join("session.db")).unwrap(),
            "its keys"
        );
    }
    scene.handle.purge(tenant).await.unwrap();
    scene.end().await;
}

#[tokio::test]
async fn what_cannot_be_laid_there_goes_on_where_it_was() {
    let scene = Scene::new(2).await;
    let Begun { tenant, from, to, .. } = scene.begun().await;
    std::fs::write(scene.cell(&from, tenant).join("session.db"), "its keys").unwrap();
    scene.host(to).full.store(true, Ordering::SeqCst);
    let moved = scene.handle.move_to(tenant, Some(to)).await;
    assert!(matches!(&moved, Err(Error::NotDone(why)) if why.contains("stays where it was")), "{moved:?}");
    scene.until_linked(tenant).await;
    assert_eq!(scene.host_of(tenant).await.as_ref(), Some(&from));
    assert_eq!(std::fs::read_to_string(scene.cell(&from, tenant).join("session.db")).unwrap(), "its keys");
    assert!(!scene.cell(to, tenant).exists());
    // Bad input: no such host, where it is, one that takes none.
    let none = scene.handle.move_to(tenant, Some("host-9")).await;
    assert!(matches!(none, Err(Error::Store(StoreError::NotFound("host")))), "{none:?}");
    let there = scene.handle.move_to(tenant, Some(&from)).await;
    assert!(matches!(there, Err(Error::Store(_))), "{there:?}");
    scene.handle.order_host(to, HostOrder::Draining).await.unwrap();
    let full = scene.handle.move_to(tenant, Some(to)).await;
    assert!(matches!(full, Err(Error::Store(_))), "{full:?}");
    scene.end().await;
}

#[tokio::test]
async fn a_hosts_full_disk_is_told_to_its_own_workers_alone_and_it_takes_no_more() {
    let scene = Scene::new(2).await;
    let mut workers = Vec::new();
    for _ in 0..2 {
        let Begun { tenant, from, .. } = scene.begun().await;
        std::fs::write(scene.cell(&from, tenant).join("behaviour"), "writes-disk").unwrap();
        scene.handle.restart(tenant).await.unwrap();
        scene.until_linked(tenant).await;
        workers.push((tenant, from));
    }
    let [(one, full), (other, roomy)] = <[_; 2]>::try_from(workers).unwrap();
    let told = async |tenant, host: &str, what: &str| {
        let path = scene.cell(host, tenant).join("disk");
        scene.until(what, async || (std::fs::read_to_string(&path).ok()? == what).then_some(())).await;
    };
    told(one, &full, "plenty").await;
    scene.host(&full).disk_free.store(15_000_000, Ordering::SeqCst);
    told(one, &full, "short").await;
    assert!(scene.places.is_disk_short(&full) && !scene.places.is_disk_short(&roomy));
    // What begins there now is told at once, and the other host's is told nothing.
    std::fs::remove_file(scene.cell(&full, one).join("disk")).unwrap();
    scene.handle.restart(one).await.unwrap();
    told(one, &full, "short").await;
    told(other, &roomy, "plenty").await;
    for _ in 0..3 {
        let new = scene.tenant().await;
        scene.handle.start(new).await.unwrap();
        assert_eq!(scene.host_of(new).await.as_ref(), Some(&roomy), "no room for what it would bring");
    }
    // A little more is no room yet; and whoever is moved away is told of the disk where it is.
    scene.host(&full).disk_free.store(20_000_000, Ordering::SeqCst);
    scene.handle.move_to(one, Some(&roomy)).await.unwrap();
    scene.until_linked(one).await;
    std::fs::write(scene.cell(&roomy, one).join("behaviour"), "writes-disk").unwrap();
    scene.handle.restart(one).await.unwrap();
    told(one, &roomy, "plenty").await;
    scene.host(&full).disk_free.store(24_000_000, Ordering::SeqCst);
    scene.until("room again", async || (!scene.places.is_disk_short(&full)).then_some(())).await;
    scene.end().await;
}

/// Steps at which a control plane ends, and where the tenant is then.
#[tokio::test]
async fn a_move_that_is_interrupted_anywhere_ends_in_one_place() {
    for step in 0..5 {
        let mut scene = Scene::new(2).await;
        let Begun { tenant, from, to, .. } = scene.begun().await;
        std::fs::write(scene.cell(&from, tenant).join("session.db"), "its keys").unwrap();
        scene.handle.shutdown(step % 2 == 0).await;
        scene.stop.cancel();
        // What the one that ended has done.
        let operator = scene.store.operator();
        let seen = operator.place(tenant).await.unwrap();
        let leaves = operator.begin_move(&seen, Some(to)).await.unwrap();
        let mark = |state| CellMark { version: leaves.version, state };
        if step >= 1 {
            for process in scene.host(&from).find(tenant, None).await.unwrap() {
                process.kill().await.unwrap();
                process.ended().await;
            }
            scene.host(&from).mark_cell(tenant, mark(CellState::Left)).await.unwrap();
        }
        if step >= 2 {
            scene.host(to).mark_cell(tenant, mark(CellState::Arriving)).await.unwrap();
            // Half of it.
            std::fs::create_dir_all(scene.cell(to, tenant)).unwrap();
            std::fs::write(scene.cell(to, tenant).join("session.db"), "its").unwrap();
        }
        if step >= 3 {
            let files = scene.host(&from).cell_at_rest(tenant, None).await.unwrap();
            scene.host(to).lay_cell(tenant, None, files).await.unwrap();
            scene.host(to).mark_cell(tenant, mark(CellState::Open)).await.unwrap();
        }
        if step >= 4 {
            operator.arrive(&leaves).await.unwrap();
        }
        (scene.places, scene.handle, scene.stop) =
            Scene::plane(&scene.directory, &scene.store, &scene.hosts).await;
        let place = scene
            .until("over", async || {
                let place = scene.store.operator().place(tenant).await.unwrap();
                (place.step == PlaceStep::Stays).then_some(place)
            })
            .await;
        assert_eq!(place.host.as_deref(), Some(to), "step {step}");
        scene.until_linked(tenant).await;
        assert_eq!(std::fs::read_to_string(scene.cell(to, tenant).join("session.db")).unwrap(), "its keys");
        assert!(!scene.cell(&from, tenant).exists(), "step {step}");
        scene.end().await;
    }
}

#[tokio::test]
async fn a_host_that_is_drained_is_emptied_and_takes_none() {
    let scene = Scene::new(3).await;
    let mut tenants = Vec::new();
    for _ in 0..6 {
        let tenant = scene.tenant().await;
        scene.handle.start(tenant).await.unwrap();
        scene.until_linked(tenant).await;
        tenants.push(tenant);
    }
    scene.handle.order_host("host-2", HostOrder::Draining).await.unwrap();
    scene
        .until("empty", async || {
            (scene.store.operator().tenants_on("host-2").await.unwrap() == 0).then_some(())
        })
        .await;
    for tenant in &tenants {
        scene.until_linked(*tenant).await;
    }
    let on = async |name: &str| scene.store.operator().tenants_on(name).await.unwrap();
    assert_eq!((on("host-1").await, on("host-3").await), (3, 3));
    let new = scene.tenant().await;
    scene.handle.start(new).await.unwrap();
    assert_ne!(scene.host_of(new).await.as_deref(), Some("host-2"));
    scene.handle.order_host("host-2", HostOrder::Ready).await.unwrap();
    let newer = scene.tenant().await;
    scene.handle.start(newer).await.unwrap();
    assert_eq!(scene.host_of(newer).await.as_deref(), Some("host-2"));
    assert!(matches!(scene.handle.order_host("host-9", HostOrder::Lost).await, Err(Error::Store(_))));
    scene.end().await;
}

#[tokio::test]
async fn hosts_are_evened_out_by_no_more_moves_than_were_told() {
    let scene = Scene::new(3).await;
    let tenants = scene.all_on_the_first(7).await;
    let on = async |name: &str| scene.store.operator().tenants_on(name).await.unwrap();
    assert_eq!((on("host-1").await, on("host-2").await, on("host-3").await), (7, 0, 0));
    assert_eq!(scene.places.moves_to_even(), 4, "to 3, 2 and 2");
    assert_eq!(scene.handle.even_hosts().await.unwrap(), 4);
    let again = scene.handle.even_hosts().await;
    assert!(
        matches!(&again, Err(Error::Store(StoreError::Conflict { field: "hosts", reason })) if reason.contains("already")),
        "{again:?}"
    );
    scene.until("even", async || scene.places.evening().is_none().then_some(())).await;
    let mut filled = [on("host-1").await, on("host-2").await, on("host-3").await];
    filled.sort_unstable();
    assert_eq!(filled, [2, 2, 3]);
    for tenant in &tenants {
        scene.until_linked(*tenant).await;
    }
    assert_eq!(scene.moved().await, 4, "each went once, and no further");
    assert_eq!((scene.places.moves_to_even(), scene.handle.even_hosts().await.unwrap()), (0, 0));
    assert_eq!(scene.places.evening(), None, "nothing is under way where nothing is to be done");
    scene.end().await;
}

#[tokio::test]
async fn what_is_being_moved_is_waited_for_before_hosts_are_evened_out() {
    let scene = Scene::new(3).await;
    scene.all_on_the_first(6).await;
    // Nobody can be moved there, so that the host stays as it is.
    for host in &scene.hosts {
        host.full.store(true, Ordering::SeqCst);
    }
    scene.handle.order_host("host-1", HostOrder::Draining).await.unwrap();
    let refused = scene.handle.even_hosts().await;
    assert!(
        matches!(&refused, Err(Error::Store(StoreError::Conflict { field: "hosts", reason })) if reason.contains("host-1")),
        "{refused:?}"
    );
    scene.end().await;
}

#[tokio::test]
async fn evening_out_ends_where_tenants_cannot_be_moved_and_all_go_on_where_they_were() {
    let scene = Scene::new(2).await;
    let tenants = scene.all_on_the_first(9).await;
    scene.host("host-2").full.store(true, Ordering::SeqCst);
    assert_eq!(scene.handle.even_hosts().await.unwrap(), 4);
    scene.until("given up", async || scene.places.evening().is_none().then_some(())).await;
    for tenant in &tenants {
        scene.until_linked(*tenant).await;
        assert_eq!(scene.host_of(*tenant).await.as_deref(), Some("host-1"));
    }
    let mut begun = 0;
    for tenant in &tenants {
        begun += scene.detail(*tenant).await.worker.generation - 1;
    }
    assert_eq!(begun, 3, "three were away for nothing, and no more");
    scene.end().await;
}

#[tokio::test]
async fn a_lost_host_is_let_go_by_a_persons_word_and_what_still_runs_there_ends_when_it_comes_back() {
    let scene = Scene::new(2).await;
    let Begun { tenant, pid, from, to } = scene.begun().await;
    scene.host(&from).cut.store(true, Ordering::SeqCst);
    scene.until_state(&from, HostState::Away).await;
    let early = scene.handle.move_to(tenant, Some(to)).await;
    assert!(matches!(early, Err(Error::Away(_))), "nothing forces: {early:?}");
    scene.handle.order_host(&from, HostOrder::Lost).await.unwrap();
    scene.handle.move_to(tenant, Some(to)).await.unwrap();
    assert_ne!(scene.until_linked(tenant).await, pid);
    assert_eq!(
        scene.detail(tenant).await.tenant.status,
        TenantStatus::QrPending,
        "its phone is linked again"
    );
    assert!(lives(pid), "nobody could say anything to it");
    scene.host(&from).cut.store(false, Ordering::SeqCst);
    scene.until("ended", async || (!lives(pid)).then_some(())).await;
    assert_eq!(scene.store.operator().host(&from).await.unwrap().state(), HostState::Lost);
    scene.end().await;
}

#[tokio::test]
async fn what_is_not_the_host_is_not_taken_for_it() {
    let mut scene = Scene::new(1).await;
    scene.host("host-1").incarnation.store(5, Ordering::SeqCst);
    scene
        .until("known", async || {
            (scene.store.operator().host("host-1").await.unwrap().incarnation == 5).then_some(())
        })
        .await;
    // A clone of its volume, or an older one.
    scene.host("host-1").incarnation.store(4, Ordering::SeqCst);
    scene.until_state("host-1", HostState::Away).await;
    let why = scene.places.host_away("host-1").unwrap().to_string();
    assert!(why.contains("incarnation 4"), "{why}");
    let tenant = scene.tenant().await;
    let none = scene.handle.start(tenant).await;
    assert!(
        matches!(&none, Err(Error::Away(why)) if why.to_string().contains("no host has room")),
        "{none:?}"
    );
    scene.host("host-1").incarnation.store(6, Ordering::SeqCst);
    scene.until_state("host-1", HostState::Ready).await;
    scene.until("started", async || scene.handle.live(tenant).filter(|live| live.linked).map(drop)).await;

    // Another host at its address; and one that is named no more.
    let other = Arc::new(Played {
        name: "host-7".to_owned(),
        local: processes(&scene.directory.path().join("host-7")),
        cut: AtomicBool::new(false),
        full: AtomicBool::new(false),
        disk_free: AtomicU64::new(PLENTY),
        incarnation: AtomicI64::new(1),
        capacity: 10,
    });
    let named = NamedHost {
        name: "host-8".to_owned(),
        address: "10.0.0.8:7443".to_owned(),
        runtime: Arc::<Played>::clone(&other),
    };
    let here = Arc::new(processes(&scene.directory.path().join("nowhere")));
    let places =
        Places::open(here, vec![named], scene.store.clone(), Arc::new(Moved::default()), CARE).await.unwrap();
    let why = places.host_away("host-8").unwrap().to_string();
    assert!(why.contains("answers as host host-7"), "{why}");
    let why = places.find(tenant, None).await.err().unwrap().to_string();
    assert!(why.contains("host-1") && why.contains("HOSTS"), "{why}");
    scene.hosts.retain(|host| host.name != "host-7");
    scene.end().await;
}
