//! A worker's directory: the names in it, and the lock that says that somebody lives there.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    os::{fd::OwnedFd, unix::fs::OpenOptionsExt},
    path::Path,
};

use rustix::fs::{FileType, Mode, OFlags, fstat, open, openat};

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

/// Names of the sealed databases that a cell may have: of each the one that it works with, and one whose first sealing was
/// interrupted.
pub const SEALED: [&str; 6] = [
    SESSION_DATABASE,
    "session.db.sealed",
    JOURNAL_DATABASE,
    "journal.db.sealed",
    RESTORED_JOURNAL,
    "journal-restored.db.sealed",
];
/// Says that the session was ended, and is worth nothing.
pub const SESSION_ENDED: &str = "session.db.ended";

/// A lock that cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process lives in this cell.
    #[error("another process holds the lock of this cell")]
    Held,
    /// The lock file cannot be opened.
    #[error("the lock file of this cell cannot be used: {0}")]
    Io(#[from] io::Error),
}

/// The lock of a cell; freed when this value or its process ends.
#[derive(Debug)]
pub struct CellLock(File);

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

impl Drop for CellLock {
    fn drop(&mut self) {
        // Said, and not left to the end of its descriptors: a process that is forked meanwhile has them, too, until it has become
        // another program (flock(2)), and whoever comes next would find somebody here.
        let _ends_with_the_process_then = self.0.unlock();
    }
}

/// Opens a cell, which is a stranger's: not by a link.
///
/// # Errors
/// Where it is no directory, or is not there.
pub fn open_directory(path: &Path) -> io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(open(path, flags, Mode::empty())?)
}

/// Opens a plain file of one name in a cell, to be read; nothing where there is none. A link, a pipe or a second name of another
/// file is an error.
///
/// # Errors
/// [`io::ErrorKind::InvalidData`] where it is no such file.
pub fn open_plain(cell: &OwnedFd, name: &str) -> io::Result<Option<File>> {
    // A pipe must not hold us up.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = match openat(cell, name, flags, Mode::empty()) {
        Err(rustix::io::Errno::NOENT) => return Ok(None),
        opened => opened?,
    };
    let facts = fstat(&file)?;
    if FileType::from_raw_mode(facts.st_mode) != FileType::RegularFile || facts.st_nlink != 1 {
        let detail = format!("{name} is no plain file of its own");
        return Err(io::Error::new(io::ErrorKind::InvalidData, detail));
    }
    Ok(Some(File::from(file)))
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
    fn it_is_free_at_once_whoever_has_inherited_its_descriptor() {
        let cell = tempfile::tempdir().unwrap();
        let lock = CellLock::take(cell.path()).unwrap();
        let inherited = lock.0.try_clone().unwrap();
        drop(lock);
        CellLock::take(cell.path()).unwrap();
        drop(inherited);
    }

    #[test]
    fn a_symbolic_link_is_no_lock() {
        let cell = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/dev/null", cell.path().join(LOCK)).unwrap();
        assert!(matches!(CellLock::take(cell.path()), Err(LockError::Io(_))));
    }
}
