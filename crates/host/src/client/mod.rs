//! The control plane's side of one host: a runtime that asks over one connection, which is opened again whenever it is cut.
//!
//! What is asked while it is cut is answered with words at once. A start whose answer was lost is told as such: whoever asked looks
//! what runs before another is begun, and the host looks after whatever it had begun by then.

mod connection;
mod process;
mod seen;

use std::{fs::File, io, path::PathBuf, sync::Arc};

use async_trait::async_trait;
use domain::TenantId;
use link::{Generation, cell::JOURNAL_DATABASE};
use supervisor::{CellMark, Host, HostAbout, LogTail, Order, Process, Runtime, StartError, Stream, WorkerId};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_util::task::{AbortOnDropHandle, TaskTracker};
use vault::Resealer;

use self::connection::{Asked, Connection, spoken};
use crate::{
    About, HostError, HostKey, files,
    wire::{Answer, FOUND_MAX, Found, LISTED_MAX, Listed, Started, Tail, Verb, hear, within},
};
use process::HostProcess;
pub use seen::Seen;

/// The longest end of a log that is asked for at once.
const TAIL_MAX_BYTES: u64 = 16 * 1024 * 1024;
/// Names of a journal's files, see `link::cell`.
const JOURNAL: [&str; 2] = [JOURNAL_DATABASE, "journal.db-wal"];

/// A host as a runtime. Dropped, its connection ends, and its workers go on.
pub struct HostRuntime {
    connection: Arc<Connection>,
    /// Where files are laid that are on their way.
    folder: PathBuf,
    _kept: AbortOnDropHandle<()>,
}

impl std::fmt::Debug for HostRuntime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HostRuntime").field("host", &self.connection.name).finish_non_exhaustive()
    }
}

impl HostRuntime {
    /// Opens a connection to the host of this name at this address (`HOST:PORT`, looked up at each try), and keeps it open. Called
    /// within a runtime of tokio.
    ///
    /// # Errors
    /// Where that is no name of a host, or TLS cannot be set up.
    pub fn new(name: &str, address: &str, key: HostKey) -> Result<Self, HostError> {
        if !domain::is_host_name(name) {
            return Err(HostError::Malformed(format!(
                "{name:?} is no name of a host: letters, digits and hyphens are"
            )));
        }
        let connection = Connection::new(name.to_owned(), address.to_owned(), key)?;
        let kept = TaskTracker::new().spawn(Arc::clone(&connection).keep());
        Ok(Self { connection, folder: std::env::temp_dir(), _kept: AbortOnDropHandle::new(kept) })
    }

    /// Has files that are on their way lie in this folder, in place of the system's.
    #[must_use]
    pub fn with_folder(self, folder: PathBuf) -> Self {
        Self { folder, ..self }
    }

    /// The newest incarnation that has proved itself.
    #[must_use]
    pub fn seen(&self) -> Option<Seen> {
        self.connection.seen()
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.connection.name
    }

    /// Why it cannot be talked with now, in words; `None` where it can.
    #[must_use]
    pub fn away(&self) -> Option<String> {
        self.connection.away()
    }

    /// Returns once it is there where it was away, or away where it was there.
    pub async fn changed(&self) {
        self.connection.changed().await;
    }

    /// What the host says of itself.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotConnected`] with words where it is away.
    pub async fn about(&self) -> io::Result<About> {
        let (about, _) = self.connection.ask::<About>(Verb::About).await?;
        Ok(about.tidied())
    }

    fn process(&self, id: WorkerId, pid: Option<u32>) -> Arc<dyn Process> {
        Arc::new(HostProcess::new(id, pid, Arc::clone(&self.connection)))
    }

    /// Files that a verb is answered with.
    async fn files(&self, verb: Verb) -> io::Result<Vec<(String, File)>> {
        let (name, patience) = (verb.name(), verb.patience());
        let ((), mut talk) = self.connection.ask::<()>(verb).await?;
        within(patience, files::receive(&mut talk, &self.folder))
            .await
            .map_err(|error| self.connection.cut(name, &error))
    }

    async fn journal(&self, verb: Verb) -> io::Result<Vec<(&'static str, File)>> {
        let named = |(name, file): (String, File)| {
            let known = JOURNAL.into_iter().find(|known| *known == name);
            known
                .map(|known| (known, file))
                .ok_or_else(|| self.connection.lies("files came that are no journal's"))
        };
        self.files(verb).await?.into_iter().map(named).collect()
    }
}

#[async_trait]
impl Runtime for HostRuntime {
    async fn within_reach(&self, _: TenantId) -> io::Result<()> {
        self.connection.there().await.map(drop)
    }

    async fn start(&self, order: Order) -> Result<Arc<dyn Process>, StartError> {
        let id = order.id;
        match self.connection.try_ask::<Started>(Verb::Start(Box::new(order.into()))).await {
            Ok((started, _)) => Ok(self.process(id, started.into_result()?)),
            Err(Asked::Refused(why)) => Err(StartError::There(why.to_string())),
            Err(Asked::Away(why)) => Err(StartError::Away(why)),
        }
    }

