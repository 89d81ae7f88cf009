//! SQLite's way to its files, with a key between: whatever is a page is sealed before it is written and opened once it is read.
//!
//! Pages are told by their size: in the database, in its write-ahead log and in its rollback journal SQLite writes a page at
//! once and whole, and all that it writes beside (heads, numbers, checksums) is smaller and tells nothing of what is in there.
//! Files for a while are not made (see [`open`]): whoever uses this has SQLite keep those in memory.

use std::{
    ffi::{CString, c_char, c_int, c_void},
    ptr,
    sync::atomic::{AtomicU32, Ordering},
};

use rusqlite::ffi;

use crate::{
    page::{Kind, Nonces, PAGE, PageKey, Spoiled},
    shared,
};

/// The head of a frame of the write-ahead log, which its recovery reads together with the frame's page.
pub(crate) const FRAME_HEAD: usize = 24;
/// What a rollback journal begins with; its head may be as long as a page.
pub(crate) const JOURNAL_MAGIC: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];

/// What stands behind a way of ours: the system's own, and the key.
struct Under {
    system: *mut ffi::sqlite3_vfs,
    key: PageKey,
}

/// A file of ours. The system's own stands behind it in the same piece of memory, at [`BEHIND`].
#[repr(C)]
struct File {
    base: ffi::sqlite3_file,
    key: *const PageKey,
    kind: Kind,
    nonces: Nonces,
    log: Log,
}

/// What is known of the end of a write-ahead log.
struct Log {
    /// How far this file has written since it last began the log anew.
    reached: u64,
    /// The head of a frame beyond it, and where it is to stand. SQLite writes the frame's page next, and both go to the file
    /// together: alone it says nothing.
    head: Option<(u64, [u8; FRAME_HEAD])>,
}

/// Where the system's own file stands, aligned for whatever it is.
const BEHIND: usize = size_of::<File>().next_multiple_of(16);

/// Makes a way of its own for a key, and answers its name. It is there until the process ends.
#[expect(unsafe_code, reason = "SQLite is told of a table of functions")]
pub(crate) fn register(key: PageKey) -> Option<CString> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = CString::new(format!("vault-{number}")).ok()?;
    // SAFETY: SQLite answers null or a table that lives as long as the process.
    let system = unsafe { ffi::sqlite3_vfs_find(ptr::null()) };
    if system.is_null() {
        return None;
    }
    let under = Box::leak(Box::new(Under { system, key }));
    // SAFETY: `system` is not null, see above, and the two are plain values.
    let (behind, longest) = unsafe { ((*system).szOsFile, (*system).mxPathname) };
    let table = ffi::sqlite3_vfs {
        // Without the third version nobody changes the system's calls through us.
        iVersion: 2,
        szOsFile: c_int::try_from(BEHIND).ok()?.checked_add(behind)?,
        mxPathname: longest,
        pNext: ptr::null_mut(),
        zName: name.clone().into_raw(),
        pAppData: ptr::from_mut(under).cast(),
        xOpen: Some(open),
        xDelete: Some(delete),
        xAccess: Some(access),
        xFullPathname: Some(full_pathname),
        // Nothing is loaded through a way of ours.
        xDlOpen: None,
        xDlError: None,
        xDlSym: None,
        xDlClose: None,
        xRandomness: Some(randomness),
        xSleep: Some(sleep),
        xCurrentTime: Some(current_time),
        xGetLastError: Some(get_last_error),
        xCurrentTimeInt64: Some(current_time_int64),
        xSetSystemCall: None,
        xGetSystemCall: None,
        xNextSystemCall: None,
    };
    // SAFETY: the table, its name and what it points to are leaked, so that they live as long as the process.
    let registered = unsafe { ffi::sqlite3_vfs_register(Box::leak(Box::new(table)), 0) };
    (registered == ffi::SQLITE_OK).then_some(name)
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    // Without the third version nobody reads a file past us, by mapping it.
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

