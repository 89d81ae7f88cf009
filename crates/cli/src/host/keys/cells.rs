//! What lies in a tenant's directory, taken from one key to another: as bytes, since it is a stranger's, and each file whole or not
//! at all.

use std::{
    fs::{File, Permissions},
    io,
    os::{fd::OwnedFd, unix::fs::MetadataExt as _, unix::fs::PermissionsExt as _},
    path::Path,
};

use link::cell::{JOURNAL_COPY, SEALED, open_directory, open_plain};
use rustix::{
    fs::{AtFlags, Gid, Mode, OFlags, Uid, fchown, fsync, openat, renameat, unlinkat},
    io::Errno,
};
use vault::{Part, Resealed, Resealer};

/// How one ends that is being written.
const NEW: &str = ".resealed";

/// What was found in a cell.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Files that are under the new key now.
    pub(super) files: u64,
    /// Names of databases whose beginning is under neither key: they stand as they stood, and open for nobody. And of what is no
    /// file of a worker's, with why.
    pub(super) foreign: Vec<String>,
}

/// Whether nothing is to be expected of the other cells either: the disk or this process is at fault, and not what lies there.
pub(super) fn is_of_all(error: &io::Error) -> bool {
    use io::ErrorKind::{
        FileTooLarge, InvalidData, OutOfMemory, QuotaExceeded, ReadOnlyFilesystem, StorageFull,
    };

    let Some(code) = error.raw_os_error() else {
        return !matches!(error.kind(), InvalidData | FileTooLarge);
    };
    let full = matches!(error.kind(), StorageFull | QuotaExceeded | ReadOnlyFilesystem | OutOfMemory);
    full || [Errno::IO, Errno::NXIO, Errno::NODEV, Errno::STALE, Errno::MFILE, Errno::NFILE]
        .iter()
        .any(|errno| errno.raw_os_error() == code)
}

impl Found {
    /// What came of one name, unless it is no file of a worker's: what one tenant lays out keeps no other from the new key.
    fn unless<T>(&mut self, name: &str, done: io::Result<T>) -> io::Result<Option<T>> {
        match done {
            Ok(done) => Ok(Some(done)),
            Err(error) if is_of_all(&error) => Err(error),
            Err(error) => {
                self.foreign.push(format!("{name} ({error})"));
                Ok(None)
            }
        }
    }
}

/// Takes all of a cell to the other key. Nobody lives there. What was interrupted is done again.
pub(super) fn reseal(cell: &Path, resealer: &Resealer) -> io::Result<Found> {
    let (directory, mut found) = (open_directory(cell)?, Found::default());
    // What a backup left that was interrupted is under the former key, and of no use.
    for ending in ["", "-journal"] {
        let name = format!("{JOURNAL_COPY}{ending}");
        found.unless(&name, remove(&directory, &name))?;
    }
    for base in SEALED {
        let mut whole = Resealed::default();
        for (ending, part) in Part::ALL {
            // Beside a database that is not sealed nothing is.
            if whole.is_plain {
                break;
            }
            let name = format!("{base}{ending}");
            let one = file(&directory, &name, part, resealer);
            let Some(one) = found.unless(&name, one)? else { continue };
            found.files += u64::from(one.anew > 0);
            whole += one;
        }
        if whole.anew + whole.before == 0 && whole.foreign > 0 {
            found.foreign.push(base.to_owned());
        }
    }
    Ok(found)
}

fn file(cell: &OwnedFd, name: &str, part: Part, resealer: &Resealer) -> io::Result<Resealed> {
    let new = format!("{name}{NEW}");
    remove(cell, &new)?;
    let Some(from) = open_plain(cell, name)? else { return Ok(Resealed::default()) };
    let facts = from.metadata()?;
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let into = File::from(openat(cell, &new, flags, Mode::RUSR | Mode::WUSR)?);
    let found = resealer.copy(part, from, &into)?;
    if found.anew == 0 {
        remove(cell, &new)?;
        return Ok(found);
    }
    crash::point("key_file_written");
    let ours = into.metadata()?;
    if (ours.uid(), ours.gid()) != (facts.uid(), facts.gid()) {
        fchown(&into, Some(Uid::from_raw(facts.uid())), Some(Gid::from_raw(facts.gid())))?;
    }
    into.set_permissions(Permissions::from_mode(facts.mode() & 0o777))?;
    into.sync_all()?;
    renameat(cell, &new, cell, name)?;
    fsync(cell)?;
    crash::point("key_file_resealed");
    Ok(found)
}

fn remove(cell: &OwnedFd, name: &str) -> io::Result<()> {
    match unlinkat(cell, name, AtFlags::empty()) {
        Err(Errno::NOENT) => Ok(()),
        removed => Ok(removed?),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use vault::{Files, Key};

    use super::*;

    #[test]
    fn what_is_no_file_of_a_workers_keeps_nothing_else_from_the_new_key() {
        let cell = tempfile::tempdir().unwrap();
        let (from, to) = (Key::new([1; 32]), Key::new([2; 32]));
        let resealer = Resealer::new(&from, &to).unwrap();
        let at = |name: &str| cell.path().join(name);
        let open = |key: &Key| {
            let files = Files::sealed(key).unwrap();
            files.open(&at("journal.db"), Default::default()).unwrap()
        };
        open(&from).execute_batch("CREATE TABLE a (b TEXT)").unwrap();
        fs::write(at("elsewhere"), "x").unwrap();
        fs::hard_link(at("elsewhere"), at("session.db")).unwrap();
        std::os::unix::fs::symlink(at("elsewhere"), at("session.db-wal")).unwrap();
        fs::create_dir(at("journal.db-wal")).unwrap();
        fs::create_dir(at(JOURNAL_COPY)).unwrap();
        let found = reseal(cell.path(), &resealer).unwrap();
        for strange in ["session.db (", "session.db-wal (", "journal.db-wal (", JOURNAL_COPY] {
            assert!(found.foreign.iter().any(|it| it.starts_with(strange)), "{strange}: {found:?}");
        }
        assert_eq!((found.files, found.foreign.len()), (1, 4), "{found:?}");
        fs::remove_dir(at("journal.db-wal")).unwrap();
        open(&to).query_row("SELECT COUNT(*) FROM a", [], |row| row.get::<_, i64>(0)).unwrap();
        for (errno, of_all) in
            [(Errno::NOSPC, true), (Errno::IO, true), (Errno::LOOP, false), (Errno::ISDIR, false)]
        {
            assert_eq!(is_of_all(&errno.into()), of_all, "{errno}");
        }
    }
}
