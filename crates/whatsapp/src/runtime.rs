//! The runtime of a worker: one thread for everything, two for files.

use std::io;

/// Threads for blocking work, that is, for both databases.
const BLOCKING_THREADS: usize = 2;

/// Bytes of stack of each further thread. SQLite and the library need far less.
const STACK: usize = 512 * 1024;

/// A runtime that keeps a linked worker at about 2 MB of its own memory (13 MB with the usual one).
///
/// # Errors
/// Where the kernel gives no event queue or timer.
pub fn runtime() -> io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(BLOCKING_THREADS)
        .thread_stack_size(STACK)
        .thread_name("blocking")
        .build()
}
