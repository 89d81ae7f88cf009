//! Gives memory back to the system once it is free. It must never decide where memory comes from: that stays the system's
//! allocator, for SQLite as for us.
//!
//! glibc keeps what was freed at the end of each of its arenas, and it keeps the more of it the larger the blocks were
//! that it has seen: up to 64 MiB an arena (mallopt(3), `M_MMAP_THRESHOLD`, "dynamic"), with eight arenas for each
//! processor. A password's comparison takes 19 MiB, so that after a worker's flood a control plane that used 9 MB held 58
//! MB. With both thresholds fixed it held 23 MB in ten arenas, and 17 MB in two.

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod glibc {
    use super::For;

    /// Arenas: one for each processor, since threads that share one may wait for each other, but no more than this. Each
    /// keeps a few megabytes to itself.
    const ARENAS_MAX: usize = 8;

    /// A block of this size or more is the system's own again as soon as it is freed, in bytes; then what an arena keeps free
    /// at its end, in bytes; then how many arenas there are.
    fn terms(whom: For) -> [libc::c_int; 3] {
        match whom {
            // The largest frames of the link and pages of an answer are above the first; what a usual request takes is not, and
            // asks the system for nothing.
            For::Many => {
                let processors = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
                let arenas = libc::c_int::try_from(processors.clamp(2, ARENAS_MAX)).unwrap_or(2);
                [256 * 1024, 512 * 1024, arenas]
            }
            // Its threads take turns, and what one has freed another needs.
            For::One => [64 * 1024, 64 * 1024, 1],
        }
    }

    #[expect(unsafe_code, reason = "no safe crate has malloc_trim(3)")]
    pub(super) fn trim() -> bool {
        // SAFETY: it takes a number and no pointer, and locks each arena while it looks at it (MT-Safe, malloc_trim(3)).
        unsafe { libc::malloc_trim(0) == 1 }
    }

    #[expect(unsafe_code, reason = "no safe crate has mallopt(3)")]
    pub(super) fn set(whom: For) -> bool {
        let [own_mapping, kept_free, arenas] = terms(whom);
        // SAFETY: mallopt takes numbers and no pointer. It locks what it changes (MT-Safe init, mallopt(3): the caller
        // has started no thread yet), and refuses numbers that it does not know by 0.
        unsafe {
            libc::mallopt(libc::M_MMAP_THRESHOLD, own_mapping) == 1
                && libc::mallopt(libc::M_TRIM_THRESHOLD, kept_free) == 1
                && libc::mallopt(libc::M_ARENA_MAX, arenas) == 1
        }
    }
}

/// Whom a process serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// Many at once, on many threads.
    Many,
    /// One tenant, who is silent most of the time.
    One,
}

/// Lets free memory go back to the system soon. Called once, before any thread is started. Whether it was taken: with
/// another allocator than glibc's there is nothing to be set.
pub fn give_back_soon(whom: For) -> bool {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    return glibc::set(whom);
    #[cfg(not(all(target_os = "linux", target_env = "gnu")))]
    {
        let _nothing_to_set = whom;
        false
    }
}

/// Gives all free memory back that makes up whole pages. Takes about a millisecond; whether there was any.
pub fn give_back_now() -> bool {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    return glibc::trim();
    #[cfg(not(all(target_os = "linux", target_env = "gnu")))]
    false
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    /// The process's memory that is no file's, in kB.
    fn anonymous() -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    #[test]
    fn what_a_burst_has_taken_is_given_back() {
        assert!(super::give_back_soon(super::For::Many));
        // As a password's comparison: freed once, it would make glibc keep twice its size in every arena.
        drop(std::hint::black_box(vec![1_u8; 19 * 1024 * 1024]));
        let before = anonymous();
        // As requests at once on several threads.
        let threads = (0..6).map(|_| {
            std::thread::Builder::new().spawn(|| {
                let much: Vec<_> = (0..1_000).map(|_| vec![1_u8; 8 * 1024]).collect();
                std::hint::black_box(&much);
            })
        });
        for thread in threads.collect::<Vec<_>>() {
            thread.unwrap().join().unwrap();
        }
        let after = anonymous();
        assert!(after < before + 8 * 1024, "{before} kB before, {after} kB after");
    }
}
