//! What many threads took at once goes back once it is free. Alone in its process, since what another test takes meanwhile
//! may lie above it and keep it.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

/// The process's memory that is no file's, in kB.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn anonymous() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn main() {
    use std::sync::{Arc, Barrier};
    const THREADS: usize = 6;
    const BLOCKS: usize = 1_000;
    assert!(memory::give_back_soon(memory::For::Many));
    // As a password's comparison: freed once, it would make glibc keep twice its size in every arena.
    drop(std::hint::black_box(vec![1_u8; 19 * 1024 * 1024]));
    let before = anonymous();
    // As requests at once on several threads. Every thread's handle is there before the first block, and no list grows: a
    // small block between the large ones is kept for the next of its size and keeps what lies below it (mallopt(3),
    // `M_MXFAST`).
    let all_there = Arc::new(Barrier::new(THREADS + 1));
    let threads: Vec<_> = (0..THREADS)
        .map(|_| {
            let all_there = Arc::clone(&all_there);
            std::thread::Builder::new()
                .spawn(move || {
                    let mut much = Vec::with_capacity(BLOCKS);
                    all_there.wait();
                    much.extend((0..BLOCKS).map(|_| vec![1_u8; 8 * 1024]));
                    std::hint::black_box(&much);
                    // Nobody frees before everybody has taken, and it was seen.
                    all_there.wait();
                    all_there.wait();
                })
                .unwrap()
        })
        .collect();
    all_there.wait();
    all_there.wait();
    let taken = anonymous();
    assert!(taken > before + 40 * 1024, "{before} kB before, {taken} kB taken");
    all_there.wait();
    for thread in threads {
        thread.join().unwrap();
    }
    let after = anonymous();
    assert!(after < before + 8 * 1024, "{before} kB before, {after} kB after");
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn main() {}
