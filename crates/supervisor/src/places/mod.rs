//! Many places where workers run: this machine, and hosts by their names. Each verb goes to the tenant's place, which the
//! database knows and a move alone changes.
//!
//! A host that does not answer is away: nothing of its tenants is begun or ended meanwhile, and nothing is ever forced. Its bots
//! may well go on.

mod away;
mod choose;
mod even;
mod host;
mod route;
mod watch;
mod whereabouts;

use std::{
    collections::{BTreeMap, HashMap},
    fmt, io,
    sync::{Arc, Mutex, RwLock},
    time::Duration,
};

use domain::{Clock, HostOrder, PlaceStep, TenantId};
use store::{Place, Store, StoreError};
use tokio::sync::{Notify, Semaphore, broadcast};

use crate::{Runtime, WorkerId, service::lock};
pub use away::Away;
pub use choose::{Room, choose};
pub use even::{Way, moves, next_way};
use host::Known;
pub use host::{Host, HostAbout};
use whereabouts::Whereabouts;

/// Changes of hosts that a reader may fall behind.
const CHANGES_MAX: usize = 64;

/// Tenants of which it is asked at once where they are, or are to be: the others wait here rather than in the store, which has
/// less patience and answers pages too.
const ASKED_MAX: usize = 64;

/// How closely hosts are looked after.
#[derive(Debug, Clone, Copy)]
pub struct HostCare {
    /// Time between two questions.
    pub ask_every: Duration,
    /// How long an answer may take.
    pub answer_within: Duration,
    /// A host that has not answered for so long is away.
    pub away_after: Duration,
}

impl Default for HostCare {
    fn default() -> Self {
        Self {
            ask_every: Duration::from_secs(5),
            answer_within: Duration::from_secs(5),
            away_after: Duration::from_secs(15),
        }
    }
}

/// A host as the settings name it.
pub struct NamedHost {
    /// Its name.
    pub name: String,
    /// Where it is reached.
    pub address: String,
    /// What speaks to it.
    pub runtime: Arc<dyn Host>,
}

/// The runtimes of an installation with hosts.
pub struct Places {
    here: Arc<dyn Runtime>,
    hosts: BTreeMap<Arc<str>, Arc<Known>>,
    store: Store,
    clock: Arc<dyn Clock>,
    care: HostCare,
    /// Where tenants are, as far as somebody has asked: no name is this machine. One process alone changes places.
    known: RwLock<Whereabouts>,
    /// On which host each worker runs that is looked after.
    workers: Mutex<HashMap<WorkerId, Option<Arc<str>>>>,
    choosing: Mutex<()>,
    asked: Semaphore,
    /// While hosts are being evened out, how far that is.
    evening: Mutex<Option<Evening>>,
    changes: broadcast::Sender<Arc<str>>,
    /// Told where something may have come for whoever moves tenants.
    pub(crate) work: Notify,
}

/// How far the evening out of hosts is.
struct Evening {
    /// Tenants that are to be moved yet.
    left: u64,
    /// Tenants that could not be moved.
    failed: u64,
}

impl fmt::Debug for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Places").field("hosts", &self.hosts.keys()).finish_non_exhaustive()
    }
}

