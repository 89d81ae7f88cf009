//! Workers as processes of this machine, each in a session of its own.
//!
//! Every path is made of ids alone. A worker's environment says where SQLite's temporary files belong and how its memory is given back, and nothing else, its arguments are `worker TENANT`, and of our
//! descriptors it gets three: the launch socket, and twice the pipe that leads to its tenant's log.

mod carried;
mod copied;
mod files;
mod find;
mod groups;
mod left;
mod logs;
mod mark;
mod nursery;
mod oom;
mod output;
mod planted;
mod process;
mod rounds;
mod size;
mod spawn;
mod tail;
mod throttle;
mod users;

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use domain::TenantId;
use link::{Generation, socket};
use vault::Resealer;

use crate::{Alone, CellMark, LogTail, OpenError, Order, Process, Runtime, StartError, Stream, WorkerId};
pub use carried::through;
use nursery::Nursery;
use oom::OomKills;
pub use oom::memory_events;
use process::{LocalProcess, Looks};
use throttle::Throttle;
pub use throttle::{NoThrottle, ThrottleGroups};
use tokio::task::JoinSet;
pub use users::{Users, UsersError};

/// The first descriptor after standard input, output and error.
const FIRST_OTHER: i32 = 3;

/// Where workers' files lie.
#[derive(Debug, Clone)]
pub struct LocalOptions {
    /// What is run; see [`executable`].
    pub executable: PathBuf,
    /// What stands before the tenant's id in the arguments: `worker`.
    pub arguments: Vec<String>,
    /// One directory a tenant: SESSIONS_PATH.
    pub cells: PathBuf,
    /// One log a tenant: LOGS_PATH.
    pub logs: PathBuf,
    /// The workers' sockets; of the control plane alone.
    pub sockets: PathBuf,
    /// A log larger than this is rotated.
    pub log_max_bytes: u64,
    /// Rotated logs that are kept.
    pub logs_kept: u32,
    /// How long a worker may take to report that it is ready.
    pub ready_time: std::time::Duration,
    /// A user of its own for each tenant, where there are some.
    pub users: Option<Users>,
    /// Workers are forked from a process that has everything loaded; the executable must know the arguments of
    /// [`zygote::arguments`] then. Otherwise each is started.
    pub forked: bool,
    /// Where a worker is put that takes the processors from the others, where there is such a place.
    pub throttle: Option<Arc<ThrottleGroups>>,
}

/// Starts and finds workers on this machine. Linux only.
#[derive(Debug)]
pub struct LocalProcesses {
    options: Arc<LocalOptions>,
    /// Where workers are forked from.
    nursery: Option<Arc<Nursery>>,
    looks: Arc<Looks>,
    /// Tenants of which a worker is being started, or a cell closed or laid: one after the other.
    alone: Alone,
    /// Looks at all of them.
    _rounds: JoinSet<()>,
}

impl LocalProcesses {
    /// Makes the directories that are missing, with mode 0700, and closes what this process has inherited to workers:
    /// descriptors of our own are never inherited, but whoever started us may have left some open. Within a runtime: something goes
    /// on looking at them.
    ///
    /// # Errors
    /// Where one cannot be made, or something else stands in its place.
    pub fn open(options: LocalOptions) -> Result<Self, OpenError> {
        close_fds::CloseFdsBuilder::new().cloexecfrom(FIRST_OTHER);
        let closed: &[&PathBuf] = match options.users {
            // Open to the group of our users already.
            Some(_) => &[&options.logs, &options.sockets],
            None => &[&options.cells, &options.logs, &options.sockets],
        };
        for path in closed {
            files::own_directory(path).map_err(|source| OpenError::Path { path: (*path).clone(), source })?;
        }
        let absolute = |path: &Path| {
            std::path::absolute(path).map_err(|source| OpenError::Path { path: path.to_owned(), source })
        };
        let options = LocalOptions {
            executable: absolute(&options.executable)?,
            cells: absolute(&options.cells)?,
            logs: absolute(&options.logs)?,
            sockets: absolute(&options.sockets)?,
            ..options
        };
        let nursery = options.forked.then(|| Arc::new(Nursery::new(&options)));
        let looks = Arc::new(Looks {
            oom: OomKills::of_this_group(),
            sizes: Arc::default(),
            room: rounds::Room::default(),
            throttle: Arc::new(Throttle::new(options.throttle.clone())),
        });
        let mut rounds = JoinSet::new();
        rounds.spawn(rounds::go(Arc::clone(&looks), options.cells.clone()));
        Ok(Self { options: Arc::new(options), nursery, looks, alone: Alone::default(), _rounds: rounds })
    }
}

impl LocalOptions {
    fn cell(&self, tenant: TenantId) -> PathBuf {
        self.cells.join(tenant.to_string())
    }

    fn log(&self, tenant: TenantId) -> PathBuf {
        self.logs.join(format!("{tenant}.log"))
    }

    fn sockets(&self, tenant: TenantId) -> PathBuf {
        self.sockets.join(tenant.to_string())
    }
}

