//! What the kernel says of processes: memory by part, time, wake-ups, bytes written. One that is gone counts as nothing.

use std::{collections::HashMap, fs};

const KIBI: u64 = 1024;
/// Bytes of a thread's stack within the kernel (x86-64 and arm64: `THREAD_SIZE`).
const KERNEL_STACK: u64 = 16 * KIBI;
/// Nanoseconds of a tick of `/proc/PID/stat`: USER_HZ is 100 wherever Linux runs.
const TICK: u64 = 10_000_000;

/// Memory of some processes, in bytes but for the counts.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// Private pages, and a fair share of those that are shared.
    pub pss: u64,
    /// Pages that nobody else has.
    pub private: u64,
    /// Page tables.
    pub page_tables: u64,
    /// Stacks of threads within the kernel.
    pub stacks: u64,
    /// Descriptors that are sockets, a count.
    pub sockets: u64,
    /// Threads, a count.
    pub threads: u64,
}

/// Of these processes together.
#[must_use]
pub fn memory(pids: &[u32]) -> Memory {
    pids.iter().map(|pid| memory_of(*pid)).fold(Memory::default(), |sum, one| Memory {
        pss: sum.pss + one.pss,
        private: sum.private + one.private,
        page_tables: sum.page_tables + one.page_tables,
        stacks: sum.stacks + one.stacks,
        sockets: sum.sockets + one.sockets,
        threads: sum.threads + one.threads,
    })
}

fn memory_of(pid: u32) -> Memory {
    let rollup = read(pid, "smaps_rollup");
    let status = read(pid, "status");
    let threads = field(&status, "Threads:");
    Memory {
        pss: field(&rollup, "Pss:") * KIBI,
        private: (field(&rollup, "Private_Clean:") + field(&rollup, "Private_Dirty:")) * KIBI,
        page_tables: field(&status, "VmPTE:") * KIBI,
        stacks: threads * KERNEL_STACK,
        sockets: sockets(pid),
        threads,
    }
}

fn sockets(pid: u32) -> u64 {
    let descriptors = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
    let links = descriptors.filter_map(|entry| fs::read_link(entry.path()).ok());
    links.filter(|link| link.to_string_lossy().starts_with("socket:")).count() as u64
}

/// What some threads have done until now: processor time in nanoseconds and wake-ups, each by process and thread.
#[derive(Debug, Default)]
pub struct Threads(HashMap<(u32, u32), (u64, u64)>);

impl Threads {
    /// As it is now.
    #[must_use]
    pub fn of(pids: &[u32]) -> Self {
        let mut all = HashMap::new();
        for pid in pids {
            for entry in fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten() {
                let Some(thread) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
                    continue;
                };
                // Its first number is the time on a processor in nanoseconds (proc_pid_schedstat).
                let schedule = fs::read_to_string(entry.path().join("schedstat")).unwrap_or_default();
                let time = schedule.split(' ').next().and_then(|word| word.parse().ok()).unwrap_or_default();
                let status = fs::read_to_string(entry.path().join("status")).unwrap_or_default();
                all.insert((*pid, thread), (time, field(&status, "voluntary_ctxt_switches:")));
            }
        }
        Self(all)
    }

    /// Processor time in nanoseconds and wake-ups since an earlier look. Threads that ended meanwhile are not in it.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> (u64, u64) {
        self.0.iter().fold((0, 0), |(time, wakes), (thread, now)| {
            let then = earlier.0.get(thread).copied().unwrap_or_default();
            (time + now.0.saturating_sub(then.0), wakes + now.1.saturating_sub(then.1))
        })
    }
}

/// Processor time of processes since their start in nanoseconds, ended threads included, in steps of 10 ms.
#[must_use]
pub fn time(pids: &[u32]) -> u64 {
    let of = |pid: &u32| {
        let stat = read(*pid, "stat");
        // Behind the name in brackets, which may hold anything, utime and stime are the 12th and 13th (proc_pid_stat).
        let rest = stat.rsplit_once(") ").map_or("", |(_, rest)| rest);
        let fields = rest.split(' ').skip(11).take(2).filter_map(|word| word.parse::<u64>().ok());
        fields.sum::<u64>() * TICK
    };
    pids.iter().map(of).sum()
}

/// Bytes that processes have made the kernel write to a disk, and all that they have written to anything.
#[must_use]
pub fn written(pids: &[u32]) -> (u64, u64) {
    let of = |pid: &u32| {
        let io = read(*pid, "io");
        (field(&io, "write_bytes:"), field(&io, "wchar:"))
    };
    pids.iter().map(of).fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
}

/// Memory that the machine has left, in bytes.
#[must_use]
pub fn available() -> u64 {
    field(&fs::read_to_string("/proc/meminfo").unwrap_or_default(), "MemAvailable:") * KIBI
}

/// The load average of the last minute.
#[must_use]
pub fn load() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').next().and_then(|word| word.parse().ok()).unwrap_or_default()
}

/// Time that all processors were busy since the start of the machine, in nanoseconds; what was stolen counts.
#[must_use]
pub fn busy() -> u64 {
    let text = fs::read_to_string("/proc/stat").unwrap_or_default();
    let first = text.lines().next().unwrap_or_default();
    // user nice system idle iowait irq softirq steal (proc_stat).
    let fields: Vec<u64> = first.split_whitespace().skip(1).filter_map(|word| word.parse().ok()).collect();
    [0, 1, 2, 5, 6, 7].iter().filter_map(|place| fields.get(*place)).sum::<u64>() * TICK
}

fn read(pid: u32, file: &str) -> String {
    fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default()
}

/// The number behind a name at the start of a line.
fn field(text: &str, name: &str) -> u64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.split_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Threads, available, memory, time};

    #[test]
    fn this_process_has_memory_threads_and_time() {
        let own = [std::process::id()];
        let before = Threads::of(&own);
        let figures = memory(&own);
        assert!(
            figures.pss > 100_000 && figures.private <= figures.pss && figures.page_tables > 0,
            "{figures:?}"
        );
        assert!(figures.threads > 0 && available() > 0);
        let mut sum = 0_u64;
        while time(&own) < 20_000_000 {
            sum = sum.wrapping_add(1);
        }
        assert!(Threads::of(&own).since(&before).0 > 0, "{sum}");
    }

    #[test]
    fn a_process_that_is_gone_counts_as_nothing() {
        assert_eq!(memory(&[u32::MAX]), super::Memory::default());
        assert_eq!(time(&[u32::MAX]), 0);
    }
}
