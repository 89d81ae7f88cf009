//! What a stream is for.

use std::time::Duration;

use domain::{Limits, TenantId, WorkerBounds};
use link::{FilesKey, Generation, Token};
use serde::{Deserialize, Serialize};
use supervisor::{CellMark, Order, WorkerId};

/// What a stream is for.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "verb", rename_all = "snake_case")]
pub(crate) enum Verb {
    /// What the host is: [`crate::About`].
    About,
    /// Starts a worker: [`super::Started`], once it is ready.
    Start(Box<Begin>),
    /// What runs of a tenant: [`super::Found`].
    Find { tenant: TenantId, hint: Option<(Generation, u32)> },
    /// The tenants of which something may run: [`super::Listed`], until there is no more.
    List,
    /// A tunnel to a worker's own socket.
    Dial { id: WorkerId },
    /// What becomes of a worker: [`super::News`], until it has ended; [`super::Bound`] comes the other way.
    Watch { id: WorkerId },
    /// Has a worker asked to end.
    Terminate { id: WorkerId },
    /// Ends a worker.
    Kill { id: WorkerId },
    /// Forgets a worker that has ended.
    Forget { id: WorkerId },
    /// The end of a log: [`super::Tail`], then its bytes.
    LogTail { tenant: TenantId, most: u64, after: Option<u64> },
    /// A copy of a journal that its worker has made: files.
    JournalCopy { tenant: TenantId },
    /// A journal of which nothing runs: files.
    JournalAtRest { tenant: TenantId },
    /// A directory of which nothing runs: files.
    CellAtRest { tenant: TenantId },
    /// Files that become such a directory follow.
    LayCell { tenant: TenantId },
    /// Says whether a tenant's directory may be used.
    MarkCell { tenant: TenantId, mark: CellMark },
    /// Removes all of a tenant.
    Purge { tenant: TenantId },
}

impl Verb {
    /// For words about it.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::About => "what it is",
            Self::Start(_) => "to start a worker",
            Self::Find { .. } => "what runs of a tenant",
            Self::List => "what runs",
            Self::Dial { .. } => "for a way to a worker",
            Self::Watch { .. } => "what becomes of a worker",
            Self::Terminate { .. } => "to end a worker",
            Self::Kill { .. } => "to kill a worker",
            Self::Forget { .. } => "to forget a worker",
            Self::LogTail { .. } => "for a log",
            Self::JournalCopy { .. } | Self::JournalAtRest { .. } => "for a journal",
            Self::CellAtRest { .. } => "for a tenant's files",
            Self::LayCell { .. } => "to take a tenant's files",
            Self::MarkCell { .. } => "to close a tenant's files or to open them",
            Self::Purge { .. } => "to remove a tenant",
        }
    }

    /// How long the answer to it may take. A start is waited for by whoever looks for what it has started.
    pub(crate) const fn patience(&self) -> Duration {
        let seconds = match self {
            Self::About | Self::List | Self::Dial { .. } | Self::Watch { .. } => 10,
            Self::Terminate { .. } | Self::Kill { .. } | Self::Forget { .. } => 10,
            Self::LogTail { .. } => 20,
            Self::Start(_) | Self::Find { .. } | Self::MarkCell { .. } | Self::Purge { .. } => 60,
            Self::JournalCopy { .. } | Self::JournalAtRest { .. } => 120,
            Self::CellAtRest { .. } | Self::LayCell { .. } => 600,
        };
        Duration::from_secs(seconds)
    }
}

/// What a new worker is told, see [`Order`].
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Begin {
    id: WorkerId,
    token: Token,
    whatsapp_url: Option<String>,
    log_level: String,
    limits: Limits,
    wait: bool,
    bounds: WorkerBounds,
    files_key: Option<FilesKey>,
    orphan_after_ms: Option<u64>,
}

impl From<Order> for Begin {
    fn from(order: Order) -> Self {
        let Order { id, token, whatsapp_url, log_level, limits, wait, bounds, files_key, orphan_after } =
            order;
        let orphan_after_ms = orphan_after.map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
        Self { id, token, whatsapp_url, log_level, limits, wait, bounds, files_key, orphan_after_ms }
    }
}

impl From<Begin> for Order {
    fn from(begin: Begin) -> Self {
        let Begin { id, token, whatsapp_url, log_level, limits, wait, bounds, files_key, orphan_after_ms } =
            begin;
        let orphan_after = orphan_after_ms.map(Duration::from_millis);
        Self { id, token, whatsapp_url, log_level, limits, wait, bounds, files_key, orphan_after }
    }
}
