//! What the kernel says of a process.

use std::time::Duration;

use rustix::{param::clock_ticks_per_second, process::Pid};

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
    /// What all its threads have had of the processors since it began.
    pub had: Duration,
}

impl Stat {
    /// `None` where there is no such process.
    #[must_use]
    pub fn of(pid: Pid) -> Option<Self> {
        let stat = std::fs::read(format!("/proc/{}/stat", pid.as_raw_nonzero())).ok()?;
        read(&String::from_utf8_lossy(&stat), clock_ticks_per_second())
    }
}

/// proc(5): "pid (name) state parent group session …", where the name may hold anything; the fourteenth and fifteenth are ticks
/// in the process itself and in the kernel for it.
fn read(stat: &str, ticks_per_second: u64) -> Option<Stat> {
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace();
    let lives = !matches!(fields.next()?, "Z" | "X");
    let mut number = || fields.next()?.parse().ok();
    let (parent, group, session) = (number()?, number()?, number()?);
    let mut ticks = fields.skip(7).map_while(|ticks| ticks.parse::<u32>().ok());
    let ticks = ticks.next()?.checked_add(ticks.next()?)?;
    let per_second = u32::try_from(ticks_per_second).ok().filter(|ticks| *ticks > 0)?;
    Some(Stat { lives, parent, group, session, had: Duration::from_secs(1) * ticks / per_second })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn a_process_is_known_by_its_fields_whatever_its_name() {
        let stat = read("7 (a) b) R 1 8 9 0 -1 4194304 1 2 3 4 150 50 9 9 20 0 4 0 99", 100).unwrap();
        assert_eq!((stat.lives, stat.parent, stat.group, stat.session), (true, 1, 8, 9));
        assert_eq!(stat.had, Duration::from_secs(2));
        assert!(read("7 (a) R 1 8 9", 100).is_none());
        assert!(Stat::of(rustix::process::getpid()).is_some());
    }
}
