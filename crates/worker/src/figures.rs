//! What this process costs.

use std::{fs::File, os::unix::fs::FileExt, time::Duration};

/// Reads the process's own figures. Made before a sandbox closes `/proc`: an open descriptor still reads.
#[derive(Debug)]
pub struct Figures {
    rollup: Option<File>,
}

impl Figures {
    /// Opens what is read later.
    #[must_use]
    pub fn open() -> Self {
        // The first look at a clock asks the system where clocks are, for good: not later, when `/proc` may be closed.
        let _found = Self::cpu();
        Self { rollup: File::open("/proc/self/smaps_rollup").ok() }
    }

    /// Own share of memory (PSS), in bytes, where the system tells.
    pub(crate) fn memory_bytes(&self) -> Option<u64> {
        // 22 lines of 28 bytes at most (fs/proc/task_mmu.c).
        let mut text = [0; 2048];
        let length = self.rollup.as_ref()?.read_at(&mut text, 0).ok()?;
        pss(std::str::from_utf8(&text[..length]).ok()?)
    }

    /// Processor time of all threads since the start.
    pub(crate) fn cpu() -> Duration {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
        let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
        Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or_default().min(999_999_999))
    }
}

fn pss(rollup: &str) -> Option<u64> {
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kilobytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::{Figures, pss};

    #[test]
    fn reads_the_line_of_the_proportional_share() {
        assert_eq!(pss("x [rollup]\nRss:  3000 kB\nPss:   2048 kB\nPss_Dirty: 7 kB\n"), Some(2048 * 1024));
        assert_eq!(pss("Pss_Dirty: 7 kB\n"), None);
    }

    #[test]
    fn this_process_has_memory_and_has_worked() {
        let figures = Figures::open();
        assert!(figures.memory_bytes().is_some_and(|bytes| bytes > 100_000));
        assert!(figures.memory_bytes().is_some(), "the second read of the same descriptor");
        assert!(!Figures::cpu().is_zero());
    }
}
