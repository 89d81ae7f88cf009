//! A worker's directory: the names in it, and the lock that says that somebody lives there.

use std::{
    fs::{File, OpenOptions, TryLockError},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use rustix::fs::OFlags;

/// The lock file, which each worker holds as long as it lives.
pub const LOCK: &str = "lock";
/// Signal keys, written by the WhatsApp library.
pub const SESSION_DATABASE: &str = "session.db";
/// Inbox, outbox, conversation state and log rows not yet delivered.
pub const JOURNAL_DATABASE: &str = "journal.db";

/// A copy of the journal, made by the worker for a backup and removed by whoever has read it.
pub const JOURNAL_COPY: &str = "journal-copy.db";
/// A journal from a backup, which the next worker takes in.
pub const RESTORED_JOURNAL: &str = "journal-restored.db";

/// A lock that cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process lives in this cell.
    #[error("another process holds the lock of this cell")]
    Held,
    /// The lock file cannot be opened.
    #[error("the lock file of this cell cannot be used: {0}")]
    Io(#[from] std::io::Error),
}

/// The lock of a cell; freed when this value or its process ends.
#[derive(Debug)]
pub struct CellLock(#[expect(dead_code, reason = "held for its lock")] File);

impl CellLock {
    /// Takes the lock of the cell at `directory` at once or not at all. A symbolic link in its place is an error.
    ///
    /// # Errors
    /// [`LockError::Held`] where another process has it.
    pub fn take(directory: &Path) -> Result<Self, LockError> {
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .custom_flags(OFlags::NOFOLLOW.bits().cast_signed())
            .open(directory.join(LOCK))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(LockError::Held),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CellLock, LOCK, LockError};

    #[test]
    fn one_holder_at_a_time() {
        let cell = tempfile::tempdir().unwrap();
        let lock = CellLock::take(cell.path()).unwrap();
        assert!(matches!(CellLock::take(cell.path()), Err(LockError::Held)));
        drop(lock);
        CellLock::take(cell.path()).unwrap();
    }

    #[test]
    fn a_symbolic_link_is_no_lock() {
        let cell = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/dev/null", cell.path().join(LOCK)).unwrap();
        assert!(matches!(CellLock::take(cell.path()), Err(LockError::Io(_))));
    }
}
