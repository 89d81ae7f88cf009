//! Journals for a backup, as bytes: a worker's files are a stranger's, so none is opened as a database here, and none is
//! followed to anywhere else.

use std::{
    fs::File,
    io::{self, Read as _},
    os::fd::OwnedFd,
    path::Path,
};

use link::cell::{CellLock, JOURNAL_COPY, JOURNAL_DATABASE, LockError};
use rustix::fs::{AtFlags, FileType, Mode, OFlags, fstat, open, openat, unlinkat};

/// What lies beside a journal that was not closed in good order.
const WAL: &str = "journal.db-wal";
/// A journal at rest that is larger than this is not read into memory.
const LARGEST: u64 = 1024 * 1024 * 1024;

/// Takes the copy out of the cell.
pub(super) fn take(cell: &Path) -> io::Result<Vec<(&'static str, File)>> {
    let cell = directory(cell)?;
    let file = plain(&cell, JOURNAL_COPY)?.ok_or(io::ErrorKind::NotFound)?;
    unlinkat(&cell, JOURNAL_COPY, AtFlags::empty())?;
    Ok(vec![(JOURNAL_DATABASE, file)])
}

/// Reads a journal that nobody has open; nothing where there is none.
pub(super) fn at_rest(cell: &Path) -> io::Result<Vec<(&'static str, Vec<u8>)>> {
    let directory = match directory(cell) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        opened => opened?,
    };
    let _lock = CellLock::take(cell).map_err(|error| match error {
        LockError::Held => io::ErrorKind::WouldBlock.into(),
        LockError::Io(error) => error,
    })?;
    let mut files = Vec::new();
    for name in [JOURNAL_DATABASE, WAL] {
        let Some(file) = plain(&directory, name)? else { continue };
        let mut bytes = Vec::new();
        file.take(LARGEST + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > LARGEST {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                format!("{name} is larger than any journal"),
            ));
        }
        files.push((name, bytes));
    }
    Ok(files)
}

fn directory(path: &Path) -> io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(open(path, flags, Mode::empty())?)
}

/// A plain file of one name; a link, a pipe or a second name of another file is an error.
fn plain(cell: &OwnedFd, name: &str) -> io::Result<Option<File>> {
    // A pipe must not hold us up.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = match openat(cell, name, flags, Mode::empty()) {
        Err(rustix::io::Errno::NOENT) => return Ok(None),
        opened => opened?,
    };
    let facts = fstat(&file)?;
    if FileType::from_raw_mode(facts.st_mode) != FileType::RegularFile || facts.st_nlink != 1 {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("{name} is no plain file of its own"),
        ));
    }
    Ok(Some(File::from(file)))
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::symlink};

    use super::*;

    #[test]
    fn a_journal_is_read_as_bytes_and_never_while_somebody_lives_there() {
        let cell = tempfile::tempdir().unwrap();
        assert!(at_rest(&cell.path().join("none")).unwrap().is_empty(), "a tenant that was never started");
        assert!(at_rest(cell.path()).unwrap().is_empty());
        fs::write(cell.path().join(JOURNAL_DATABASE), "a").unwrap();
        fs::write(cell.path().join(WAL), "b").unwrap();
        let read = at_rest(cell.path()).unwrap();
        assert_eq!(read, [(JOURNAL_DATABASE, b"a".to_vec()), (WAL, b"b".to_vec())]);
        let _worker = CellLock::take(cell.path()).unwrap();
        assert_eq!(at_rest(cell.path()).unwrap_err().kind(), io::ErrorKind::WouldBlock);
    }

    #[test]
    fn what_a_worker_lays_out_leads_nowhere_else() {
        let cell = tempfile::tempdir().unwrap();
        let (copy, secret) = (cell.path().join(JOURNAL_COPY), cell.path().join("secret"));
        fs::write(&secret, "another tenant's").unwrap();
        symlink(&secret, &copy).unwrap();
        assert!(take(cell.path()).is_err(), "a link");
        fs::remove_file(&copy).unwrap();
        fs::hard_link(&secret, &copy).unwrap();
        assert!(take(cell.path()).is_err(), "a second name");
        fs::remove_file(&copy).unwrap();
        rustix::fs::mknodat(rustix::fs::CWD, &copy, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        assert!(take(cell.path()).is_err(), "a pipe");
        fs::remove_file(&copy).unwrap();
        fs::write(&copy, "whole").unwrap();
        let mut taken = take(cell.path()).unwrap();
        let mut text = String::new();
        taken[0].1.read_to_string(&mut text).unwrap();
        assert!(text == "whole" && !copy.exists());
        assert!(take(cell.path()).is_err(), "it is taken once");
    }
}
