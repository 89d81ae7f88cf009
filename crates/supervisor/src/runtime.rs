//! Where workers run, as a few verbs, so that something else than local processes can follow.

use std::{fmt, fs::File, io, sync::Arc};

use async_trait::async_trait;
use domain::{Limits, TenantId, WorkerBounds};
use link::{Exit, FilesKey, Generation, Token};
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::{Notify, watch},
};
use vault::Resealer;

use crate::{LogTail, Places, StartError};

/// One generation of one tenant's worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WorkerId {
    /// Whose.
    pub tenant: TenantId,
    /// Which.
    pub generation: Generation,
}

/// What a new worker is told.
#[derive(Debug, Clone)]
pub struct Order {
    /// Who it is.
    pub id: WorkerId,
    /// Its secret.
    pub token: Token,
    /// Another WhatsApp than the real one.
    pub whatsapp_url: Option<String>,
    /// What it logs.
    pub log_level: String,
    /// How fast it may act.
    pub limits: Limits,
    /// Whether it waits with its connection to WhatsApp until it is told to connect.
    pub wait: bool,
    /// What it may take, and how far it confines itself.
    pub bounds: WorkerBounds,
    /// The key by which its files are sealed.
    pub files_key: Option<FilesKey>,
    /// How long it goes on without a link; `None` for as long as it takes.
    pub orphan_after: Option<std::time::Duration>,
}

/// How a worker ended, as far as it can be known: the exit code of a process that is not our child cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// With an exit code.
    Code(i32),
    /// By a signal.
    Signal(i32),
    /// The kernel ended it for lack of memory, where that can be told.
    OutOfMemory,
    /// Nobody knows.
    Unknown,
}

impl Ended {
    /// What it means for starting again.
    #[must_use]
    pub const fn exit(self) -> Exit {
        match self {
            Self::Code(code) => Exit::from_code(code),
            Self::Signal(_) | Self::OutOfMemory | Self::Unknown => Exit::Failed,
        }
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => match Exit::from_code(*code) {
                Exit::Failed => write!(f, "the worker failed with exit code {code}"),
                exit => f.write_str(exit.advice()),
            },
            Self::Signal(9) => {
                f.write_str("the worker was killed by signal 9: by a person, or for lack of memory")
            }
            Self::OutOfMemory => f.write_str(
                "the worker was ended by the kernel for lack of memory: the machine, or what it runs in, needs more of it or \
                 fewer tenants",
            ),
            Self::Signal(signal) => write!(f, "the worker was ended by signal {signal}"),
            Self::Unknown => f.write_str("the worker ended"),
        }
    }
}

/// A worker that runs, or has run.
#[async_trait]
pub trait Process: Send + Sync + 'static {
    /// Who it is.
    fn id(&self) -> WorkerId;
    /// The number by which its own runtime finds it again: a process id where it runs, and nothing to anybody else.
    fn pid(&self) -> Option<u32>;
    /// Whether it is a process of this machine: else that number is another process's here, or nobody's.
    fn is_here(&self) -> bool {
        true
    }
    /// Waits until it has ended and is no more. Cancelling loses nothing; asking again answers the same. Where it runs may be
    /// away for long: that is no end.
    async fn ended(&self) -> Ended;
    /// Asks it to end, and returns once that is carried out. That it has ended already is no error.
    ///
    /// # Errors
    /// Where it may not be asked, or where it runs is away.
    async fn terminate(&self) -> io::Result<()>;
    /// Ends it, and returns once that is carried out. That it has ended already is no error.
    ///
    /// # Errors
    /// Where it may not be ended, or where it runs is away.
    async fn kill(&self) -> io::Result<()>;

    /// Whether where it runs can be talked with. While it cannot, nothing is heard of a worker that may be well.
    fn is_within_reach(&self) -> bool {
        true
    }

    /// By how many bytes its log has grown since this was asked last. Where nobody asks, the log stops growing after a few
    /// mebibytes.
    fn output(&self) -> u64 {
        0
    }

    /// Whether its directory holds more than this, in bytes.
    async fn outgrown(&self, _most: u64) -> bool {
        false
    }

    /// Keeps its log within its size; called now and then.
    async fn tidy(&self) {}

    /// Rung when [`output`](Self::output) or [`outgrown`](Self::outgrown) has something new to say, where whoever runs it looks
    /// at it and tells of that. Nothing: whoever wants to know looks, again and again.
    fn news(&self) -> Option<&Notify> {
        None
    }

    /// Rung while the disk where it runs loses room fast, whoever fills it: whoever looks at directories had better look now. For
    /// all that wait at that moment, and for nobody later.
    fn disk_shrinks(&self) -> Option<&Notify> {
        None
    }
}

/// Whether a tenant's cell may be used in some place, as whoever moves the tenant says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellMark {
    /// The version of the tenant's place with which it is said: what was said with a later one stands.
    pub version: i64,
    /// What is said.
    pub state: CellState,
}

