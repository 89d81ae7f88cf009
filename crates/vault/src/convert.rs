//! A file that is not sealed becomes one that is, and stands as either of the two whatever interrupts it.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OpenFlags};

use crate::{Vault, is_plain, prepare};

/// Why a file was not sealed. It stands as it stood.
#[derive(Debug, thiserror::Error)]
pub enum ConvertError {
    /// The file cannot be read, or the sealed one not written.
    #[error("{path} cannot be sealed: {source}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// SQLite refuses one of the two.
    #[error("{path} cannot be sealed: {source}")]
    Sqlite {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
    /// The path cannot be said to SQLite.
    #[error("{path} cannot be sealed: its path is no UTF-8")]
    Path {
        /// Which file.
        path: PathBuf,
    },
}

/// Seals the file at `path` where it is not. Nobody else may have it open. What is left over by an interruption is taken up again:
/// the sealed copy beside the file is whole once the file itself is gone. Nothing is renamed, which a confined worker may not do.
/// Free space of the disk keeps what stood there, as far as the disk itself does.
///
/// # Errors
/// See [`ConvertError`].
pub(crate) fn seal_in_place(vault: &Vault, path: &Path) -> Result<(), ConvertError> {
    let file = |source| ConvertError::File { path: path.to_owned(), source };
    let beside = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    let copy = beside(".sealed");
    if is_plain(path).map_err(file)? {
        for left in [copy.clone(), beside(".sealed-journal"), beside(".sealed-wal")] {
            remove(&left).map_err(file)?;
        }
        copy_sealed(vault, path, &copy)?;
        for plain in [beside("-wal"), beside("-shm"), beside("-journal"), path.to_owned()] {
            remove(&plain).map_err(file)?;
        }
        sync_directory(path).map_err(file)?;
    }
    if copy.exists() {
        write_again(&copy, path).map_err(file)?;
        sync_directory(path).map_err(file)?;
        remove(&copy).map_err(file)?;
    }
    Ok(())
}

/// Writes all of a file that is not sealed to one that is, down to the disk.
fn copy_sealed(vault: &Vault, path: &Path, copy: &Path) -> Result<(), ConvertError> {
    let sqlite = |source| ConvertError::Sqlite { path: path.to_owned(), source };
    let address = vault.address(copy).ok_or_else(|| ConvertError::Path { path: path.to_owned() })?;
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let database = Connection::open_with_flags(path, flags).map_err(sqlite)?;
    prepare(&database).map_err(sqlite)?;
    database.execute("VACUUM INTO ?1", [&address]).map_err(sqlite)?;
    let synced = File::open(copy).and_then(|file| file.sync_all()).and_then(|()| sync_directory(copy));
    synced.map_err(|source| ConvertError::File { path: copy.to_owned(), source })
}

/// Writes a file's bytes to another, down to the disk. Piece by piece, since a confined worker has none of the calls by which the
/// system would do it.
fn write_again(from: &Path, to: &Path) -> io::Result<()> {
    let mut from = File::open(from)?;
    let mut to = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(to)?;
    let mut piece = vec![0; 64 * 1024];
    loop {
        let length = match from.read(&mut piece) {
            Ok(0) => return to.sync_all(),
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        to.write_all(&piece[..length])?;
    }
}

fn sync_directory(path: &Path) -> io::Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
