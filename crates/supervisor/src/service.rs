//! The supervisor itself: which tenants have a task, what all tasks share, and the look at all rows now and then.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use domain::{Clock, DesiredState, Limits, TenantId};
use futures_util::FutureExt;
use link::TokenKey;
use replies::Packs;
use store::{Actor, Store, StoreError};
use tokio::{
    sync::{Semaphore, broadcast, mpsc, watch},
    time::Instant,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    Alone, Change, ChangeKind, Error, Glance, Handle, Live, Options, Runtime,
    live::LiveState,
    moving, planted,
    share::AllShares,
    tenant::{Command, Message, Tenant},
};

/// Requests for one tenant that may wait.
const COMMANDS_MAX: usize = 32;
/// The longest life of a code that is believed.
const CODE_TIME: Duration = Duration::from_secs(5 * 60);
/// What tasks of tenants ask of the database at once. With a hundred thousand of them, who came last would wait longer than the
/// store has patience for, and pages with it; so they wait here, for as long as it takes and before anybody else could be held up.
/// As many as keep all connections busy, and as are written in one commit.
const QUESTIONS_MAX: usize = 64;
/// Links that are opened at once. Each step of that has a time of its own, which is over before it is begun where thousands open
/// together: then all of them are tried again, and a worker that was only waited for is taken for one that cannot be talked with.
const OPENING_MAX: usize = 256;
/// News that a reader may fall behind.
const CHANGES_MAX: usize = 1_024;

/// What all tasks share.
pub(crate) struct Shared {
    pub(crate) options: Options,
    packs: Mutex<Arc<Packs>>,
    pub(crate) store: Store,
    pub(crate) runtime: Arc<dyn Runtime>,
    pub(crate) key: TokenKey,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) changes: broadcast::Sender<Change>,
    pub(crate) starts: Semaphore,
    questions: Semaphore,
    /// The same of heartbeats, of which there are many at any time: nothing else waits behind them.
    pub(crate) beats: Semaphore,
    /// Turns for opening a link.
    pub(crate) opening: Semaphore,
    pub(crate) shares: AllShares,
    /// Instants are told to the restart policy as the time since this one.
    pub(crate) origin: Instant,
    /// Set once: nobody waits for the database any more.
    pub(crate) closing: CancellationToken,
    entries: Mutex<HashMap<TenantId, Entry>>,
    /// Tenants that are being moved.
    pub(crate) moving: Alone,
    /// The tasks of tenants and of their workers' links.
    pub(crate) tasks: TaskTracker,
}

/// A tenant with a task.
struct Entry {
    commands: mpsc::Sender<Command>,
    live: Arc<Mutex<LiveState>>,
    messages: Arc<Mutex<Option<mpsc::Sender<Message>>>>,
}

/// Starts supervising: looks for what runs, adopts it, and starts what is wanted and missing. Returns at once.
#[must_use]
pub fn start(
    options: Options,
    store: Store,
    runtime: Arc<dyn Runtime>,
    key: TokenKey,
    clock: Arc<dyn Clock>,
) -> Handle {
    let shared = Arc::new(Shared {
        starts: Semaphore::new(options.parallel_starts.max(1)),
        questions: Semaphore::new(QUESTIONS_MAX),
        beats: Semaphore::new(QUESTIONS_MAX),
        opening: Semaphore::new(OPENING_MAX),
        shares: AllShares::default(),
        packs: Mutex::new(Arc::new(options.packs.clone())),
        options,
        store,
        runtime,
        key,
        clock,
        changes: broadcast::channel(CHANGES_MAX).0,
        origin: Instant::now(),
        closing: CancellationToken::new(),
        entries: Mutex::default(),
        moving: Alone::default(),
        tasks: TaskTracker::new(),
    });
    shared.tasks.spawn(sweep(Arc::clone(&shared)));
    shared.tasks.spawn(moving::carry_on(Arc::clone(&shared)));
    planted::listen(&shared);
    Handle { shared, actor: Actor::System }
}