impl Places {
    /// Knows these hosts beside this machine, and asks each once how it does. See [`Places::watch`] for what follows.
    ///
    /// # Errors
    /// Where the database does not answer.
    pub async fn open(
        here: Arc<dyn Runtime>,
        hosts: Vec<NamedHost>,
        store: Store,
        clock: Arc<dyn Clock>,
        care: HostCare,
    ) -> Result<Self, StoreError> {
        let operator = store.operator();
        let mut named = BTreeMap::new();
        for NamedHost { name, address, runtime } in hosts {
            operator.know_host(&name, &address).await?;
            let name: Arc<str> = name.into();
            named.insert(Arc::clone(&name), Arc::new(Known::new(name, address, runtime)));
        }
        let (mut known, mut counts) = (Whereabouts::default(), HashMap::<String, u64>::new());
        for Place { tenant, host, .. } in operator.places().await? {
            let name = host.as_deref().map(|host| {
                named.get_key_value(host).map_or_else(|| host.into(), |(name, _)| Arc::clone(name))
            });
            known.insert(tenant, name);
            *counts.entry(host.unwrap_or_default()).or_default() += 1;
        }
        for Place { other, step, .. } in operator.moves_under_way().await? {
            if step == PlaceStep::Leaves {
                *counts.entry(other.unwrap_or_default()).or_default() += 1;
            }
        }
        for record in operator.hosts().await? {
            let Some(host) = named.get(record.name.as_str()) else {
                // Whoever has taken it out of the settings means it; it stays while something of a tenant is there.
                operator.forget_host(&record.name).await?;
                continue;
            };
            host.recall(record.ordered, record.seen_at);
            let on = counts.get(&record.name).copied().unwrap_or_default();
            host.tenants.store(on, std::sync::atomic::Ordering::Release);
        }
        let places = Self {
            here,
            hosts: named,
            store,
            clock,
            care,
            known: RwLock::new(known),
            workers: Mutex::default(),
            choosing: Mutex::default(),
            asked: Semaphore::new(ASKED_MAX),
            evening: Mutex::default(),
            changes: broadcast::channel(CHANGES_MAX).0,
            work: Notify::new(),
        };
        places.look_around().await;
        Ok(places)
    }

