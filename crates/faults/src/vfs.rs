//! A file system for SQLite that asks the rules first and then does what SQLite's own does.
//!
//! <https://www.sqlite.org/vfs.html>, "shims": each of our files begins with what is ours, and behind it, in the same
//! memory, lies the file of the file system beneath.

#![expect(unsafe_code, reason = "SQLite takes a file system as C's functions and pointers alone")]

use std::{
    ffi::{CStr, c_char, c_int, c_void},
    ptr,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicPtr, Ordering},
    },
};

use rusqlite::ffi::{self, sqlite3_file, sqlite3_int64, sqlite3_io_methods, sqlite3_vfs};

use crate::rules::{Call, failing};

/// SQLite does not take our file system.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// There is none to stand above.
    #[error("SQLite has no file system of its own here")]
    None,
    /// It is refused.
    #[error("SQLite refuses another file system, with code {0}")]
    Refused(c_int),
}

/// The file system beneath; set once, before ours is known to SQLite, and never freed.
static BENEATH: AtomicPtr<sqlite3_vfs> = AtomicPtr::new(ptr::null_mut());
static INSTALLING: Mutex<()> = Mutex::new(());
const NAME: &CStr = c"faults";

/// A file of ours. Behind it lies the file beneath.
#[repr(C)]
struct Shim {
    base: sqlite3_file,
    /// Its path, from `Box::into_raw`; null for a file without a name.
    path: *mut String,
}

/// Makes ours the file system of every database that is opened from now on in this process. Once is enough; again does
/// nothing.
///
/// # Errors
/// Where SQLite does not take it.
pub fn install() -> Result<(), InstallError> {
    let _one_at_a_time = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
    if !BENEATH.load(Ordering::SeqCst).is_null() {
        return Ok(());
    }
    // SAFETY: a null name means the default one. What is returned lives as long as the process.
    let beneath = unsafe { ffi::sqlite3_vfs_find(ptr::null()) };
    if beneath.is_null() {
        return Err(InstallError::None);
    }
    // SAFETY: not null, and SQLite's own structure, of plain numbers and pointers, is never changed but for `pNext`.
    let mut ours = unsafe { ptr::read(beneath) };
    ours.szOsFile += c_int::try_from(size_of::<Shim>()).unwrap_or(c_int::MAX);
    ours.pNext = ptr::null_mut();
    ours.zName = NAME.as_ptr();
    ours.xOpen = Some(open);
    BENEATH.store(beneath, Ordering::SeqCst);
    // Leaked: SQLite keeps the pointer for as long as the process lives. All other functions are those beneath, which use
    // of the structure nothing but what was copied.
    let ours: *mut sqlite3_vfs = Box::leak(Box::new(ours));
    // SAFETY: the structure is whole and is never moved, changed or freed by us from here on.
    match unsafe { ffi::sqlite3_vfs_register(ours, 1) } {
        ffi::SQLITE_OK => Ok(()),
        code => Err(InstallError::Refused(code)),
    }
}

/// The file beneath ours.
fn beneath(file: *mut sqlite3_file) -> *mut sqlite3_file {
    // No access, and within the memory that SQLite has made for us: `szOsFile` of ours is the sum of both. `Shim` is as
    // large as two pointers, so that what follows is aligned as SQLite's memory is.
    file.cast::<u8>().wrapping_add(size_of::<Shim>()).cast()
}

/// Its path, where it has one.
///
/// # Safety
/// `file` is one that [`open`] has opened and that is not closed.
unsafe fn path<'a>(file: *mut sqlite3_file) -> Option<&'a str> {
    // SAFETY: such a file is a `Shim` (see `open`), whose path is null or stays until `close`.
    unsafe { (*file.cast::<Shim>()).path.as_ref() }.map(String::as_str)
}