/// Opens a file. One that is only for a while, such as what a large sort needs, would hold pages in other ways: none is made.
#[expect(unsafe_code, reason = "called by SQLite with memory of its own")]
unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    let kind = if flags & ffi::SQLITE_OPEN_MAIN_DB != 0 {
        Kind::Main
    } else if flags & ffi::SQLITE_OPEN_WAL != 0 {
        Kind::Wal
    } else if flags & ffi::SQLITE_OPEN_MAIN_JOURNAL != 0 {
        Kind::Journal
    } else {
        // SAFETY: SQLite gives memory for a file, and closes none whose methods are null.
        unsafe { (*file).pMethods = ptr::null() };
        return ffi::SQLITE_CANTOPEN;
    };
    // SAFETY: `vfs` is a table of ours, see `register`; the memory at `file` has its `szOsFile` bytes, of which the system's
    // own file takes those from `BEHIND` on; `name` and `out` go on as they came.
    unsafe {
        let under = &*(*vfs).pAppData.cast::<Under>();
        let ours = file.cast::<File>();
        (*ours).base.pMethods = ptr::null();
        let behind = file.cast::<u8>().add(BEHIND).cast::<ffi::sqlite3_file>();
        (*behind).pMethods = ptr::null();
        let Some(system_open) = (*under.system).xOpen else { return ffi::SQLITE_CANTOPEN };
        let opened = system_open(under.system, name, behind, flags, out);
        // A file whose methods are set has to be closed, even where it could not be opened.
        if !(*behind).pMethods.is_null() {
            ours.write(File {
                base: ffi::sqlite3_file { pMethods: &raw const METHODS },
                key: &raw const under.key,
                kind,
                nonces: Nonces::new(),
                log: Log { reached: 0, head: None },
            });
        }
        opened
    }
}

/// Hands a function of the table on, with the table that it is of.
macro_rules! asked_of_the_system {
    ($(fn $name:ident($($arg:ident: $type:ty),*) = $function:ident, or $otherwise:expr;)*) => { $(
        #[expect(unsafe_code, reason = "called by SQLite with a table of ours")]
        unsafe extern "C" fn $name(vfs: *mut ffi::sqlite3_vfs $(, $arg: $type)*) -> c_int {
            // SAFETY: `vfs` is a table of ours, see `register`: behind it stands the system's, which lives as long as the
            // process; what else was given goes on as it came.
            unsafe {
                let system = (*(*vfs).pAppData.cast::<Under>()).system;
                (*system).$function.map_or($otherwise, |function| function(system $(, $arg)*))
            }
        }
    )* };
}

asked_of_the_system! {
    fn delete(name: *const c_char, sync_directory: c_int) = xDelete, or ffi::SQLITE_IOERR_DELETE;
    fn access(name: *const c_char, flags: c_int, out: *mut c_int) = xAccess, or ffi::SQLITE_IOERR_ACCESS;
    fn full_pathname(name: *const c_char, length: c_int, out: *mut c_char) = xFullPathname, or ffi::SQLITE_CANTOPEN;
    fn randomness(length: c_int, out: *mut c_char) = xRandomness, or 0;
    fn sleep(microseconds: c_int) = xSleep, or 0;
    fn current_time(out: *mut f64) = xCurrentTime, or ffi::SQLITE_ERROR;
    fn current_time_int64(out: *mut i64) = xCurrentTimeInt64, or ffi::SQLITE_ERROR;
    fn get_last_error(length: c_int, out: *mut c_char) = xGetLastError, or 0;
}

/// The system's own file and its methods.
#[expect(unsafe_code, reason = "looks behind a file of ours")]
unsafe fn behind(file: *mut ffi::sqlite3_file) -> (*mut ffi::sqlite3_file, &'static ffi::sqlite3_io_methods) {
    // SAFETY: SQLite calls the methods below for files alone that `open` has opened: behind each stands the system's, whose
    // methods are a table that lives as long as the process.
    unsafe {
        let system = file.cast::<u8>().add(BEHIND).cast::<ffi::sqlite3_file>();
        (system, &*(*system).pMethods)
    }
}

/// Hands a method on as it is.
macro_rules! handed_on {
    ($(fn $name:ident($($arg:ident: $type:ty),*) = $method:ident;)*) => { $(
        #[expect(unsafe_code, reason = "called by SQLite with a file of ours")]
        unsafe extern "C" fn $name(file: *mut ffi::sqlite3_file $(, $arg: $type)*) -> c_int {
            // SAFETY: see `behind`; what else was given goes on as it came.
            unsafe {
                let (system, methods) = behind(file);
                methods.$method.map_or(ffi::SQLITE_IOERR, |method| method(system $(, $arg)*))
            }
        }
    )* };
}

handed_on! {
    fn truncate(size: i64) = xTruncate;
    fn sync(flags: c_int) = xSync;
    fn file_size(size: *mut i64) = xFileSize;
    fn lock(level: c_int) = xLock;
    fn unlock(level: c_int) = xUnlock;
    fn check_reserved_lock(out: *mut c_int) = xCheckReservedLock;
    fn file_control(what: c_int, arg: *mut c_void) = xFileControl;
    fn sector_size() = xSectorSize;
    fn device_characteristics() = xDeviceCharacteristics;
    fn shm_lock(offset: c_int, count: c_int, flags: c_int) = xShmLock;
}

