//! What the kernel says of a process.

use rustix::process::Pid;

/// A part of `/proc/PID/stat`. Ids are 0 where the process that has them is of a namespace outside ours.
#[derive(Debug, Clone, Copy)]
pub struct Stat {
    /// Whether it has not ended.
    pub lives: bool,
    /// The process that has started it, or has taken it over.
    pub parent: i32,
    /// Its process group.
    pub group: i32,
    /// Its session.
    pub session: i32,
}

impl Stat {
    /// proc(5): "pid (name) state parent group session …", where the name may hold anything. `None` where there is no such
    /// process.
    #[must_use]
    pub fn of(pid: Pid) -> Option<Self> {
        let stat = std::fs::read(format!("/proc/{}/stat", pid.as_raw_nonzero())).ok()?;
        let stat = String::from_utf8_lossy(&stat).into_owned();
        let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
        let lives = !matches!(fields.next()?, "Z" | "X");
        let mut number = || fields.next()?.parse().ok();
        Some(Self { lives, parent: number()?, group: number()?, session: number()? })
    }
}