/// Opens a file beneath and lays ours over it.
extern "C" fn open(
    _ours: *mut sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    let shim = file.cast::<Shim>();
    // SAFETY: SQLite gives `szOsFile` bytes, aligned, which hold a `Shim`. Without methods the file counts as not opened.
    unsafe { (*shim).base.pMethods = ptr::null() };
    let named = if name.is_null() {
        None
    } else {
        // SAFETY: a name that is not null ends with a zero and lives as long as the file (sqlite3.h, `xOpen`).
        let text = unsafe { CStr::from_ptr(name.cast::<c_char>()) };
        Some(text.to_string_lossy().into_owned())
    };
    if let Some(code) = failing(named.as_deref(), Call::Open) {
        return code;
    }
    let below = BENEATH.load(Ordering::SeqCst);
    // SAFETY: set before ours was registered, and never freed.
    let Some(open) = (unsafe { (*below).xOpen }) else { return ffi::SQLITE_CANTOPEN };
    // SAFETY: the file beneath has the `szOsFile` bytes of its own behind ours; all else is handed on as it came.
    let code = unsafe { open(below, name, beneath(file), flags, out) };
    if code != ffi::SQLITE_OK {
        return code;
    }
    // SAFETY: it was opened just now, so that its methods are set.
    let version = unsafe { (*(*beneath(file)).pMethods).iVersion };
    if version < METHODS.iVersion {
        // SAFETY: as above; what was opened is closed once.
        let close = unsafe { (*(*beneath(file)).pMethods).xClose };
        // SAFETY: as above.
        close.map(|close| unsafe { close(beneath(file)) });
        return ffi::SQLITE_CANTOPEN;
    }
    // SAFETY: the memory is ours, see above; the methods are static.
    unsafe {
        (*shim).path = named.map_or(ptr::null_mut(), |named| Box::into_raw(Box::new(named)));
        (*shim).base.pMethods = &raw const METHODS;
    }
    ffi::SQLITE_OK
}

extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    let shim = file.cast::<Shim>();
    // SAFETY: SQLite closes only what `open` has opened, and once: the path is null or from `Box::into_raw`.
    let path = unsafe { ptr::replace(&raw mut (*shim).path, ptr::null_mut()) };
    if !path.is_null() {
        // SAFETY: see above; nobody has it any more.
        drop(unsafe { Box::from_raw(path) });
    }
    // SAFETY: what `open` has opened beneath is open until here, and its methods stand.
    let close = unsafe { (*(*beneath(file)).pMethods).xClose };
    // SAFETY: as above.
    close.map_or(ffi::SQLITE_OK, |close| unsafe { close(beneath(file)) })
}

/// A write that fails for want of room has written half.
extern "C" fn write(
    file: *mut sqlite3_file,
    bytes: *const c_void,
    length: c_int,
    at: sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite calls methods of open files alone.
    let failed = failing(unsafe { path(file) }, Call::Write);
    // SAFETY: as above: the file beneath is open, and its methods stand.
    let write = unsafe { (*(*beneath(file)).pMethods).xWrite };
    let length = if failed.is_some() { length / 2 } else { length };
    // SAFETY: as above, with SQLite's own buffer and no more than its length.
    let done = write.map_or(ffi::SQLITE_IOERR, |write| unsafe { write(beneath(file), bytes, length, at) });
    failed.unwrap_or(done)
}

/// A method that asks the rules, where it names a call, and then does what the one beneath does.
macro_rules! method {
    ($name:ident, $beneath:ident, $($call:expr)?; $($argument:ident: $type:ty),*) => {
        extern "C" fn $name(file: *mut sqlite3_file, $($argument: $type),*) -> c_int {
            $(
                // SAFETY: SQLite calls methods of open files alone.
                if let Some(code) = failing(unsafe { path(file) }, $call) {
                    return code;
                }
            )?
            // SAFETY: as above: what `open` has opened beneath is open, and its methods stand.
            let beneath_it = unsafe { (*(*beneath(file)).pMethods).$beneath };
            // SAFETY: as above; the arguments are handed on as they came.
            beneath_it.map_or(ffi::SQLITE_IOERR, |call| unsafe { call(beneath(file), $($argument),*) })
        }
    };
}