#[expect(unsafe_code, reason = "called by SQLite with a file of ours")]
unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    shared::forget(file, || {
        // SAFETY: see `behind`.
        unsafe {
            let (system, methods) = behind(file);
            methods.xClose.map_or(ffi::SQLITE_IOERR, |close| close(system))
        }
    })
}

#[expect(unsafe_code, reason = "called by SQLite with a file of ours")]
unsafe extern "C" fn shm_map(
    file: *mut ffi::sqlite3_file,
    page: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    // SAFETY: see `behind`; what else was given goes on as it came. Where it says that it could, it has written what it mapped
    // to `out`, or nothing.
    unsafe {
        let (system, methods) = behind(file);
        let mapped = methods.xShmMap.map_or(ffi::SQLITE_IOERR, |map| map(system, page, size, extend, out));
        if mapped == ffi::SQLITE_OK {
            shared::note(file, *out, size);
        }
        mapped
    }
}

#[expect(unsafe_code, reason = "called by SQLite with a file of ours")]
unsafe extern "C" fn shm_unmap(file: *mut ffi::sqlite3_file, delete: c_int) -> c_int {
    shared::forget(file, || {
        // SAFETY: see `behind`.
        unsafe {
            let (system, methods) = behind(file);
            methods.xShmUnmap.map_or(ffi::SQLITE_IOERR, |unmap| unmap(system, delete))
        }
    })
}

#[expect(unsafe_code, reason = "called by SQLite with a file of ours")]
unsafe extern "C" fn shm_barrier(file: *mut ffi::sqlite3_file) {
    // SAFETY: see `behind`.
    unsafe {
        let (system, methods) = behind(file);
        if let Some(barrier) = methods.xShmBarrier {
            barrier(system);
        }
    }
}

/// Reads as the system does; what is a page, or a part of one of the database, is opened.
#[expect(unsafe_code, reason = "called by SQLite with a file of ours and memory to read into")]
unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    into: *mut c_void,
    amount: c_int,
    offset: i64,
) -> c_int {
    let (Ok(length), Ok(from)) = (usize::try_from(amount), u64::try_from(offset)) else {
        return ffi::SQLITE_IOERR_READ;
    };
    // SAFETY: see `behind`; `into` has `amount` bytes, which nobody else looks at meanwhile; `key` is leaked.
    let (system, methods, key, kind, bytes) = unsafe {
        let (system, methods) = behind(file);
        let ours = &*file.cast::<File>();
        let bytes = std::slice::from_raw_parts_mut(into.cast::<u8>(), length);
        (system, methods, &*ours.key, ours.kind, bytes)
    };
    let Some(system_read) = methods.xRead else { return ffi::SQLITE_IOERR_READ };
    if kind == Kind::Main && length != PAGE {
        // A part of a page, such as the database's head.
        let within = from % PAGE as u64;
        let Ok(begin) = usize::try_from(within) else { return ffi::SQLITE_IOERR_READ };
        let Some(wanted) = begin.checked_add(length).filter(|end| *end <= PAGE) else {
            return ffi::SQLITE_IOERR_READ;
        };
        let mut page = [0; PAGE];
        // SAFETY: the page has the bytes that are read.
        let got =
            unsafe { system_read(system, page.as_mut_ptr().cast(), PAGE as c_int, offset - begin as i64) };
        if got != ffi::SQLITE_OK {
            bytes.fill(0);
            return got;
        }
        // What a power cut or a full disk has torn stands whole in the log, and the file's head is only looked at before that is
        // known: `open` has left nothing of it, which SQLite takes for a head that says nothing. It reads the page itself next.
        let _torn = key.open(&mut page, kind, from - within);
        bytes.copy_from_slice(&page[begin..wanted]);
        return ffi::SQLITE_OK;
    }
    // SAFETY: `into` has `amount` bytes.
    let got = unsafe { system_read(system, into, amount, offset) };
    if got != ffi::SQLITE_OK {
        return got;
    }
    let (page, at) = match (length, kind) {
        (PAGE, _) => (bytes, from),
        (length, Kind::Wal) if length == FRAME_HEAD + PAGE => {
            (&mut bytes[FRAME_HEAD..], from + FRAME_HEAD as u64)
        }
        _ => return ffi::SQLITE_OK,
    };
    let Ok(page) = <&mut [u8; PAGE]>::try_from(page) else { return ffi::SQLITE_IOERR_READ };
    if kind == Kind::Journal && page.starts_with(&JOURNAL_MAGIC) {
        return ffi::SQLITE_OK;
    }
    match key.open(page, kind, at) {
        Ok(()) => ffi::SQLITE_OK,
        // What a power cut has torn: SQLite sees by its own checksum that the frame, or the record, was not finished.
        Err(_) if kind == Kind::Journal || length != PAGE => {
            page.fill(0xff);
            ffi::SQLITE_OK
        }
        Err(_) if from == 0 && kind == Kind::Main => ffi::SQLITE_NOTADB,
        Err(_) => ffi::SQLITE_CORRUPT,
    }
}

