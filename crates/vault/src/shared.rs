//! The memory that connections to one database share: its index of the write-ahead log, a file that SQLite maps.

use std::{
    ffi::{c_int, c_void},
    ptr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use rusqlite::ffi;

/// A piece that a file has mapped, by addresses.
struct Mapped {
    file: usize,
    piece: usize,
    bytes: usize,
}

/// What is mapped now.
static MAPPED: Mutex<Vec<Mapped>> = Mutex::new(Vec::new());

fn mapped() -> MutexGuard<'static, Vec<Mapped>> {
    MAPPED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Notes that `file` has a piece of `bytes` mapped.
pub(crate) fn note(file: *mut ffi::sqlite3_file, piece: *mut c_void, bytes: c_int) {
    let (file, piece) = (file.addr(), piece.addr());
    let Ok(bytes) = usize::try_from(bytes) else { return };
    let mut mapped = mapped();
    if piece != 0 && !mapped.iter().any(|one| (one.file, one.piece) == (file, piece)) {
        mapped.push(Mapped { file, piece, bytes });
    }
}

/// Has `unmap` take away what `file` has mapped, while nobody else uses it.
pub(crate) fn forget(file: *mut ffi::sqlite3_file, unmap: impl FnOnce() -> c_int) -> c_int {
    let mut mapped = mapped();
    mapped.retain(|one| one.file != file.addr());
    unmap()
}

/// Takes these pieces out of the process's memory. They stay in the file, as what a connection reads and writes of it does, and
/// are there again at the first look.
pub(crate) fn rest() {
    let mapped = mapped();
    for one in mapped.iter() {
        #[cfg(target_os = "linux")]
        #[expect(unsafe_code, reason = "no safe crate has madvise(2) for a mapping that is not its own")]
        // SAFETY: the piece is mapped: whoever takes it away goes through `forget`, which waits for us. It is a mapping that is
        // shared with its file (SQLite maps it with MAP_SHARED), of which the advice loses nothing: the next access reads the
        // page that is there (madvise(2), MADV_DONTNEED). Where the piece is no whole pages it is refused, and stays.
        unsafe {
            libc::madvise(ptr::without_provenance_mut(one.piece), one.bytes, libc::MADV_DONTNEED);
        }
    }
}
