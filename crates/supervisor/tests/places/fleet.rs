//! Scale by simulation: a hundred hosts, played by this process, and a hundred thousand tenants that are given their places.

use std::{
    fs::File,
    io,
    sync::{
        Arc, Once,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use domain::{SystemClock, TenantId};
use futures_util::{StreamExt as _, stream};
use link::Generation;
use store::{EventFilter, NotesChange, PageRequest, Store, Target, TenantFilter};
use supervisor::{
    CellMark, Host, HostAbout, HostCare, NamedHost, Order, Places, Process, Room, Runtime, StartError,
    Stream, WorkerId, load_or_create_key, moves_to_even, next_way,
};
use vault::Resealer;

use crate::common::{self, PATIENCE};

/// A host on which nothing runs.
struct Empty {
    name: String,
    capacity: u64,
}

#[async_trait]
impl Runtime for Empty {
    async fn start(&self, _: Order) -> Result<Arc<dyn Process>, StartError> {
        Err(StartError::Left)
    }

    async fn find(&self, _: TenantId, _: Option<(Generation, u32)>) -> io::Result<Vec<Arc<dyn Process>>> {
        Ok(Vec::new())
    }

    async fn list(&self) -> io::Result<Vec<TenantId>> {
        Ok(Vec::new())
    }

    async fn dial(&self, _: &Arc<dyn Process>) -> io::Result<Box<dyn Stream>> {
        Err(io::ErrorKind::ConnectionRefused.into())
    }

    async fn forget(&self, _: WorkerId) {}

    async fn cell_at_rest(&self, _: TenantId, _: Option<Arc<Resealer>>) -> io::Result<Vec<(String, File)>> {
        Ok(Vec::new())
    }

    async fn lay_cell(
        &self,
        _: TenantId,
        _: Option<Arc<Resealer>>,
        _: Vec<(String, File)>,
    ) -> io::Result<()> {
        Ok(())
    }

    async fn mark_cell(&self, _: TenantId, _: CellMark) -> io::Result<()> {
        Ok(())
    }

    async fn purge(&self, _: TenantId) -> io::Result<()> {
        Ok(())
    }
}

#[async_trait]
impl Host for Empty {
    async fn about(&self) -> io::Result<HostAbout> {
        Ok(HostAbout {
            version: "1.0".to_owned(),
            name: self.name.clone(),
            incarnation: 1,
            capacity: self.capacity,
            running: 0,
            disk_free: None,
            protections: Vec::new(),
        })
    }
}

/// Counts the statements that the store is asked for, on all threads of this test.
#[derive(Default)]
struct Counted(AtomicUsize);

struct Counting(Arc<Counted>);

impl tracing::Subscriber for Counting {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.target() == store::STATEMENTS
    }

    fn new_span(&self, _: &tracing::span::Attributes<'_>) -> tracing::span::Id {
        tracing::span::Id::from_u64(1)
    }

    fn record(&self, _: &tracing::span::Id, _: &tracing::span::Record<'_>) {}

    fn record_follows_from(&self, _: &tracing::span::Id, _: &tracing::span::Id) {}

    fn event(&self, _: &tracing::Event<'_>) {
        self.0.0.fetch_add(1, Ordering::SeqCst);
    }

    fn enter(&self, _: &tracing::span::Id) {}

    fn exit(&self, _: &tracing::span::Id) {}
}

impl Counted {
    fn take(&self) -> usize {
        self.0.swap(0, Ordering::SeqCst)
    }
}

/// What pages and the sweep ask: how many statements each costs.
async fn asked(store: &Store, counted: &Counted) -> [usize; 4] {
    let operator = store.operator();
    counted.take();
    let page = PageRequest { limit: 50, before: None };
    assert!(!operator.list_tenants(&TenantFilter::default(), page).await.unwrap().items.is_empty());
    let tenants = counted.take();
    assert!(!operator.hosts().await.unwrap().is_empty());
    let hosts = counted.take();
    operator.workers().await.unwrap();
    let workers = counted.take();
    operator.moves_under_way().await.unwrap();
    [tenants, hosts, workers, counted.take()]
}

/// So many hosts, of two sizes, are filled with so many tenants; what it then costs to ask.
async fn fill(hosts: usize, tenants: usize) -> [usize; 4] {
    // As long as one thread alone counts, `tracing` asks whichever thread comes first whether anybody wants to know.
    static ASKED_FOR_EVERYWHERE: Once = Once::new();
    ASKED_FOR_EVERYWHERE.call_once(|| {
        let _one_is_set = tracing::subscriber::set_global_default(Counting(Arc::default()));
    });
    let counted = Arc::new(Counted::default());
    let _counting = tracing::subscriber::set_default(Counting(Arc::clone(&counted)));
    let directory = tempfile::tempdir().unwrap();
    let target = Target::Sqlite(directory.path().join("flowhq.db"));
    let store = Store::open(&target, Arc::new(SystemClock)).await.unwrap();
    let share = u64::try_from(tenants / hosts).unwrap();
    let capacity = move |number: usize| share * if number.is_multiple_of(2) { 3 } else { 1 };
    let named = || {
        let host = |number: usize| {
            let name = format!("host-{number}");
            let runtime = Arc::new(Empty { name: name.clone(), capacity: capacity(number) });
            NamedHost { name, address: format!("10.0.0.{number}:7443"), runtime }
        };
        (0..hosts).map(host).collect::<Vec<_>>()
    };
    let here = || Arc::new(Empty { name: "here".to_owned(), capacity: 0 });
    let open = || Places::open(here(), named(), store.clone(), Arc::new(SystemClock), HostCare::default());
    let places = open().await.unwrap();
    let mut ids = Vec::new();
    while ids.len() < tenants {
        let batch = vec![(super::salon(), NotesChange::default()); 500.min(tenants - ids.len())];
        ids.extend(store.operator().create_tenants(&batch).await.unwrap());
    }
    counted.take();
    let placed = stream::iter(&ids).map(async |id| places.within_reach(*id).await).buffer_unordered(8);
    placed.for_each(async |placed| placed.unwrap()).await;
    // Three to read whether it has a place, and three to write it: however many hosts and tenants there are.
    let for_each = counted.take() / tenants;
    assert!(for_each <= 6, "{for_each} statements to place one");

    let records = store.operator().hosts().await.unwrap();
    let fill = |host: &store::HostRecord| places.tenants_on(&host.name) * 10_000 / host.capacity;
    let (least, most) = (records.iter().map(fill).min().unwrap(), records.iter().map(fill).max().unwrap());
    assert!(most - least <= 500, "one is filled to {least} and another to {most} of 10,000");
    assert_eq!(
        records.iter().map(|host| places.tenants_on(&host.name)).sum::<u64>(),
        u64::try_from(tenants).unwrap()
    );

    // The next control plane knows them all by a handful of statements, two of them for each host.
    counted.take();
    let again = open().await.unwrap();
    assert!(counted.take() <= 4 + 2 * hosts);
    counted.take();
    for id in ids.iter().take(100) {
        again.within_reach(*id).await.unwrap();
    }
    assert_eq!(counted.take(), 0, "nothing is asked for who has a place");
    asked(&store, &counted).await
}

#[tokio::test]
async fn ten_hosts_are_filled_evenly_and_cost_no_more_to_ask_than_one() {
    assert_eq!(fill(10, 1_000).await, fill(1, 100).await);
}

#[tokio::test]
#[ignore = "takes minutes: a hundred hosts with a thousand tenants each"]
async fn a_hundred_hosts_are_filled_evenly_and_cost_no_more_to_ask_than_one() {
    assert_eq!(fill(100, 100_000).await, fill(1, 1_000).await);
}

#[tokio::test]
async fn hosts_that_come_later_are_filled_by_as_many_moves_as_it_takes_and_no_tenant_is_lost() {
    let directory = tempfile::tempdir().unwrap();
    let target = Target::Sqlite(directory.path().join("flowhq.db"));
    let store = Store::open(&target, Arc::new(SystemClock)).await.unwrap();
    let hosts = |capacities: &[u64]| {
        let host = |(number, &capacity): (usize, &u64)| {
            let name = format!("host-{number}");
            let runtime = Arc::new(Empty { name: name.clone(), capacity });
            NamedHost { name, address: format!("10.0.0.{number}:7443"), runtime }
        };
        capacities.iter().enumerate().map(host).collect::<Vec<_>>()
    };
    let open = async |capacities: &[u64]| {
        let here = Arc::new(Empty { name: "here".to_owned(), capacity: 0 });
        let clock = Arc::new(SystemClock);
        Arc::new(
            Places::open(here, hosts(capacities), store.clone(), clock, HostCare::default()).await.unwrap(),
        )
    };
    let places = open(&[60, 40]).await;
    let batch = vec![(super::salon(), NotesChange::default()); 60];
    for id in store.operator().create_tenants(&batch).await.unwrap() {
        places.within_reach(id).await.unwrap();
    }
    drop(places);
    // Two more, one of which is small.
    let places = open(&[60, 40, 60, 4]).await;
    let model = [(36, 60), (24, 40), (0, 60), (0, 4)];
    let names = ["host-0", "host-1", "host-2", "host-3"];
    let rooms = model.iter().zip(names).map(|(&(tenants, capacity), host)| Room { host, capacity, tenants });
    let expected = moves_to_even(rooms);
    assert_eq!(places.moves_to_even(), expected);

    let key = load_or_create_key(&directory.path().join("key")).unwrap();
    let runtime: Arc<dyn Runtime> = Arc::<Places>::clone(&places);
    let handle = supervisor::start(common::options(), store.clone(), runtime, key, Arc::new(SystemClock));
    assert_eq!(handle.even_hosts().await.unwrap(), expected);
    let over = async {
        while places.evening().is_some() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, over).await.unwrap();
    let filter = EventFilter { event_type: Some("TENANT_MOVE_BEGUN".to_owned()), ..EventFilter::default() };
    let page = PageRequest { limit: 100, before: None };
    let moved = store.operator().list_events(&filter, page).await.unwrap().items.len();
    assert_eq!(u64::try_from(moved).unwrap(), expected);
    let records = store.operator().hosts().await.unwrap();
    assert_eq!(records.iter().map(|host| places.tenants_on(&host.name)).sum::<u64>(), 60);
    let rooms = records.iter().map(|host| Room {
        host: &host.name,
        capacity: host.capacity,
        tenants: places.tenants_on(&host.name),
    });
    assert_eq!(next_way(rooms), None, "{records:?}");
    handle.shutdown(false).await;
}
