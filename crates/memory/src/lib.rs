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

/// Gives back what the calling thread had in use of its stack and has no longer; whether its stack could be found. Beginning
/// takes far deeper calls than going on.
pub fn give_back_stack() -> bool {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    return stack::give_back().is_some();
    #[cfg(not(all(target_os = "linux", target_env = "gnu")))]
    false
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod stack {
    use std::mem::MaybeUninit;

    /// What may be in use below a variable of [`give_back`], in bytes: the calls that it makes, and less.
    const IN_USE: usize = 8 * 1024;
    /// How far down the first thread's stack is looked at, in bytes: as far as the system keeps every other mapping away from it
    /// (`stack_guard_gap`, 256 pages of 4 KiB by default), so that nothing else is met even where the stack ends at once.
    const LOOKED_AT: usize = 1024 * 1024;

    /// `None` where the stack's end cannot be found.
    #[inline(never)]
    #[expect(unsafe_code, reason = "no safe crate has madvise(2) for the calling thread's stack")]
    pub(super) fn give_back() -> Option<()> {
        // SAFETY: none takes a pointer, and the first two never fail (getpid(2), gettid(2), sysconf(3)).
        let (is_first, page) =
            unsafe { (libc::getpid() == libc::gettid(), libc::sysconf(libc::_SC_PAGESIZE)) };
        let page = usize::try_from(page).ok().filter(|page| page.is_power_of_two())?;
        let here = 0_u8;
        let here = std::ptr::from_ref(std::hint::black_box(&here)).addr();
        let end = (here - IN_USE) & !(page - 1);
        // What the system says of the first thread's stack it reads from /proc, which a confined process may not.
        let lowest = if is_first { end - LOOKED_AT } else { lowest()? };
        let length = end.checked_sub(lowest)?;
        // SAFETY: the stack grows down, and what is below the frames of the functions that run is nobody's: the range ends
        // `IN_USE` below one of this function, which calls nothing but these. It begins where this thread's stack does; of the
        // first thread it is at most what the system keeps free below a stack, and unmapped pages in it are passed over
        // (ENOMEM, madvise(2)). Pages that are used again begin as zeros.
        unsafe {
            libc::madvise(std::ptr::without_provenance_mut(lowest), length, libc::MADV_DONTNEED);
        }
        Some(())
    }

    /// The lowest address of the calling thread's stack, which is not the process's first.
    #[expect(unsafe_code, reason = "no safe crate has pthread_getattr_np(3)")]
    fn lowest() -> Option<usize> {
        let mut attributes = MaybeUninit::uninit();
        let (mut lowest, mut size) = (std::ptr::null_mut(), 0);
        // SAFETY: the calling thread lives; the attributes are written by the first call, and read and destroyed only where it
        // says so by 0 (pthread_getattr_np(3)). The other two are ours to be written.
        unsafe {
            if libc::pthread_getattr_np(libc::pthread_self(), attributes.as_mut_ptr()) != 0 {
                return None;
            }
            let told = libc::pthread_attr_getstack(attributes.as_ptr(), &raw mut lowest, &raw mut size);
            libc::pthread_attr_destroy(attributes.as_mut_ptr());
            (told == 0).then(|| lowest.addr())
        }
    }
}

#[cfg(all(test, target_os = "linux", target_env = "gnu"))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    /// What is there of the mapping in which this address lies, in KiB.
    fn resident(address: usize) -> u64 {
        let maps = std::fs::read_to_string("/proc/self/smaps").unwrap();
        let mut lines = maps.lines();
        lines
            .find(|line| {
                let range = line.split(' ').next().and_then(|range| range.split_once('-'));
                let number = |text: &str| usize::from_str_radix(text, 16).ok();
                range
                    .and_then(|(from, to)| Some(number(from)?..number(to)?))
                    .is_some_and(|range| range.contains(&address))
            })
            .unwrap();
        let line = lines.find_map(|line| line.strip_prefix("Rss:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// Calls itself with frames of a few KiB.
    fn deep(calls: u64) -> u64 {
        let frame = std::hint::black_box([calls; 512]);
        if calls == 0 { frame[7] } else { deep(calls - 1) + frame[9] }
    }

    /// A process's first thread is tried in `tests/first_thread.rs`, and the allocator in `tests/burst.rs`.
    #[test]
    fn what_a_thread_had_in_use_of_its_stack_is_given_back() {
        let thread = std::thread::Builder::new().stack_size(2 * 1024 * 1024).spawn(|| {
            let kept = std::hint::black_box([7_u64; 64]);
            let here = std::ptr::from_ref(&kept).addr();
            let before = resident(here);
            assert_eq!(deep(100), 100 * 101 / 2);
            let used = resident(here);
            assert!(used > before + 300, "{before} kB before, {used} kB after deep calls");
            assert!(super::give_back_stack());
            let after = resident(here);
            assert!(after < before + 100, "{before} kB before, {used} kB used, {after} kB after");
            // What is in use stays as it was, and so does what is used again.
            assert_eq!(kept, [7; 64]);
            assert_eq!(deep(100), 100 * 101 / 2);
        });
        thread.unwrap().join().unwrap();
    }
}
