//! How one tenant's files are opened: sealed, or as SQLite writes them.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, ffi};

use crate::{ConvertError, Key, Vault, convert, failure};

/// How files are opened.
#[derive(Debug, Clone, Default)]
pub enum Files {
    /// As SQLite writes them: for tests, and for whoever has no key.
    #[default]
    Plain,
    /// Sealed.
    Sealed(Vault),
}

impl Files {
    /// Files that are sealed with this key.
    ///
    /// # Errors
    /// Where SQLite takes no file system of ours.
    pub fn sealed(key: &Key) -> rusqlite::Result<Self> {
        Vault::new(key).map(Self::Sealed)
    }

    /// Makes what is there of an earlier version as these files are. Nobody else may have it open.
    ///
    /// # Errors
    /// See [`ConvertError`]; the file stands as it stood, or the next call goes on.
    pub fn settle(&self, path: &Path) -> Result<(), ConvertError> {
        match self {
            Self::Plain => Ok(()),
            Self::Sealed(vault) => convert::seal_in_place(vault, path),
        }
    }

    /// Opens a file, or makes one where the flags say so.
    ///
    /// # Errors
    /// As SQLite says; `NotADatabase` where it is not sealed with this key.
    pub fn open(&self, path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
        match self {
            Self::Plain => Connection::open_with_flags(path, flags),
            Self::Sealed(vault) => vault.open(path, flags),
        }
    }

    /// By what another library in this process has SQLite open the file, which is made first where there is none: nobody else
    /// asks for the bytes of a page that are ours.
    ///
    /// # Errors
    /// Where the file cannot be made, or its path cannot be said.
    pub fn address(&self, path: &Path) -> rusqlite::Result<String> {
        match self {
            Self::Plain => path.to_str().map(ToOwned::to_owned).ok_or_else(unsayable),
            Self::Sealed(vault) if !has_pages(path) => {
                let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
                    | OpenFlags::SQLITE_OPEN_CREATE
                    | OpenFlags::SQLITE_OPEN_NO_MUTEX;
                let made = vault.open(path, flags)?;
                made.busy_timeout(std::time::Duration::from_secs(5))?;
                made.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
                vault.address(path).ok_or_else(unsayable)
            }
            Self::Sealed(vault) => vault.address(path).ok_or_else(unsayable),
        }
    }

    /// What every file of this kind begins with, where it begins with anything that is known.
    #[must_use]
    pub const fn beginning(&self) -> Option<&'static [u8]> {
        match self {
            Self::Plain => Some(crate::PLAIN),
            Self::Sealed(_) => None,
        }
    }

    /// Writes all of `from` to a file at `path` that is not there, as these files are. Not synced.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn copy(&self, from: &Connection, path: &Path) -> rusqlite::Result<()> {
        // What SQLite attaches is opened in the way of the connection.
        from.execute("VACUUM INTO ?1", [path.to_str().ok_or_else(unsayable)?]).map(drop)
    }
}

/// Whether a database was begun at a path.
fn has_pages(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|facts| facts.len() > 0)
}

fn unsayable() -> rusqlite::Error {
    failure(ffi::SQLITE_CANTOPEN, "the path is no UTF-8")
}
