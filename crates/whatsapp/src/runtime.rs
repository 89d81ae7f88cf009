//! The runtime of a worker: one thread for everything, two for files.

use std::{
    cell::Cell,
    io,
    time::{Duration, Instant},
};

/// Threads for blocking work, that is, for both databases.
const BLOCKING_THREADS: usize = 2;

/// Bytes of stack of each further thread. SQLite and the library need far less.
const STACK: usize = 512 * 1024;

/// How long a thread goes on with the stack that it has once used.
const KEPT_FOR: Duration = Duration::from_secs(5);

/// Gives back what was used of the stack, where that was not done just now: a silent bot wakes seldom, and each time goes deeper
/// than it rests.
fn rest() {
    thread_local! {
        static LAST: Cell<Option<Instant>> = const { Cell::new(None) };
    }
    let now = Instant::now();
    LAST.with(|last| {
        if last.get().is_none_or(|last| now.duration_since(last) >= KEPT_FOR) {
            last.set(Some(now));
            memory::give_back_stack();
        }
    });
}

/// A runtime that keeps a linked worker at about 2 MB of its own memory (13 MB with the usual one).
///
/// # Errors
/// Where the kernel gives no event queue or timer.
pub fn runtime() -> io::Result<tokio::runtime::Runtime> {
    // No sooner than just before, so that the grid of long waits is the runtime's own.
    worker::waits::begin();
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .on_thread_park(rest)
        .max_blocking_threads(BLOCKING_THREADS)
        .thread_stack_size(STACK)
        .thread_name("blocking")
        .build()
}