method!(read, xRead, Call::Read; bytes: *mut c_void, length: c_int, at: sqlite3_int64);
method!(truncate, xTruncate, Call::Truncate; size: sqlite3_int64);
method!(sync, xSync, Call::Sync; flags: c_int);
method!(size, xFileSize, Call::Size; size: *mut sqlite3_int64);
method!(lock, xLock, Call::Lock; level: c_int);
method!(unlock, xUnlock,; level: c_int);
method!(is_reserved, xCheckReservedLock,; out: *mut c_int);
method!(control, xFileControl,; what: c_int, argument: *mut c_void);
method!(sector, xSectorSize,;);
method!(traits, xDeviceCharacteristics,;);
method!(map_shared, xShmMap,; page: c_int, size: c_int, extend: c_int, out: *mut *mut c_void);
method!(lock_shared, xShmLock,; offset: c_int, count: c_int, flags: c_int);
method!(unmap_shared, xShmUnmap,; delete: c_int);
method!(fetch, xFetch,; at: sqlite3_int64, length: c_int, out: *mut *mut c_void);
method!(unfetch, xUnfetch,; at: sqlite3_int64, page: *mut c_void);

extern "C" fn barrier(file: *mut sqlite3_file) {
    // SAFETY: SQLite calls methods of open files alone.
    if let Some(barrier) = unsafe { (*(*beneath(file)).pMethods).xShmBarrier } {
        // SAFETY: as above.
        unsafe { barrier(beneath(file)) };
    }
}

/// Of our own version: what lies beneath must know all of it.
static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 3,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(is_reserved),
    xFileControl: Some(control),
    xSectorSize: Some(sector),
    xDeviceCharacteristics: Some(traits),
    xShmMap: Some(map_shared),
    xShmLock: Some(lock_shared),
    xShmBarrier: Some(barrier),
    xShmUnmap: Some(unmap_shared),
    xFetch: Some(fetch),
    xUnfetch: Some(unfetch),
};

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic here is a failed test")]

    use rusqlite::{Connection, ErrorCode};

    use crate::{Failure, Rule, install, plan};

    fn rule(file: &std::path::Path, failure: Failure, nth: u32, lasting: bool) -> Rule {
        Rule { file: file.to_string_lossy().into_owned(), failure, nth, lasting }
    }

    #[test]
    fn the_nth_call_fails_once_or_until_it_is_lifted() {
        install().unwrap();
        install().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let database = Connection::open(&path).unwrap();
        database
            .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (n)")
            .unwrap();
        let put = |n: i32| database.execute("INSERT INTO t VALUES (?1)", [n]);
        let all = || database.query_row("SELECT count(*) FROM t", [], |row| row.get::<_, i64>(0)).unwrap();

        for (failure, code) in [
            (Failure::Full, ErrorCode::DiskFull),
            (Failure::Sync, ErrorCode::SystemIoFailure),
            (Failure::Io, ErrorCode::SystemIoFailure),
        ] {
            let before = all();
            let once = plan(rule(&path, failure, 1, false));
            assert_eq!(put(1).unwrap_err().sqlite_error_code(), Some(code), "{failure:?}");
            assert_eq!((once.failed(), all()), (1, before), "{failure:?}: nothing of it is there");
            put(2).unwrap();
            drop(once);
            let lasting = plan(rule(&path, failure, 1, true));
            put(3).unwrap_err();
            put(4).unwrap_err();
            lasting.lift();
            put(5).unwrap();
            assert_eq!(all(), before + 2, "{failure:?}");
        }
        let opened = plan(rule(&path, Failure::Files, 1, false));
        let error = Connection::open(&path).unwrap_err();
        assert_eq!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen));
        assert_eq!(opened.failed(), 1);
        let verdict: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(verdict, "ok");
    }

    #[test]
    fn other_files_are_let_through() {
        install().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let all_of_it = plan(rule(&folder.path().join("other.db"), Failure::Io, 1, true));
        let database = Connection::open(folder.path().join("this.db")).unwrap();
        database.execute_batch("CREATE TABLE t (n); INSERT INTO t VALUES (1)").unwrap();
        assert_eq!(all_of_it.failed(), 0);
    }
}
