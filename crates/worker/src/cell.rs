//! The one directory that this worker owns: whether it may be used, and whether nobody else lives there.

use std::{
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use link::{Exit, cell::CellLock, cell::LockError};

/// A cell that cannot be lived in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CellError {
    /// There is no such directory, or it cannot be looked at.
    #[error("the cell {path} cannot be opened: {source}")]
    Open {
        /// Where it should be.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// It is a symbolic link or a file.
    #[error("the cell {0} must be a directory of its own, not a link or a file")]
    NoDirectory(PathBuf),
    /// Others may look into it.
    #[error("the cell {path} has mode {mode:04o}, others may look into it: chmod 0700 {path}")]
    Mode {
        /// Where it is.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// It is somebody else's.
    #[error("the cell {path} belongs to user {owner}, this worker runs as user {own}")]
    Owner {
        /// Where it is.
        path: PathBuf,
        /// Whose it is.
        owner: u32,
        /// Who we are.
        own: u32,
    },
    /// Another process lives in it, or its lock cannot be used.
    #[error("the cell {path}: {source}")]
    Lock {
        /// Where it is.
        path: PathBuf,
        /// Why.
        source: LockError,
    },
}

impl CellError {
    /// With which code the worker ends.
    #[must_use]
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Lock { source: LockError::Held, .. } => Exit::CellBusy,
            Self::Open { source, .. } | Self::Lock { source: LockError::Io(source), .. } => {
                Exit::of_disk(source).unwrap_or(Exit::BadConfiguration)
            }
            Self::NoDirectory(_) | Self::Mode { .. } | Self::Owner { .. } => Exit::BadConfiguration,
        }
    }
}

/// A directory in which this process lives alone until the value is dropped.
#[derive(Debug)]
pub(crate) struct Cell {
    path: PathBuf,
    _lock: CellLock,
}

impl Cell {
    /// Moves into the cell at `path`.
    ///
    /// # Errors
    /// Where it is no directory of mode 0700 of this user, or somebody lives there.
    pub(crate) fn enter(path: &Path) -> Result<Self, CellError> {
        let open = |source| CellError::Open { path: path.to_owned(), source };
        let facts = std::fs::symlink_metadata(path).map_err(open)?;
        if !facts.is_dir() {
            return Err(CellError::NoDirectory(path.to_owned()));
        }
        let (mode, own) = (facts.mode() & 0o7777, rustix::process::geteuid().as_raw());
        if mode & 0o077 != 0 {
            return Err(CellError::Mode { path: path.to_owned(), mode });
        }
        if facts.uid() != own {
            return Err(CellError::Owner { path: path.to_owned(), owner: facts.uid(), own });
        }
        // The data directory may lie behind a link of the operator's; SQLite refuses links anywhere in a path.
        let path = path.canonicalize().map_err(open)?;
        let lock = CellLock::take(&path).map_err(|source| CellError::Lock { path: path.clone(), source })?;
        Ok(Self { path, _lock: lock })
    }

    /// Where the journal lies.
    #[must_use]
    pub(crate) fn journal(&self) -> PathBuf {
        self.path.join(link::cell::JOURNAL_DATABASE)
    }
}
