//! The workers of one host, which are tasks of this process.

use std::{
    collections::HashMap,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use domain::{Clock as _, JournalId, SessionState, SystemClock, TenantId};
use link::{
    Generation, Hello, Identity, LinkError,
    message::{Down, Heartbeat, Up},
};
use supervisor::{CellMark, Ended, Order, Process, Runtime, StartError, Stream, WorkerId};
use tokio::{
    io::DuplexStream,
    sync::{Notify, watch},
    time::{Instant, MissedTickBehavior, interval_at},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// What a tunnel holds in each direction, in bytes: as little as is of use, since there are many.
const TUNNEL_BYTES: usize = 4 * 1024;
/// A process id of no process.
const PID: u32 = 4_000_000;

/// What one host runs.
pub(super) struct Played {
    workers: Mutex<HashMap<TenantId, Arc<Worker>>>,
    links: Arc<watch::Sender<u64>>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

struct Worker {
    order: Order,
    journal: JournalId,
    ended: watch::Sender<Option<Ended>>,
    /// Never rung: there is no log and no directory. To look for them, again and again and of all hosts in this one process, would
    /// take a core with a hundred thousand workers.
    news: Notify,
}

impl Played {
    pub(super) fn new(links: Arc<watch::Sender<u64>>, tasks: TaskTracker, stop: CancellationToken) -> Self {
        Self { workers: Mutex::default(), links, tasks, stop }
    }

    fn workers(&self) -> MutexGuard<'_, HashMap<TenantId, Arc<Worker>>> {
        self.workers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Worker {
    fn lives(&self) -> bool {
        self.ended.borrow().is_none()
    }

    fn end(&self, how: Ended) {
        self.ended.send_if_modified(|ended| {
            let first = ended.is_none();
            ended.get_or_insert(how);
            first
        });
    }

    /// Keeps one link until it is cut, or the worker has ended.
    async fn link(self: Arc<Self>, stream: DuplexStream, links: Arc<watch::Sender<u64>>) {
        let mut ended = self.ended.subscribe();
        // Whether it was cut or has ended, there is nobody left to tell.
        tokio::select! {
            _cut = self.talk(stream, &links) => {}
            _ended = ended.wait_for(Option::is_some) => {}
        }
    }

    async fn talk(&self, stream: DuplexStream, links: &watch::Sender<u64>) -> Result<(), LinkError> {
        let id = self.order.id;
        let identity = Identity::new(id.tenant, id.generation, self.order.token.clone());
        let side = link::accept(stream, &identity).await?;
        let hello = Hello {
            journal: self.journal,
            last_sequence: 0,
            build: env!("CARGO_PKG_VERSION").to_owned(),
            wants_records: false,
        };
        let (welcome, mut up, mut down) = side.hello(hello).await?;
        let _counted = Counted::one(links);
        up.send(beat()).await?;
        let every = Duration::from_millis(welcome.limits.heartbeat_interval_ms);
        let mut beats = interval_at(Instant::now() + every, every);
        beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = beats.tick() => up.send(beat()).await?,
                heard = down.recv() => {
                    if matches!(heard?, Down::Stop) {
                        self.end(Ended::Code(0));
                        return Ok(());
                    }
                }
            }
        }
    }
}

/// One link more, until it is dropped.
struct Counted<'a>(&'a watch::Sender<u64>);

impl<'a> Counted<'a> {
    fn one(links: &'a watch::Sender<u64>) -> Self {
        links.send_modify(|links| *links += 1);
        Self(links)
    }
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|links| *links -= 1);
    }
}

fn beat() -> Up {
    Up::Heartbeat(Heartbeat {
        at: SystemClock.now(),
        session: SessionState::Disconnected,
        memory_bytes: Some(2_000_000),
        cpu_ms: 5,
        uptime_ms: 6,
        queued: 0,
        unsent: 0,
        unlogged: 0,
        last_message_at: None,
        settings_version: None,
        unreadable: 0,
        clock_behind_ms: None,
        profile_version: None,
        pack_hash: None,
        hand_offs: 0,
        unsent_records: 0,
        confinement: None,
    })
}

#[async_trait]
impl Process for Worker {
    fn id(&self) -> WorkerId {
        self.order.id
    }

    fn pid(&self) -> Option<u32> {
        Some(PID)
    }

    async fn ended(&self) -> Ended {
        let mut ended = self.ended.subscribe();
        let seen = ended.wait_for(Option::is_some).await;
        seen.ok().and_then(|ended| *ended).unwrap_or(Ended::Unknown)
    }

    async fn terminate(&self) -> io::Result<()> {
        self.end(Ended::Code(0));
        Ok(())
    }

    async fn kill(&self) -> io::Result<()> {
        self.end(Ended::Signal(9));
        Ok(())
    }

    fn news(&self) -> Option<&Notify> {
        Some(&self.news)
    }
}

#[async_trait]
impl Runtime for Played {
    async fn start(&self, order: Order) -> Result<Arc<dyn Process>, StartError> {
        let tenant = order.id.tenant;
        let mut workers = self.workers();
        let before = workers.get(&tenant);
        if before.is_some_and(|worker| worker.lives()) {
            return Err(StartError::CellBusy);
        }
        let journal = before.map_or_else(JournalId::generate, |before| before.journal);
        let worker =
            Arc::new(Worker { order, journal, ended: watch::Sender::new(None), news: Notify::new() });
        workers.insert(tenant, Arc::clone(&worker));
        Ok(worker)
    }

    async fn find(
        &self,
        tenant: TenantId,
        _: Option<(Generation, u32)>,
    ) -> io::Result<Vec<Arc<dyn Process>>> {
        let found = self.workers().get(&tenant).filter(|worker| worker.lives()).map(Arc::clone);
        Ok(found.into_iter().map(|worker| worker as Arc<dyn Process>).collect())
    }

    async fn list(&self) -> io::Result<Vec<TenantId>> {
        Ok(self.workers().iter().filter(|(_, worker)| worker.lives()).map(|(tenant, _)| *tenant).collect())
    }

    async fn dial(&self, process: &Arc<dyn Process>) -> io::Result<Box<dyn Stream>> {
        let id = process.id();
        let worker = self.workers().get(&id.tenant).filter(|worker| worker.order.id == id).map(Arc::clone);
        let worker = worker.filter(|worker| worker.lives()).ok_or(io::ErrorKind::ConnectionRefused)?;
        let (near, far) = tokio::io::duplex(TUNNEL_BYTES);
        let (links, stop) = (Arc::clone(&self.links), self.stop.clone());
        self.tasks.spawn(async move { stop.run_until_cancelled(worker.link(far, links)).await });
        Ok(Box::new(near))
    }

    async fn forget(&self, id: WorkerId) {
        self.workers().retain(|_, worker| worker.order.id != id || worker.lives());
    }

    async fn mark_cell(&self, _: TenantId, _: CellMark) -> io::Result<()> {
        Ok(())
    }

    async fn purge(&self, tenant: TenantId) -> io::Result<()> {
        self.workers().remove(&tenant);
        Ok(())
    }
}