/// Looks at all rows and at all that runs, at the start and then now and again: what has no task and needs one gets
/// one. So a task that was lost, or a database that was away at the start, mends itself.
async fn sweep(shared: Arc<Shared>) {
    loop {
        let pause = match sweep_once(&shared).await {
            Ok(()) => shared.options.check_every,
            Err(error) => {
                tracing::error!(%error, "cannot look for workers; trying again");
                shared.options.check_every.min(Duration::from_secs(5))
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = shared.closing.cancelled() => return,
        }
    }
}

async fn sweep_once(shared: &Arc<Shared>) -> Result<(), StoreError> {
    let running = shared.runtime.list().await.unwrap_or_else(|error| {
        tracing::error!(%error, "cannot list the workers that run");
        Vec::new()
    });
    let rows = shared.store.operator().workers().await?;
    let wanted = rows
        .iter()
        .filter(|row| row.desired_state == DesiredState::Run || row.pid.is_some())
        .map(|row| row.tenant_id);
    for tenant in wanted.chain(running) {
        Shared::look_after(shared, tenant);
    }
    // Wishes that were written past us, by another program.
    for row in rows.iter().filter(|row| row.desired_state == DesiredState::Stopped && row.pid.is_some()) {
        shared.remind(row.tenant_id);
    }
    Ok(())
}

impl Shared {
    /// Sees that a tenant has a task.
    fn look_after(shared: &Arc<Self>, tenant: TenantId) {
        let mut entries = shared.entries();
        if !shared.closing.is_cancelled() && !entries.contains_key(&tenant) {
            let entry = Self::spawn(shared, tenant);
            entries.insert(tenant, entry);
        }
    }

    /// Has a tenant's task look at what is wanted, where it has time.
    fn remind(&self, tenant: TenantId) {
        if let Some(entry) = self.entries().get(&tenant) {
            let _busy_is_fine = entry.commands.try_send(Command::Reconsider);
        }
    }

    /// Hands a request to a tenant's task, which is made where there is none.
    pub(crate) fn send(shared: &Arc<Self>, tenant: TenantId, command: Command) -> Result<(), Error> {
        let mut entries = shared.entries();
        if shared.closing.is_cancelled() {
            return Err(Error::ShuttingDown);
        }
        let entry = entries.entry(tenant).or_insert_with(|| Self::spawn(shared, tenant));
        entry.commands.try_send(command).map_err(|_| Error::Busy)
    }

    fn spawn(shared: &Arc<Self>, tenant: TenantId) -> Entry {
        let (commands, received) = mpsc::channel(COMMANDS_MAX);
        let live = Arc::new(Mutex::new(LiveState::default()));
        let messages = Arc::new(Mutex::new(None));
        let task =
            Tenant::new(tenant, Arc::clone(shared), received, Arc::clone(&live), Arc::clone(&messages));
        let shared_by_task = Arc::clone(shared);
        shared.tasks.spawn(async move {
            // A fault in one tenant's task must not take the others along; the next sweep makes it a new one,
            // which adopts what runs.
            if std::panic::AssertUnwindSafe(task.run()).catch_unwind().await.is_err() {
                tracing::error!(%tenant, "the task of a tenant has panicked; it will be made anew");
                shared_by_task.entries().remove(&tenant);
            }
        });
        Entry { commands, live, messages }
    }

    /// Ends a tenant's task, unless a request has come in meanwhile.
    pub(crate) fn retire(&self, tenant: TenantId, commands: &mut mpsc::Receiver<Command>) -> Option<Command> {
        let mut entries = self.entries();
        let command = commands.try_recv().ok();
        if command.is_none() {
            entries.remove(&tenant);
        }
        command
    }

    /// Hands a message to a tenant's worker.
    pub(crate) fn tell(&self, tenant: TenantId, message: Message) -> Result<(), Error> {
        let messages = {
            let entries = self.entries();
            let entry = entries.get(&tenant).ok_or(Error::NotRunning)?;
            let linked = lock(&entry.live).linked;
            let messages = lock(&entry.messages).clone().ok_or(Error::NotRunning)?;
            if !linked {
                return Err(Error::NotLinked);
            }
            messages
        };
        messages.try_send(message).map_err(|_| Error::Busy)
    }

    /// The packs of this installation now.
    pub(crate) fn packs(&self) -> Arc<Packs> {
        Arc::clone(&lock(&self.packs))
    }

    /// Takes other packs, and has every worker told what is new to it. One that cannot be told now hears of it with its next
    /// heartbeat.
    pub(crate) fn exchange_packs(&self, packs: Packs) {
        *lock(&self.packs) = Arc::new(packs);
        let tenants: Vec<TenantId> = self.entries().keys().copied().collect();
        for tenant in tenants {
            let _next_heartbeat = self.tell(tenant, Message::Reload);
            self.changed(tenant, ChangeKind::Status);
        }
    }

    /// How fast a tenant's worker may act, by which clock, beside how many others, and whether there is room for what it takes.
    pub(crate) fn limits(&self, tenant: TenantId) -> Limits {
        let neighbours = u32::try_from(self.entries().len()).unwrap_or(u32::MAX);
        let disk_short = self.disk_short(tenant).is_some_and(|short| *short.borrow());
        Limits { neighbours, disk_short, ..self.options.limits() }
    }

    /// Whether the disk on which a tenant's worker lies is short of room.
    pub(crate) fn disk_short(&self, tenant: TenantId) -> Option<watch::Receiver<bool>> {
        self.runtime.disk_short(tenant).or_else(|| self.options.disk_short.clone())
    }

    pub(crate) fn live(&self, tenant: TenantId) -> Option<Live> {
        let entries = self.entries();
        entries.get(&tenant).map(|entry| lock(&entry.live).snapshot(Instant::now(), self.clock.now()))
    }

    pub(crate) fn glance<T>(&self, mut pick: impl FnMut(TenantId, Glance<'_>) -> Option<T>) -> Vec<T> {
        let entries = self.entries();
        entries.iter().filter_map(|(tenant, entry)| pick(*tenant, lock(&entry.live).glance())).collect()
    }

    pub(crate) fn workers_here(&self) -> HashSet<u32> {
        self.glance(|_, worker| worker.pid.filter(|_| worker.is_here)).into_iter().collect()
    }

    /// When a code is void that is good for this long. What a worker says is believed up to a limit.
    pub(crate) fn expiry(&self, expires_in_ms: u64) -> domain::Timestamp {
        let time = Duration::from_millis(expires_in_ms).min(CODE_TIME);
        self.clock.now().checked_add(time).unwrap_or(domain::Timestamp::MAX)
    }

    /// Forgets a pairing code that is void, and says so.
    pub(crate) fn forget_pairing_code(&self, tenant: TenantId, live: &Mutex<LiveState>) {
        let forgotten = lock(live).pairing_code.take();
        if forgotten.is_some() {
            self.changed(tenant, ChangeKind::PairingCode);
        }
    }

    pub(crate) fn changed(&self, tenant: TenantId, kind: ChangeKind) {
        // No reader is no fault.
        let _readers = self.changes.send(Change { tenant, kind });
    }

    /// Does something in the store until it is done or refused, however long the database is away. While the
    /// supervisor closes, one try is all.
    pub(crate) async fn stored<T, F>(&self, what: impl Fn() -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        self.stored_in_turn(&self.questions, what).await
    }

    /// The same among others than all.
    pub(crate) async fn stored_in_turn<T, F>(
        &self,
        turns: &Semaphore,
        what: impl Fn() -> F,
    ) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        let mut pause = Duration::from_millis(100);
        loop {
            let answer = {
                // It is never closed.
                let _turn = turns.acquire().await;
                // Apart: the task of each tenant would keep room for the largest of them all the while.
                Box::pin(what()).await
            };
            match answer {
                Err(error @ StoreError::Unavailable(_)) => {
                    if pause.as_millis() == 100 {
                        tracing::warn!(%error, "waiting for the database");
                    }
                    tokio::select! {
                        () = tokio::time::sleep(pause) => {}
                        () = self.closing.cancelled() => return Err(error),
                    }
                    pause = (pause * 2).min(Duration::from_secs(2));
                }
                done => return done,
            }
        }
    }

    pub(crate) async fn shutdown(&self, leave: bool) {
        self.closing.cancel();
        let commands: Vec<_> = self.entries().values().map(|entry| entry.commands.clone()).collect();
        for commands in commands {
            // Where the task has gone meanwhile there is nothing to end.
            let _gone = commands.send(Command::Shutdown { leave }).await;
        }
        self.tasks.close();
        self.tasks.wait().await;
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<TenantId, Entry>> {
        lock(&self.entries)
    }
}

/// Locks; what is behind these locks is whole at every instant, so that a panic elsewhere harms nothing.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
