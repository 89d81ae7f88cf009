//! The stack of a process's first thread, on which no test of the usual harness runs.
#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

/// How much of the stack is there, in KiB.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn resident() -> u64 {
    let maps = std::fs::read_to_string("/proc/self/smaps").unwrap();
    let line =
        maps.lines().skip_while(|line| !line.ends_with("[stack]")).find_map(|line| line.strip_prefix("Rss:"));
    line.unwrap().trim().trim_end_matches(" kB").parse().unwrap()
}

/// Calls itself with frames of a few KiB.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn deep(calls: u64) -> u64 {
    let frame = std::hint::black_box([calls; 512]);
    if calls == 0 { frame[7] } else { deep(calls - 1) + frame[9] }
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn main() {
    let kept = std::hint::black_box([7_u64; 1024]);
    let before = resident();
    assert_eq!(deep(100), 100 * 101 / 2);
    let used = resident();
    assert!(used > before + 300, "{before} kB before, {used} kB after deep calls");
    assert!(memory::give_back_stack());
    let after = resident();
    assert!(after < before + 100, "{before} kB before, {used} kB used, {after} kB after");
    // What is in use stays as it was, and so does what is used again.
    assert_eq!(kept, [7; 1024]);
    assert_eq!(deep(100), 100 * 101 / 2);
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn main() {}
