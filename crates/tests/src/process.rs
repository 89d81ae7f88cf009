//! Processes by their id: signals, memory, and who still lives.

use std::path::Path;

pub use rustix::process::Signal;
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    process::{Pid, PidfdFlags, kill_process, pidfd_open},
};

/// Sends a signal. A process that is gone already is no error.
pub fn signal(pid: u32, signal: Signal) {
    let _ = kill_process(as_pid(pid), signal);
}

/// Waits until a process, a child or not, has ended. Returns at once where it is gone already.
pub async fn ended(pid: u32) {
    let Ok(pidfd) = pidfd_open(as_pid(pid), PidfdFlags::empty()) else { return };
    let waiting = tokio::task::spawn_blocking(move || {
        // A pidfd becomes readable when its process ends (pidfd_open(2)).
        let limit = Timespec { tv_sec: crate::LIMIT.as_secs().cast_signed(), tv_nsec: 0 };
        poll(&mut [PollFd::new(&pidfd, PollFlags::IN)], Some(&limit))
    });
    let ended = waiting.await.expect("the wait ends").expect("a pidfd can be waited for");
    assert_eq!(ended, 1, "process {pid} still runs");
}

/// Whether a process lives; one that has ended and waits for its parent does not.
pub fn lives(pid: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // "pid (name) state …", where the name may hold anything.
    stat.rsplit_once(')').is_some_and(|(_, rest)| !rest.trim_start().starts_with(['Z', 'X']))
}

/// Own memory (PSS) in bytes: private pages, and a fair share of those that are shared.
pub fn pss(pid: u32) -> u64 {
    rolled_up(pid, "Pss:")
}

/// Memory in bytes that the process has written itself and shares with nobody.
pub fn private_dirty(pid: u32) -> u64 {
    rolled_up(pid, "Private_Dirty:")
}

fn rolled_up(pid: u32, name: &str) -> u64 {
    let rollup = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).expect("the process lives");
    let line = rollup.lines().find_map(|line| line.strip_prefix(name)).expect("smaps_rollup has this line");
    let kibibytes = line.trim().trim_end_matches("kB").trim();
    kibibytes.parse::<u64>().expect("a number of kilobytes") * 1024
}

/// The processes that have a file below `directory` open, such as a worker its log.
///
/// A process that was forked off this one and has not begun its own program yet holds whatever this one has open, other
/// tests' files among it: it is not meant.
pub fn with_files_in(directory: &Path) -> Vec<u32> {
    let own = std::fs::read_link("/proc/self/exe").ok();
    let is_own = |pid: u32| own.is_some() && std::fs::read_link(format!("/proc/{pid}/exe")).ok() == own;
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    pids.filter(|pid| *pid != std::process::id() && holds(*pid, directory) && !is_own(*pid)).collect()
}

fn holds(pid: u32, directory: &Path) -> bool {
    let Ok(descriptors) = std::fs::read_dir(format!("/proc/{pid}/fd")) else { return false };
    descriptors
        .flatten()
        .any(|entry| std::fs::read_link(entry.path()).is_ok_and(|file| file.starts_with(directory)))
}

fn as_pid(pid: u32) -> Pid {
    i32::try_from(pid).ok().and_then(Pid::from_raw).expect("a process id")
}