    async fn find(
        &self,
        tenant: TenantId,
        hint: Option<(Generation, u32)>,
    ) -> io::Result<Vec<Arc<dyn Process>>> {
        let (found, _) = self.connection.ask::<Found>(Verb::Find { tenant, hint }).await?;
        if found.workers.len() > FOUND_MAX {
            return Err(self.connection.lies("more workers of one tenant than any could have"));
        }
        let process = |(generation, pid)| self.process(WorkerId { tenant, generation }, pid);
        Ok(found.workers.into_iter().map(process).collect())
    }

    async fn list(&self) -> io::Result<Vec<TenantId>> {
        let patience = Verb::List.patience();
        let (mut part, mut talk) = self.connection.ask::<Listed>(Verb::List).await?;
        let rest = async {
            let mut tenants = Vec::new();
            loop {
                let empty = part.tenants.is_empty();
                tenants.append(&mut part.tenants);
                if part.more && (empty || tenants.len() > LISTED_MAX) {
                    return Err(io::Error::new(
                        io::ErrorKind::InvalidData,
                        "a list of tenants without an end",
                    ));
                }
                if !part.more {
                    return Ok(tenants);
                }
                part = hear::<Answer<Listed>>(&mut talk).await??;
            }
        };
        within(patience, rest).await.map_err(|error| self.connection.cut(Verb::List.name(), &error))
    }

    async fn dial(&self, process: &Arc<dyn Process>) -> io::Result<Box<dyn Stream>> {
        let ((), talk) = self.connection.ask::<()>(Verb::Dial { id: process.id() }).await?;
        Ok(Box::new(talk))
    }

    async fn forget(&self, id: WorkerId) {
        // Told or not: the host drops what it knows of a generation once there is a later one.
        if let Err(error) = self.connection.ask::<()>(Verb::Forget { id }).await {
            tracing::debug!(tenant = %id.tenant, generation = id.generation, %error, "a worker was not forgotten");
        }
    }

    async fn log_tail(&self, tenant: TenantId, most: u64, after: Option<u64>) -> io::Result<LogTail> {
        let most = most.min(TAIL_MAX_BYTES);
        let verb = Verb::LogTail { tenant, most, after };
        let (name, patience) = (verb.name(), verb.patience());
        let (head, mut talk) = self.connection.ask::<Tail>(verb).await?;
        let Tail { bytes, more, end, rotating } = head;
        let length = usize::try_from(bytes).ok().filter(|_| bytes <= most);
        let length = length.ok_or_else(|| self.connection.lies("more of a log than was asked for"))?;
        let mut text = vec![0; length];
        let read = within(patience, async { talk.read_exact(&mut text).await.map(drop) }).await;
        read.map_err(|error| self.connection.cut(name, &error))?;
        Ok(LogTail { text, more, end, rotating })
    }

    async fn journal_copy(&self, tenant: TenantId) -> io::Result<Vec<(&'static str, File)>> {
        self.journal(Verb::JournalCopy { tenant }).await
    }

    async fn journal_at_rest(&self, tenant: TenantId) -> io::Result<Vec<(&'static str, File)>> {
        self.journal(Verb::JournalAtRest { tenant }).await
    }

    async fn cell_at_rest(
        &self,
        tenant: TenantId,
        resealer: Option<Arc<Resealer>>,
    ) -> io::Result<Vec<(String, File)>> {
        let files = self.files(Verb::CellAtRest { tenant }).await?;
        through(resealer, files, self.folder.clone()).await
    }

    async fn lay_cell(
        &self,
        tenant: TenantId,
        resealer: Option<Arc<Resealer>>,
        files: Vec<(String, File)>,
    ) -> io::Result<()> {
        let files = through(resealer, files, self.folder.clone()).await?;
        let verb = Verb::LayCell { tenant };
        let (name, patience) = (verb.name(), verb.patience());
        let ((), mut talk) = self.connection.ask::<()>(verb).await?;
        let laid = within(patience, async {
            files::send(&mut talk, files).await?;
            talk.flush().await?;
            hear::<Answer<()>>(&mut talk).await
        });
        spoken(laid.await.map_err(|error| self.connection.cut(name, &error))?)
    }

    async fn mark_cell(&self, tenant: TenantId, mark: CellMark) -> io::Result<()> {
        self.connection.ask::<()>(Verb::MarkCell { tenant, mark }).await.map(drop)
    }

    async fn purge(&self, tenant: TenantId) -> io::Result<()> {
        self.connection.ask::<()>(Verb::Purge { tenant }).await.map(drop)
    }
}

#[async_trait]
impl Host for HostRuntime {
    async fn about(&self) -> io::Result<HostAbout> {
        // The first try is waited for.
        self.connection.there().await?;
        let about = Self::about(self).await?;
        Ok(HostAbout {
            version: about.version,
            name: about.name,
            incarnation: i64::try_from(about.incarnation).unwrap_or(i64::MAX),
            capacity: about.capacity.into(),
            running: about.running.into(),
            disk_free: about.disk_free,
            protections: about.protections,
        })
    }
}

/// The keys are the control plane's alone: a host has its files as they are.
async fn through(
    resealer: Option<Arc<Resealer>>,
    files: Vec<(String, File)>,
    folder: PathBuf,
) -> io::Result<Vec<(String, File)>> {
    let Some(resealer) = resealer else { return Ok(files) };
    let carried = tokio::task::spawn_blocking(move || supervisor::cell_through(&resealer, files, &folder));
    carried.await.map_err(io::Error::other)?
}
