//! Changes that workers bring all the time, committed together where they wait for one another.
//!
//! SQLite has one writer, and each commit waits for the disk: tenants that write at once would wait for each other's. So what
//! waits while one commit is under way is done in one transaction and synced once. Nobody is told before the commit. A change
//! that fails undoes all of them: it is then carried out alone, and the others without it. PostgreSQL does the same by itself.

use std::{
    collections::VecDeque,
    future::Future,
    pin::Pin,
    sync::{Mutex, MutexGuard, PoisonError},
};

use domain::TenantId;
use tokio::sync::oneshot;

use crate::{
    Engine, Store, StoreError,
    db::{Access, Tx},
};

/// Changes of one commit: the writer is nobody else's meanwhile.
const MOST: usize = 32;

/// A change of one tenant's rows that may be carried out again where it was undone.
pub(crate) trait Change: Send + Sync + 'static {
    /// What comes of it.
    type Done: Send;

    /// Whose rows it changes.
    fn tenant(&self) -> TenantId;

    /// For whose rows its transaction is: nobody's where it is the operator's work.
    fn reach(&self) -> Option<TenantId> {
        Some(self.tenant())
    }

    /// Carries it out in a transaction of its tenant, which somebody else commits. It is undone where it fails, or is not to
    /// stay.
    fn carry_out(&self, tx: &mut Tx) -> impl Future<Output = Result<Self::Done, StoreError>> + Send;

    /// Whether what was done is to stay.
    fn stays(_done: &Self::Done) -> bool {
        true
    }
}

/// Changes that wait for the writer.
#[derive(Default)]
pub(crate) struct Together(Mutex<Queue>);

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Box<dyn Job>>,
    /// Whether somebody carries them out.
    attended: bool,
}

/// A change with whoever waits for it.
trait Job: Send {
    fn reach(&self) -> Option<TenantId>;
    /// Carries it out and keeps what comes of it; whether it is to stay.
    fn carry_out<'a>(&'a mut self, tx: &'a mut Tx) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>>;
    /// It failed by this.
    fn fails(&mut self, error: StoreError);
    /// Tells what came of it.
    fn tell(self: Box<Self>);
}

struct Asked<C: Change> {
    change: C,
    done: Option<Result<C::Done, StoreError>>,
    asker: oneshot::Sender<Result<C::Done, StoreError>>,
}

impl<C: Change> Job for Asked<C> {
    fn reach(&self) -> Option<TenantId> {
        self.change.reach()
    }

    fn carry_out<'a>(&'a mut self, tx: &'a mut Tx) -> Pin<Box<dyn Future<Output = bool> + Send + 'a>> {
        Box::pin(async move {
            let done = self.change.carry_out(tx).await;
            self.done.insert(done).as_ref().is_ok_and(C::stays)
        })
    }

    fn fails(&mut self, error: StoreError) {
        self.done = Some(Err(error));
    }

    fn tell(self: Box<Self>) {
        if let Some(done) = self.done {
            // Whoever asked may have gone.
            let _gone = self.asker.send(done);
        }
    }
}

impl Together {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts one behind the others; whether nobody carries them out yet.
    fn put(&self, job: Box<dyn Job>) -> bool {
        let mut queue = self.lock();
        queue.waiting.push_back(job);
        !std::mem::replace(&mut queue.attended, true)
    }

    /// The next ones; none: whoever carried them out is done with that.
    fn next(&self) -> Vec<Box<dyn Job>> {
        let mut queue = self.lock();
        let count = queue.waiting.len().min(MOST);
        queue.attended = count > 0;
        queue.waiting.drain(..count).collect()
    }
}

impl Store {
    /// Carries out a change, with those of others in one commit where they wait for the same writer. It is done even if its
    /// caller gives up meanwhile.
    pub(crate) async fn together<C: Change>(&self, change: C) -> Result<C::Done, StoreError> {
        let (asker, answer) = oneshot::channel();
        let mut job = Box::new(Asked { change, done: None, asker });
        if self.engine() == Engine::Postgres {
            alone(self, &mut *job).await;
            return job.done.unwrap_or_else(|| Err(gone()));
        }
        if self.db().together().put(job) {
            let store = self.clone();
            self.db().tasks().spawn(async move { attend(&store).await });
        }
        answer.await.unwrap_or_else(|_| Err(gone()))
    }
}

/// The runtime ended in the middle.
fn gone() -> StoreError {
    sqlx::Error::WorkerCrashed.into()
}

/// Whoever carries them out. One that panics takes those that wait along, who are told so and may come again: nobody would ever
/// attend to them otherwise.
struct Attending<'a>(&'a Together);

impl Drop for Attending<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            *self.0.lock() = Queue::default();
        }
    }
}

async fn attend(store: &Store) {
    let _attending = Attending(store.db().together());
    loop {
        // Whoever was told just now may come with the next one at once: together with the others rather than before them.
        tokio::task::yield_now().await;
        let jobs = store.db().together().next();
        if jobs.is_empty() {
            return;
        }
        for job in carry_out(store, jobs).await {
            job.tell();
        }
    }
}

/// Carries them all out, as many together as can be.
async fn carry_out(store: &Store, mut jobs: Vec<Box<dyn Job>>) -> Vec<Box<dyn Job>> {
    let mut done = Vec::with_capacity(jobs.len());
    while jobs.len() > 1 {
        match all(store, &mut jobs).await {
            Ok(None) => {
                done.append(&mut jobs);
                return done;
            }
            Ok(Some(place)) => {
                let mut job = jobs.remove(place);
                alone(store, &mut *job).await;
                done.push(job);
            }
            Err(error) => {
                tracing::debug!(%error, "changes that were made together are made one by one");
                break;
            }
        }
    }
    for mut job in jobs {
        alone(store, &mut *job).await;
        done.push(job);
    }
    done
}

/// Carries out one in a transaction of its own.
async fn alone(store: &Store, job: &mut dyn Job) {
    let access = Access { tenant: job.reach(), write: true };
    let done = async {
        let mut tx = store.begin(access).await?;
        if job.carry_out(&mut tx).await {
            tx.commit().await?;
        }
        Ok(())
    };
    if let Err(error) = done.await {
        job.fails(error);
    }
}

/// Carries out several in one transaction, or none: the place of the first that is not to stay. An error is of the database's,
/// and each is to get one of its own.
async fn all(store: &Store, jobs: &mut [Box<dyn Job>]) -> Result<Option<usize>, StoreError> {
    let mut tx = store.begin(Access { tenant: None, write: true }).await?;
    for (place, job) in jobs.iter_mut().enumerate() {
        tx.turn_to(job.reach());
        if !job.carry_out(&mut tx).await {
            return Ok(Some(place));
        }
    }
    tx.commit().await?;
    Ok(None)
}