/// Writes as the system does; what is a page is sealed.
#[expect(unsafe_code, reason = "called by SQLite with a file of ours and memory to write from")]
unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    from: *const c_void,
    amount: c_int,
    offset: i64,
) -> c_int {
    let (Ok(length), Ok(at)) = (usize::try_from(amount), u64::try_from(offset)) else {
        return ffi::SQLITE_IOERR_WRITE;
    };
    // SAFETY: see `behind`; `from` has `amount` bytes, which nobody changes meanwhile; `key` is leaked. SQLite uses a file from
    // one thread at a time, so that nobody else looks at what is ours.
    let (system, methods, ours, bytes) = unsafe {
        let (system, methods) = behind(file);
        let bytes = std::slice::from_raw_parts(from.cast::<u8>(), length);
        (system, methods, &mut *file.cast::<File>(), bytes)
    };
    let Some(system_write) = methods.xWrite else { return ffi::SQLITE_IOERR_WRITE };
    let put = |bytes: &[u8], at: u64| {
        let (Ok(amount), Ok(offset)) = (c_int::try_from(bytes.len()), i64::try_from(at)) else {
            return ffi::SQLITE_IOERR_WRITE;
        };
        // SAFETY: see `behind`; the slice has the bytes that are written.
        unsafe { system_write(system, bytes.as_ptr().cast(), amount, offset) }
    };
    ours.write(bytes, at, put)
}

impl File {
    /// Writes by `put`, which answers one of SQLite's codes.
    fn write(&mut self, bytes: &[u8], at: u64, put: impl Fn(&[u8], u64) -> c_int) -> c_int {
        let Ok(page) = <&[u8; PAGE]>::try_from(bytes) else {
            return self.write_beside(bytes, at, put);
        };
        let mut frame = [0; FRAME_HEAD + PAGE];
        let Some((head, text)) = frame.split_first_chunk_mut::<FRAME_HEAD>() else {
            return ffi::SQLITE_IOERR_WRITE;
        };
        let Ok(sealed) = <&mut [u8; PAGE]>::try_from(text) else { return ffi::SQLITE_IOERR_WRITE };
        *sealed = *page;
        // Whatever becomes of its page: a head that is left stands for a frame that was given up.
        let waiting = self.log.head.take();
        let is_head = self.kind == Kind::Journal && page.starts_with(&JOURNAL_MAGIC);
        if !is_head && self.sealed(sealed, at).is_err() {
            return ffi::SQLITE_IOERR_WRITE;
        }
        if self.kind != Kind::Wal {
            return put(sealed, at);
        }
        let put = match waiting {
            Some((before, known)) if before + FRAME_HEAD as u64 == at => {
                *head = known;
                put(&frame, before)
            }
            alone => match Self::put_alone(alone, &put) {
                ffi::SQLITE_OK => put(sealed, at),
                failed => failed,
            },
        };
        self.log.reached = self.log.reached.max(at + PAGE as u64);
        put
    }

    fn sealed(&mut self, page: &mut [u8; PAGE], at: u64) -> Result<(), Spoiled> {
        #[expect(unsafe_code, reason = "the key is kept by its address")]
        // SAFETY: the key is leaked by `register`, and never changed.
        let key = unsafe { &*self.key };
        key.seal(&mut self.nonces, page, self.kind, at)
    }

    /// Writes what is no page.
    fn write_beside(&mut self, bytes: &[u8], at: u64, put: impl Fn(&[u8], u64) -> c_int) -> c_int {
        // A part of a page of the database would stand there unsealed.
        if self.kind == Kind::Main || bytes.len() > PAGE {
            return ffi::SQLITE_IOERR_WRITE;
        }
        if self.kind == Kind::Wal {
            let failed = Self::put_alone(self.log.head.take(), &put);
            if failed != ffi::SQLITE_OK {
                return failed;
            }
            if at == 0 {
                // The log begins anew with a head of its own.
                self.log.reached = bytes.len() as u64;
            } else if let Ok(head) = bytes.try_into()
                && at >= self.log.reached
            {
                // Not one whose checksum is written anew, which stands before a page that is there.
                self.log.head = Some((at, head));
                return ffi::SQLITE_OK;
            }
        }
        put(bytes, at)
    }

    /// Writes a head whose page did not follow.
    fn put_alone(head: Option<(u64, [u8; FRAME_HEAD])>, put: impl Fn(&[u8], u64) -> c_int) -> c_int {
        head.map_or(ffi::SQLITE_OK, |(at, head)| put(&head, at))
    }
}
