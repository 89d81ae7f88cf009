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

/// Gives back what the process's first thread had in use of its stack and has no longer; whether this is that thread. Beginning
/// takes far deeper calls than going on.
pub fn give_back_stack() -> bool {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    return stack::give_back();
    #[cfg(not(all(target_os = "linux", target_env = "gnu")))]
    false
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod stack {
    /// What may be in use below a variable of [`give_back`], in bytes: the call that it makes, and less.
    const IN_USE: usize = 16 * 1024;
    /// How far down is looked, in bytes: as far as the system keeps every other mapping away from the first thread's stack
    /// (`stack_guard_gap`, 256 pages of 4 KiB by default), so that nothing else is met even where the stack ends at once.
    const LOOKED_AT: usize = 1024 * 1024;
    #[inline(never)]
    #[expect(unsafe_code, reason = "no safe crate has madvise(2) for the calling thread's stack")]
    pub(super) fn give_back() -> bool {
        // SAFETY: none takes a pointer, and the first two never fail (getpid(2), gettid(2), sysconf(3)).
        let (is_first, page) =
            unsafe { (libc::getpid() == libc::gettid(), libc::sysconf(libc::_SC_PAGESIZE)) };
        let Some(page) = usize::try_from(page).ok().filter(|page| is_first && page.is_power_of_two()) else {
            return false;
        };
        let here = 0_u8;
        let here = std::ptr::from_ref(std::hint::black_box(&here)).addr();
        let end = (here - IN_USE) & !(page - 1);
        // SAFETY: the stack grows down, and what is below the frames of the functions that run is nobody's: the range ends
        // `IN_USE` below one of this function, which calls nothing but madvise. It is the first thread's stack, below which
        // the system maps nothing for longer than the range is; unmapped pages in it are passed over (ENOMEM, madvise(2)).
        // Pages that are used again begin as zeros.
        unsafe {
            libc::madvise(std::ptr::without_provenance_mut(end - LOOKED_AT), LOOKED_AT, libc::MADV_DONTNEED);
        }
        true
    }
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

    /// Tests run on threads of their own, whose stacks are left alone; a process's first is tried in `tests/first_thread.rs`.
    #[test]
    fn only_the_first_threads_stack_is_given_back() {
        assert!(!super::give_back_stack());
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