/// What may become of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellState {
    /// Workers may run in it.
    Open,
    /// The tenant has left: nothing ever runs in it again, until something later is said.
    Left,
    /// It is about to be laid: nothing runs in it yet.
    Arriving,
}

/// A connection to a worker.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin + 'static> Stream for T {}

/// Where workers run.
#[async_trait]
pub trait Runtime: Send + Sync + 'static {
    /// Whether a worker of this tenant could be started now, asked before a generation is begun for it: where it would run may
    /// be away. Returns soon.
    ///
    /// # Errors
    /// Where it is away, in words.
    async fn within_reach(&self, _tenant: TenantId) -> io::Result<()> {
        Ok(())
    }

    /// Starts a worker and waits until it is ready. Its generation is committed already, and its predecessor is dead.
    ///
    /// # Errors
    /// Where it did not become ready; nothing of it runs then, unless it is [`StartError::Away`].
    async fn start(&self, order: Order) -> Result<Arc<dyn Process>, StartError>;

    /// All workers of a tenant that run, of whatever generation, our children or not. `hint` is what the database
    /// says of the last one: its generation and [`Process::pid`].
    ///
    /// # Errors
    /// Where it cannot be found out.
    async fn find(
        &self,
        tenant: TenantId,
        hint: Option<(Generation, u32)>,
    ) -> io::Result<Vec<Arc<dyn Process>>>;

    /// The tenants of which something may run.
    ///
    /// # Errors
    /// Where it cannot be found out.
    async fn list(&self) -> io::Result<Vec<TenantId>>;

    /// Opens a connection to this very worker.
    ///
    /// # Errors
    /// Where it does not listen, or another process answers in its place.
    async fn dial(&self, process: &Arc<dyn Process>) -> io::Result<Box<dyn Stream>>;

    /// Forgets a worker that has ended.
    async fn forget(&self, id: WorkerId);

    /// The end of the log of a tenant's worker, of at most so many bytes; from a place in its file on, where `after` names
    /// one that has not been cut away since.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] where there is none; where it cannot be read.
    async fn log_tail(&self, _tenant: TenantId, _most: u64, _after: Option<u64>) -> io::Result<LogTail> {
        Err(io::ErrorKind::NotFound.into())
    }

    /// The copy of its journal that a worker has just made at our word, which is then gone from its directory. What is in it
    /// is the worker's, and is not to be believed.
    ///
    /// # Errors
    /// Where there is none.
    async fn journal_copy(&self, _tenant: TenantId) -> io::Result<Vec<(&'static str, File)>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// The journal of a tenant of which nothing runs: its files by name, none where it has no journal yet. No worker starts
    /// while they are read.
    ///
    /// # Errors
    /// [`io::ErrorKind::WouldBlock`] where a worker lives there; where the files cannot be read.
    async fn journal_at_rest(&self, _tenant: TenantId) -> io::Result<Vec<(&'static str, File)>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// All that a tenant of which nothing runs has in its directory, under another key where one is named: its files by name,
    /// none where it never ran. No worker starts while they are read.
    ///
    /// # Errors
    /// [`io::ErrorKind::WouldBlock`] where a worker lives there; where the files cannot be read.
    async fn cell_at_rest(
        &self,
        _tenant: TenantId,
        _resealer: Option<Arc<Resealer>>,
    ) -> io::Result<Vec<(String, File)>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Lays such files, under another key again where one is named, where the tenant's first worker here will find them, in the place of what an
    /// interruption has left. No such tenant is known yet.
    ///
    /// # Errors
    /// [`io::ErrorKind::WouldBlock`] where a worker lives there; where they cannot be written.
    async fn lay_cell(
        &self,
        _tenant: TenantId,
        _resealer: Option<Arc<Resealer>>,
        _files: Vec<(String, File)>,
    ) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Says whether a tenant's cell may be used, down to the disk: a worker is started in one alone that is open or of which
    /// nothing was ever said, and a cell without another key is laid only where it is arriving.
    ///
    /// # Errors
    /// [`io::ErrorKind::WouldBlock`] where a worker lives there and the cell is to be closed; [`io::ErrorKind::AlreadyExists`]
    /// where something later was said.
    async fn mark_cell(&self, _tenant: TenantId, _mark: CellMark) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Whether the disk on which a tenant's worker lies is short of room, as it changes; nothing where it is the disk of whoever
    /// asks.
    fn disk_short(&self, _tenant: TenantId) -> Option<watch::Receiver<bool>> {
        None
    }

    /// The places that it consists of, where they are several.
    fn places(&self) -> Option<&Places> {
        None
    }

    /// Removes everything of a tenant, of which nothing runs any more; but not that it has left.
    ///
    /// # Errors
    /// Where something could not be removed.
    async fn purge(&self, tenant: TenantId) -> io::Result<()>;
}
