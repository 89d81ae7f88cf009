//! What runs on a host, and how what has run has ended, until that was taken in.
//!
//! Of each tenant one thing is done at a time: whoever looks for what runs waits for a start that is under way, and a start that
//! comes after somebody else was admitted is not begun.

use std::{
    collections::HashMap,
    io,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use domain::{TenantId, WorkerBounds};
use link::Generation;
use supervisor::{Alone, Ended, Order, Process, Runtime, WorkerId};
use tokio::{
    sync::{OwnedMutexGuard, watch},
    time::Instant,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{connection::Superseded, planted};
use crate::wire::Started;

/// A worker that runs, or has run.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) process: Arc<dyn Process>,
    pub(super) ended: watch::Receiver<Option<Ended>>,
}

impl Known {
    fn lives(&self) -> bool {
        self.ended.borrow().is_none()
    }
}

/// All workers of a host.
pub(super) struct Workers {
    pub(super) runtime: Arc<dyn Runtime>,
    /// Looks at workers are in step with this moment.
    pub(super) origin: Instant,
    bounds: Option<WorkerBounds>,
    known: Mutex<HashMap<WorkerId, Known>>,
    turns: Alone,
    /// The connection that is listened to, and what ends it.
    newest: AtomicU64,
    admitted: Mutex<Superseded>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

/// Another control plane has been admitted meanwhile.
pub(super) struct Overtaken;

impl Workers {
    pub(super) fn new(
        runtime: Arc<dyn Runtime>,
        bounds: Option<WorkerBounds>,
        tasks: TaskTracker,
        stop: CancellationToken,
    ) -> Arc<Self> {
        Arc::new(Self {
            runtime,
            origin: Instant::now(),
            bounds,
            known: Mutex::default(),
            turns: Alone::default(),
            newest: AtomicU64::new(0),
            admitted: Mutex::new(CancellationToken::new()),
            tasks,
            stop,
        })
    }

    /// Listens to another connection from now on: its number, and what ends it once it is followed by the next.
    pub(super) fn admit(&self) -> (u64, Superseded) {
        let mut admitted = lock(&self.admitted);
        let number = self.newest.fetch_add(1, Ordering::SeqCst) + 1;
        std::mem::replace(&mut *admitted, CancellationToken::new()).cancel();
        (number, admitted.clone())
    }

    /// A tenant's turn for a change, where the connection that asks for it is still listened to.
    pub(super) async fn change(&self, tenant: TenantId, by: u64) -> Result<OwnedMutexGuard<()>, Overtaken> {
        let turn = self.turns.with(tenant).await;
        if self.newest.load(Ordering::SeqCst) == by { Ok(turn) } else { Err(Overtaken) }
    }

    /// Starts a worker.
    pub(super) async fn start(&self, mut order: Order, by: u64) -> Result<Started, Overtaken> {
        let id = order.id;
        let _turn = self.change(id.tenant, by).await?;
        order.bounds = self.bounds.unwrap_or(order.bounds);
        Ok(match self.runtime.start(order).await {
            Ok(process) => {
                let pid = process.pid();
                self.know(process);
                Started::Ready { pid }
            }
            Err(error) => {
                tracing::warn!(tenant = %id.tenant, generation = id.generation, %error, "a worker was not started");
                Started::from(error)
            }
        })
    }

    /// All that runs of a tenant.
    pub(super) async fn find(
        &self,
        tenant: TenantId,
        hint: Option<(Generation, u32)>,
    ) -> io::Result<Vec<Known>> {
        let _turn = self.turns.with(tenant).await;
        for process in planted::found(self.runtime.find(tenant, hint).await?) {
            self.know(process);
        }
        let known = lock(&self.known);
        Ok(known
            .iter()
            .filter(|(id, known)| id.tenant == tenant && known.lives())
            .map(|(_, k)| k.clone())
            .collect())
    }

    /// One worker, where it is known or runs.
    pub(super) async fn get(&self, id: WorkerId) -> io::Result<Option<Known>> {
        let known = lock(&self.known).get(&id).cloned();
        if known.is_some() {
            return Ok(known);
        }
        let found = self.find(id.tenant, None).await?;
        Ok(found.into_iter().find(|known| known.process.id() == id))
    }

    /// The tenants of which something may run.
    pub(super) async fn list(&self) -> io::Result<Vec<TenantId>> {
        let mut tenants = self.runtime.list().await?;
        tenants.extend(lock(&self.known).iter().filter(|(_, known)| known.lives()).map(|(id, _)| id.tenant));
        tenants.sort_unstable();
        tenants.dedup();
        Ok(tenants)
    }

    /// Forgets a worker that has ended.
    pub(super) async fn forget(&self, id: WorkerId) {
        let _turn = self.turns.with(id.tenant).await;
        let lives = {
            let mut known = lock(&self.known);
            let lives = known.get(&id).is_some_and(Known::lives);
            if !lives {
                known.remove(&id);
            }
            lives
        };
        // What lives is not forgotten, whoever asks: its socket is the only way to it.
        if !lives {
            self.runtime.forget(id).await;
        }
    }

    /// Forgets all that has run of a tenant whose files are gone.
    pub(super) fn purged(&self, tenant: TenantId) {
        lock(&self.known).retain(|id, known| id.tenant != tenant || known.lives());
    }

    /// How many run.
    pub(super) fn running(&self) -> u32 {
        let running = lock(&self.known).values().filter(|known| known.lives()).count();
        u32::try_from(running).unwrap_or(u32::MAX)
    }

    /// Takes over what ran before this host's start, so that it is read what its workers say.
    pub(super) async fn adopt_all(&self) {
        let tenants = self.runtime.list().await.unwrap_or_else(|error| {
            tracing::error!(%error, "cannot list the workers that run");
            Vec::new()
        });
        for tenant in tenants {
            if let Err(error) = self.find(tenant, None).await {
                tracing::error!(%tenant, %error, "cannot look for a worker that may run");
            }
        }
        tracing::info!(running = self.running(), "this host has looked for what runs");
    }

    /// Takes charge of a worker. Of one that is known already, whoever started it knows most.
    fn know(&self, process: Arc<dyn Process>) {
        let id = process.id();
        let mut known = lock(&self.known);
        if known.get(&id).is_some_and(|known| known.lives() && known.process.pid() == process.pid()) {
            return;
        }
        // An earlier generation whose end nobody has taken in: nobody will ask for it once there is a later one.
        known.retain(|other, known| {
            other.tenant != id.tenant || other.generation > id.generation || known.lives()
        });
        let (ended, seen) = watch::channel(None);
        let (watched, stop) = (Arc::clone(&process), self.stop.clone());
        self.tasks.spawn(async move {
            if let Some(how) = stop.run_until_cancelled(watched.ended()).await {
                ended.send_replace(Some(how));
            }
        });
        known.insert(id, Known { process, ended: seen });
    }
}

/// Locks; what is behind these locks is whole at every instant.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