    /// The names of hosts of which something has changed.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<Arc<str>> {
        self.changes.subscribe()
    }

    /// What a host has last said of itself.
    #[must_use]
    pub fn about(&self, host: &str) -> Option<HostAbout> {
        self.hosts.get(host)?.about()
    }

    /// Whether so little is free on a host's volume that its bots take nothing.
    #[must_use]
    pub fn is_disk_short(&self, host: &str) -> bool {
        self.hosts.get(host).is_some_and(|host| *host.disk_short().borrow())
    }

    /// When a host last answered.
    #[must_use]
    pub fn seen(&self, host: &str) -> Option<domain::Timestamp> {
        self.hosts.get(host)?.seen()
    }

    /// Why a host cannot be used, where it cannot.
    #[must_use]
    pub fn host_away(&self, host: &str) -> Option<Away> {
        self.hosts.get(host).map_or_else(|| Some(Away::Unknown { host: host.to_owned() }), |host| host.away())
    }

    /// How many tenants have their place on a host.
    #[must_use]
    pub fn tenants_on(&self, host: &str) -> u64 {
        self.known.read().unwrap_or_else(std::sync::PoisonError::into_inner).on(host)
    }

    /// The host that the next tenant goes to; none where none has room.
    #[must_use]
    pub fn roomiest(&self) -> Option<String> {
        choose(self.rooms()).map(str::to_owned)
    }

    /// How each host is filled, for what it takes now.
    fn rooms(&self) -> impl Iterator<Item = Room<'_>> {
        self.hosts.values().map(|host| Room {
            host: &host.name,
            capacity: host.capacity(),
            tenants: host.tenants.load(std::sync::atomic::Ordering::Acquire),
        })
    }

    /// How many tenants would have to be moved until the hosts that take tenants are even.
    #[must_use]
    pub fn moves_to_even(&self) -> u64 {
        moves(self.rooms())
    }

    /// From where to where the next of them would go.
    pub(crate) fn next_way(&self) -> Option<(String, String)> {
        next_way(self.rooms()).map(|way| (way.from.to_owned(), way.to.to_owned()))
    }

    /// How many tenants are to be moved yet so that hosts are even; nothing where that is not under way.
    #[must_use]
    pub fn evening(&self) -> Option<u64> {
        lock(&self.evening).as_ref().map(|evening| evening.left)
    }

    /// Begins to even hosts out by so many moves at most; whether that is new.
    pub(crate) fn begin_evening(&self, moves: u64) -> bool {
        let mut evening = lock(&self.evening);
        let is_new = evening.is_none();
        if is_new {
            *evening = Some(Evening { left: moves, failed: 0 });
            self.work.notify_one();
        }
        is_new
    }

    /// One tenant less is to be moved.
    pub(crate) fn evened(&self) {
        let mut evening = lock(&self.evening);
        if let Some(evening) = &mut *evening {
            evening.left = evening.left.saturating_sub(1);
        }
        evening.take_if(|evening| evening.left == 0);
    }

    /// One more tenant could not be moved; how many in all.
    pub(crate) fn could_not_even(&self) -> u64 {
        lock(&self.evening).as_mut().map_or(0, |evening| {
            evening.failed += 1;
            evening.failed
        })
    }

    /// No more of them are moved.
    pub(crate) fn end_evening(&self) {
        *lock(&self.evening) = None;
    }

    /// The same, with room kept there until [`Places::expected`] says otherwise: whoever comes next sees it.
    pub(crate) fn keep_room(&self) -> Option<String> {
        let _one_at_a_time = lock(&self.choosing);
        let host = self.roomiest()?;
        self.expected(Some(&host), true);
        Some(host)
    }

    /// What was ordered of a host, from now on.
    pub(crate) fn ordered(&self, host: &str, order: HostOrder) {
        if let Some(host) = self.hosts.get(host) {
            host.order(order);
            self.told(&host.name);
        }
        self.work.notify_one();
    }

    /// Hosts that are being emptied and answer.
    pub(crate) fn draining(&self) -> Vec<Arc<str>> {
        let draining = |host: &&Arc<Known>| host.ordered() == HostOrder::Draining && host.away().is_none();
        self.hosts.values().filter(draining).map(|host| Arc::clone(&host.name)).collect()
    }

    /// A host that is being emptied, answers, and is not empty yet.
    pub(crate) fn emptying(&self) -> Option<Arc<str>> {
        let is_filled = |host: &Arc<str>| {
            self.hosts
                .get(host)
                .is_some_and(|host| host.tenants.load(std::sync::atomic::Ordering::Acquire) > 0)
        };
        self.draining().into_iter().find(is_filled)
    }

    /// Whether a person has given a host up.
    pub(crate) fn is_lost(&self, host: Option<&str>) -> bool {
        host.is_some_and(|host| matches!(self.host_away(host), Some(Away::Lost { .. })))
    }

    /// The runtime of one place.
    pub(crate) fn at(&self, host: Option<&str>) -> Result<Arc<dyn Runtime>, Away> {
        let Some(name) = host else { return Ok(Arc::clone(&self.here)) };
        let host = self.hosts.get(name).ok_or_else(|| Away::Unknown { host: name.to_owned() })?;
        match host.away() {
            Some(away) => Err(away),
            None => Ok(Arc::<dyn Host>::clone(&host.runtime)),
        }
    }

    /// One more tenant is on its way to a host, or is not any more.
    pub(crate) fn expected(&self, host: Option<&str>, more: bool) {
        if let Some(host) = host.and_then(|host| self.hosts.get(host)) {
            host.count(more);
        }
    }

    /// A tenant's place is another one from now on.
    pub(crate) fn moved(&self, tenant: TenantId, host: Option<&str>) {
        let name = host.map(|host| self.named(host));
        self.known.write().unwrap_or_else(std::sync::PoisonError::into_inner).insert(tenant, name);
    }

    fn named(&self, host: &str) -> Arc<str> {
        self.hosts.get_key_value(host).map_or_else(|| host.into(), |(name, _)| Arc::clone(name))
    }

    /// Where a tenant is, as far as somebody has asked.
    fn remembered(&self, tenant: TenantId) -> Option<Option<Arc<str>>> {
        self.known.read().unwrap_or_else(std::sync::PoisonError::into_inner).of(tenant)
    }

    /// Where a tenant is.
    async fn place_of(&self, tenant: TenantId) -> io::Result<Option<Arc<str>>> {
        if let Some(place) = self.remembered(tenant) {
            return Ok(place);
        }
        let place = {
            // It is never closed.
            let _turn = self.asked.acquire().await;
            self.store.operator().place(tenant).await.map_err(io::Error::other)?
        };
        let name = place.host.as_deref().map(|host| self.named(host));
        // Without a row it may be given a place yet.
        if place.version > 0 {
            self.moved(tenant, name.as_deref());
        }
        Ok(name)
    }

    fn told(&self, host: &Arc<str>) {
        // No reader is no fault.
        let _readers = self.changes.send(Arc::clone(host));
    }

    fn runs(&self, worker: WorkerId, host: Option<Arc<str>>) {
        lock(&self.workers).insert(worker, host);
    }
}
