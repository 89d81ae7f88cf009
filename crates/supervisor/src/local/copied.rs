//! Journals for a backup, as bytes: a worker's files are a stranger's, so none is opened as a database here, and none is
//! followed to anywhere else.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _},
    path::Path,
};

use link::cell::{
    CellLock, JOURNAL_COPY, JOURNAL_DATABASE, LockError, RESTORED_JOURNAL, open_directory, open_plain,
};
use rustix::fs::{AtFlags, unlinkat};

/// What lies beside a journal that was not closed in good order.
const WAL: &str = "journal.db-wal";
/// The same beside one that was put back.
const RESTORED_WAL: &str = "journal-restored.db-wal";
/// No journal is larger than this.
const LARGEST: u64 = 1024 * 1024 * 1024;

/// Takes the copy out of the cell.
pub(super) fn take(cell: &Path) -> io::Result<Vec<(&'static str, File)>> {
    let within = open_directory(cell)?;
    let file = open_plain(&within, JOURNAL_COPY)?.ok_or(io::ErrorKind::NotFound)?;
    unlinkat(&within, JOURNAL_COPY, AtFlags::empty())?;
    Ok(vec![(JOURNAL_DATABASE, own(cell, JOURNAL_DATABASE, &file)?)])
}

/// The same bytes in a file of ours without a name, beside the cell: the worker that has made the other may still write to it,
/// and one file that changes while it is read would spoil the backup of all tenants.
fn own(cell: &Path, name: &str, file: &File) -> io::Result<File> {
    let mut own = tempfile::tempfile_in(cell.parent().unwrap_or(cell))?;
    if io::copy(&mut file.take(LARGEST + 1), &mut own)? > LARGEST {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("{name} is larger than any journal"),
        ));
    }
    own.rewind()?;
    Ok(own)
}

/// Copies a journal that nobody has open; nothing where there is none. One that was put back and has yet to be taken in by a
/// worker is the tenant's journal, whatever lies beside it.
pub(super) fn at_rest(cell: &Path) -> io::Result<Vec<(&'static str, File)>> {
    let directory = match open_directory(cell) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        opened => opened?,
    };
    let _lock = lock_at_rest(cell)?;
    let restored = open_plain(&directory, RESTORED_JOURNAL)?.is_some();
    let lies = if restored { [RESTORED_JOURNAL, RESTORED_WAL] } else { [JOURNAL_DATABASE, WAL] };
    let mut files = Vec::new();
    for (lies, name) in lies.into_iter().zip([JOURNAL_DATABASE, WAL]) {
        let Some(file) = open_plain(&directory, lies)? else { continue };
        files.push((name, own(cell, name, &file)?));
    }
    Ok(files)
}

/// Keeps every worker out of a cell, or says that one is in it.
pub(super) fn lock_at_rest(cell: &Path) -> io::Result<CellLock> {
    CellLock::take(cell).map_err(|error| match error {
        LockError::Held => io::ErrorKind::WouldBlock.into(),
        LockError::Io(error) => error,
    })
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::symlink};

    use rustix::fs::{FileType, Mode};

    use super::*;

    #[test]
    fn a_journal_is_read_as_bytes_and_never_while_somebody_lives_there() {
        let cell = tempfile::tempdir().unwrap();
        assert!(at_rest(&cell.path().join("none")).unwrap().is_empty(), "a tenant that was never started");
        assert!(at_rest(cell.path()).unwrap().is_empty());
        fs::write(cell.path().join(JOURNAL_DATABASE), "a").unwrap();
        fs::write(cell.path().join(WAL), "b").unwrap();
        let read = || {
            let text = |(name, file): (&'static str, File)| (name, io::read_to_string(file).unwrap());
            at_rest(cell.path()).unwrap().into_iter().map(text).collect::<Vec<_>>()
        };
        assert_eq!(read(), [(JOURNAL_DATABASE, "a".to_owned()), (WAL, "b".to_owned())]);
        // What was put back is what the tenant has, until a worker has taken it in.
        fs::write(cell.path().join(RESTORED_JOURNAL), "c").unwrap();
        assert_eq!(read(), [(JOURNAL_DATABASE, "c".to_owned())]);
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
        // The worker that has made it can write to it, whatever it is called.
        let still_open = fs::OpenOptions::new().write(true).open(&copy).unwrap();
        let mut taken = take(cell.path()).unwrap();
        still_open.set_len(0).unwrap();
        let mut text = String::new();
        taken[0].1.read_to_string(&mut text).unwrap();
        assert!(text == "whole" && !copy.exists());
        assert!(take(cell.path()).is_err(), "it is taken once");
    }
}
