//! SQLite files that are of no use without a key: whoever has a copy of the disk reads nothing in them.
//!
//! Each page is sealed with ChaCha20-Poly1305 (RFC 8439, by `ring`) under a nonce of its own as it is written, and opened as it is
//! read; nonce and tag stand in bytes at its end that SQLite leaves alone. So it is for the database, its write-ahead log and its
//! rollback journal; files for a while are not made. What a thief still sees: how large a file is, and which pages change.
//! What is not promised: that a page was not put back as it was before, which takes somebody who writes to the disk.

mod convert;
mod files;
mod page;
mod reseal;
mod shared;
mod vfs;

#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    ffi::{CString, c_int},
    fmt,
    path::Path,
    sync::{LazyLock, Mutex, PoisonError},
};

use rusqlite::{Connection, OpenFlags, ffi};

pub use convert::ConvertError;
pub use files::Files;
pub use reseal::{Part, Resealed, Resealer};

/// What every SQLite file begins with that is not sealed.
const PLAIN: &[u8; 16] = b"SQLite format 3\0";

/// The key of one tenant's files.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Key([u8; 32]);

/// Leaves the key out.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

impl Key {
    /// A key of these bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

/// Has SQLite take memory as it needs it, in place of 48 KB for each connection at once. Called once, before anything is opened;
/// whether it was taken.
#[expect(unsafe_code, reason = "no safe crate has sqlite3_config()")]
pub fn spare_memory() -> bool {
    let none: c_int = 0;
    // SAFETY: SQLITE_CONFIG_LOOKASIDE takes two ints, size and number of slots (sqlite.org/c3ref/c_config_malloc.html). It is
    // refused (SQLITE_MISUSE) once the library is in use; before that, no other thread uses it, which is the caller's to see to
    // and holds where a process has just begun.
    unsafe { ffi::sqlite3_config(ffi::SQLITE_CONFIG_LOOKASIDE, none, none) == ffi::SQLITE_OK }
}

/// Takes what connections share in memory out of it until one looks at it again. For a process that has nothing to do: whatever
/// is in use stays as it is.
pub fn rest() {
    shared::rest();
}

/// The way to one tenant's files.
#[derive(Debug, Clone)]
pub struct Vault {
    name: CString,
}

impl Vault {
    /// The way for a key: one for each key in a process, which stays until it ends.
    ///
    /// # Errors
    /// Where SQLite cannot be told of it.
    pub fn new(key: &Key) -> rusqlite::Result<Self> {
        static KNOWN: LazyLock<Mutex<HashMap<Key, CString>>> = LazyLock::new(Mutex::default);
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(name) = known.get(key) {
            return Ok(Self { name: name.clone() });
        }
        let made = page::PageKey::new(&key.0).and_then(vfs::register);
        let name = made.ok_or_else(|| failure(ffi::SQLITE_ERROR, "SQLite takes no file system of ours"))?;
        known.insert(key.clone(), name.clone());
        Ok(Self { name })
    }

    /// Opens a file that is sealed, or makes one where the flags say so.
    ///
    /// # Errors
    /// As SQLite says; `NotADatabase` where the file is not sealed with this key.
    pub fn open(&self, path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
        let database = Connection::open_with_flags_and_vfs(path, flags, self.name.as_c_str())?;
        prepare(&database)?;
        Ok(database)
    }

    /// The address by which another library in this process has SQLite open the file. It has to have been made by
    /// [`Self::open`].
    fn address(&self, path: &Path) -> Option<String> {
        let path = path.to_str()?;
        let path = path.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
        Some(format!("file:{path}?vfs={}", self.name.to_str().ok()?))
    }
}

/// Whether a file is one of SQLite's that is not sealed; one that is not there, or is empty, is neither.
fn is_plain(path: &Path) -> std::io::Result<bool> {
    use std::io::Read as _;
    let mut head = [0; 16];
    match std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut head)) {
        Ok(()) => Ok(&head == PLAIN),
        Err(error)
            if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::UnexpectedEof) =>
        {
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// Has SQLite leave our bytes alone, and keep in memory what it needs for a while.
fn prepare(database: &Connection) -> rusqlite::Result<()> {
    reserve(database)?;
    database.execute_batch("PRAGMA temp_store = MEMORY")
}

/// Asks for the bytes that are ours at the end of each page. A file that has pages already keeps what it has.
#[expect(unsafe_code, reason = "rusqlite has no safe call for it")]
fn reserve(database: &Connection) -> rusqlite::Result<()> {
    let mut bytes = page::RESERVED as c_int;
    // SAFETY: the connection lives as long as the borrow, and this control takes a pointer to an integer.
    let set = unsafe {
        let arg = (&raw mut bytes).cast();
        ffi::sqlite3_file_control(database.handle(), c"main".as_ptr(), ffi::SQLITE_FCNTL_RESERVE_BYTES, arg)
    };
    if set == ffi::SQLITE_OK { Ok(()) } else { Err(failure(set, "no bytes of a page can be kept free")) }
}

fn failure(code: c_int, what: &str) -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(ffi::Error::new(code), Some(what.to_owned()))
}
