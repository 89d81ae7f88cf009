//! Why the supervisor did not do what was asked.

use std::path::{Path, PathBuf};

use link::{Exit, LinkError, launch::LaunchError};
use store::StoreError;

use crate::Ended;

/// A request that was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such tenant.
    #[error("there is no such tenant")]
    NoTenant,
    /// A start of a worker that runs.
    #[error("the worker is running already; restart it instead")]
    AlreadyRunning,
    /// Something that only a running worker can do.
    #[error("the worker is not running; start it first")]
    NotRunning,
    /// An unlink of a tenant that has no device.
    #[error("no phone is linked, so there is nothing to unlink")]
    NothingLinked,
    /// Something else than waiting while the device is being unlinked.
    #[error("the device is being unlinked at the moment; try again in half a minute")]
    Unlinking,
    /// WhatsApp has not confirmed that the device is unlinked: the phone may still list it.
    #[error(
        "WhatsApp has not confirmed that the device is unlinked ({0}). The worker is stopped, and the number is kept. Unlink \
         again when WhatsApp answers, or on the phone: WhatsApp, Settings, Linked devices, tap this device, Log out"
    )]
    UnlinkUnconfirmed(String),
    /// The worker runs, but the link to it is away.
    #[error("the worker runs but does not answer at the moment; try again")]
    NotLinked,
    /// The worker could not be started; it is tried again by itself where that can help.
    #[error("the worker could not be started: {0}")]
    Start(#[source] StartError),
    /// The worker refused.
    #[error("{0}")]
    NotDone(String),
    /// WhatsApp gave no code to type, or the worker cannot ask for one.
    #[error("there is no pairing code: {0}")]
    NoPairingCode(String),
    /// WhatsApp, or the worker, did not take the message.
    #[error("the message was not taken: {0}")]
    NotSent(String),
    /// No answer in time: the same request may be tried again and is still one message.
    #[error(
        "the worker did not say in time whether the message was taken; ask again with the same request id"
    )]
    NoAnswer,
    /// Where the worker runs, or would run, does not answer: nothing is known to be wrong with the worker itself.
    #[error("{0}")]
    Away(#[source] std::io::Error),
    /// Too many requests for one tenant at once.
    #[error("too many requests for this worker at once; try again")]
    Busy,
    /// The supervisor is shutting down.
    #[error("the control plane is shutting down")]
    ShuttingDown,
    /// Another request, made later, has overtaken this one.
    #[error("another request for this worker came in between")]
    Overtaken,
    /// A directory or file of the tenant could not be removed.
    #[error("the tenant's files could not be removed: {0}")]
    Files(#[source] std::io::Error),
    /// The database did not answer, or refused.
    #[error(transparent)]
    Store(StoreError),
}

impl Error {
    /// What a runtime says of a tenant's files; that the place where they lie is away is no fault of theirs.
    pub(crate) fn of_files(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::NotConnected => Self::Away(error),
            _ => Self::Files(error),
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound(_) => Self::NoTenant,
            error => Self::Store(error),
        }
    }
}

/// A worker that did not become ready.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another process lives in the tenant's directory.
    #[error("another process holds this tenant's directory")]
    CellBusy,
    /// The tenant was moved away from here.
    #[error("this tenant has left this place; nothing of it is started here")]
    Left,
    /// The tenant's directory, socket or log cannot be made.
    #[error("{path}: {source}", path = path.display())]
    Path {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The executable cannot be run.
    #[error("{} cannot be run: {source}", path.display())]
    Spawn {
        /// The executable.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The key of the tenant's files cannot be made.
    #[error("the key by which this tenant's files are sealed cannot be made: {0}")]
    Key(seal::SealError),
    /// The launch document could not be handed over, or the worker's report not be read.
    #[error(transparent)]
    Launch(LaunchError),
    /// The worker said why it cannot start.
    #[error("{}: {reason}", exit.advice())]
    Failed {
        /// By name.
        exit: Exit,
        /// In its own words.
        reason: String,
    },
    /// It ended without a word.
    #[error("{0}; its log may say why")]
    Ended(Ended),
    /// Where it was to run went away meanwhile: whether it runs, only a look can tell.
    #[error("whether the worker has started is not known yet: {0}")]
    Away(#[source] std::io::Error),
    /// Where it is to run, it could not be started, for a reason in that place's own words.
    #[error("{0}")]
    There(String),
    /// It did not report in time.
    #[error("the worker was not ready within {0} ms; its log may say why")]
    TooSlow(u128),
}

impl StartError {
    /// What is wrong with a path of the tenant's.
    pub(crate) fn at(path: &Path, source: std::io::Error) -> Self {
        match Exit::of_disk(&source) {
            Some(exit) => Self::Failed { exit, reason: format!("{}: {source}", path.display()) },
            None => Self::Path { path: path.to_owned(), source },
        }
    }

    /// What the failure means for starting again.
    #[must_use]
    pub const fn exit(&self) -> Exit {
        match self {
            Self::CellBusy | Self::Left => Exit::CellBusy,
            Self::Failed { exit, .. } => *exit,
            Self::Ended(ended) => ended.exit(),
            Self::Path { .. }
            | Self::Spawn { .. }
            | Self::Key(_)
            | Self::Launch(_)
            | Self::Away(_)
            | Self::There(_)
            | Self::TooSlow(_) => Exit::Failed,
        }
    }
}

/// A supervisor that cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A directory of its own cannot be made or used.
    #[error("{}: {source}", path.display())]
    Path {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The key file holds something else than 32 bytes.
    #[error(
        "{}: is no key file of 32 bytes. Where it is lost for good, remove it and stop all workers once", path.display()
    )]
    Key {
        /// Which.
        path: PathBuf,
    },
}

/// Why a link to a worker ended.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Cut {
    #[error(transparent)]
    Link(#[from] LinkError),
    #[error("the worker's socket cannot be dialled: {0}")]
    Dial(#[from] std::io::Error),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the worker said no hello in time")]
    NoHello,
    #[error("the worker does not read what it is sent")]
    Unread,
}