/// The executable that workers are: what is configured, or this one. After an upgrade the running one's own path ends
/// in " (deleted)" (proc(5)); the file that took its place is then meant.
///
/// # Errors
/// Where this process cannot tell its own path.
pub fn executable(configured: Option<PathBuf>) -> io::Result<PathBuf> {
    let path = configured.map_or_else(std::env::current_exe, Ok)?;
    let text = path.to_string_lossy();
    Ok(text.strip_suffix(" (deleted)").map_or_else(|| path.clone(), PathBuf::from))
}

#[async_trait]
impl Runtime for LocalProcesses {
    async fn start(&self, order: Order) -> Result<Arc<dyn Process>, StartError> {
        let _alone = self.alone.with(order.id.tenant).await;
        spawn::start(Arc::clone(&self.options), self.nursery.clone(), Arc::clone(&self.looks), order).await
    }

    async fn find(
        &self,
        tenant: TenantId,
        hint: Option<(Generation, u32)>,
    ) -> io::Result<Vec<Arc<dyn Process>>> {
        let mut found: Vec<Arc<dyn Process>> = Vec::new();
        for process in find::by_socket(&self.options, &self.looks, tenant).await? {
            found.push(process);
        }
        if let Some((generation, pid)) = hint
            && !found.iter().any(|process| process.pid() == Some(pid))
            && let Some(process) =
                find::by_pid(&self.options, &self.looks, WorkerId { tenant, generation }, pid)?
        {
            found.push(process);
        }
        Ok(found)
    }

    async fn list(&self) -> io::Result<Vec<TenantId>> {
        let mut tenants = Vec::new();
        let mut entries = tokio::fs::read_dir(&self.options.sockets).await?;
        while let Some(entry) = entries.next_entry().await? {
            tenants.extend(entry.file_name().to_str().and_then(|name| name.parse::<TenantId>().ok()));
        }
        Ok(tenants)
    }

    async fn dial(&self, process: &Arc<dyn Process>) -> io::Result<Box<dyn Stream>> {
        let id = process.id();
        let name = socket::file_name(id.tenant, id.generation);
        crash::connects(crash::Peer::Worker)?;
        let stream = socket::connect(&self.options.sockets(id.tenant), &name).await?;
        let peer = find::peer(&stream)?;
        if Some(peer) != process.pid() {
            let words = format!("process {peer} answers in the place of this worker");
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, words));
        }
        Ok(Box::new(stream))
    }

    async fn forget(&self, id: WorkerId) {
        let directory = self.options.sockets(id.tenant);
        let _gone = std::fs::remove_file(directory.join(socket::file_name(id.tenant, id.generation)));
        let _gone = output::forget(&self.options, id);
        // Stays where something of another generation is in it.
        let _not_empty = std::fs::remove_dir(directory);
    }

    async fn log_tail(&self, tenant: TenantId, most: u64, after: Option<u64>) -> io::Result<LogTail> {
        let log = self.options.log(tenant);
        tokio::task::spawn_blocking(move || tail::read(&log, most, after)).await.map_err(io::Error::other)?
    }

    async fn journal_copy(&self, tenant: TenantId) -> io::Result<Vec<(&'static str, File)>> {
        let cell = self.options.cell(tenant);
        tokio::task::spawn_blocking(move || copied::take(&cell)).await.map_err(io::Error::other)?
    }

    async fn journal_at_rest(&self, tenant: TenantId) -> io::Result<Vec<(&'static str, File)>> {
        let cell = self.options.cell(tenant);
        tokio::task::spawn_blocking(move || copied::at_rest(&cell)).await.map_err(io::Error::other)?
    }

    async fn cell_at_rest(
        &self,
        tenant: TenantId,
        resealer: Option<Arc<Resealer>>,
    ) -> io::Result<Vec<(String, File)>> {
        let cell = self.options.cell(tenant);
        let copied = tokio::task::spawn_blocking(move || carried::copy(&cell, resealer.as_deref()));
        copied.await.map_err(io::Error::other)?
    }

    async fn lay_cell(
        &self,
        tenant: TenantId,
        resealer: Option<Arc<Resealer>>,
        files: Vec<(String, File)>,
    ) -> io::Result<()> {
        let _alone = self.alone.with(tenant).await;
        let cell = self.options.cell(tenant);
        let laid = tokio::task::spawn_blocking(move || {
            match resealer {
                // It comes from another installation: what was said of it in an earlier life here is over.
                Some(_) => mark::forget_all(&cell)?,
                None => mark::may_be_laid(&cell)?,
            }
            carried::lay(&cell, resealer.as_deref(), files)
        });
        laid.await.map_err(io::Error::other)?
    }

    async fn mark_cell(&self, tenant: TenantId, mark: CellMark) -> io::Result<()> {
        let _alone = self.alone.with(tenant).await;
        let cell = self.options.cell(tenant);
        tokio::task::spawn_blocking(move || mark::write(&cell, mark)).await.map_err(io::Error::other)?
    }

    async fn purge(&self, tenant: TenantId) -> io::Result<()> {
        let options = Arc::clone(&self.options);
        tokio::task::spawn_blocking(move || files::purge(&options, tenant)).await.map_err(io::Error::other)?
    }
}
