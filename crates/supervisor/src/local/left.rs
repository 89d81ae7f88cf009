//! What a worker leaves running: found and ended with it.
//!
//! A worker leads a session of its own, and whatever it starts stays in it or in a group of it. A confined worker can start
//! nothing at all (`confine`); one that is not could leave its session, and is then known by its user, where it has one of
//! its own. The number of a session is given to no other process while one of it is left (credentials(7)).

use std::{collections::HashSet, io, time::Duration};

use rustix::{
    event::{PollFd, PollFlags, poll},
    process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal},
    time::Timespec,
};

use crate::Stat;

/// Looks until nothing is left: whatever is started meanwhile is found by the next one.
const ROUNDS: usize = 200;
/// How long a look waits for what it has ended.
const ROUND: Duration = Duration::from_millis(50);

/// Whose processes are meant.
#[derive(Debug, Clone, Copy)]
pub(super) struct Of {
    /// The worker, which has ended.
    pub(super) leader: Pid,
    /// The user that is this worker's alone.
    pub(super) user: Option<u32>,
}

/// Ends all that a worker has left, by SIGKILL, and says how many there were. Blocks until they have ended.
///
/// # Errors
/// Where processes cannot be listed, or some are left after all.
pub(super) fn end(of: Of) -> io::Result<usize> {
    let mut ended = 0;
    for _ in 0..ROUNDS {
        let left: Vec<_> = all()?.filter(|pid| is(*pid, of)).filter_map(|pid| hold(pid, of)).collect();
        if left.is_empty() {
            return Ok(ended);
        }
        for pidfd in &left {
            if pidfd_send_signal(pidfd, Signal::KILL).is_ok() {
                ended += 1;
            }
        }
        for pidfd in &left {
            let time = Timespec { tv_sec: 0, tv_nsec: ROUND.subsec_nanos().into() };
            let _looked_at_again = poll(&mut [PollFd::new(pidfd, PollFlags::IN)], Some(&time));
        }
    }
    Err(io::Error::other("processes that a worker has started go on"))
}

/// A hold on a process that is still one of these: its number could have been given away before it was opened.
fn hold(pid: Pid, of: Of) -> Option<std::os::fd::OwnedFd> {
    let pidfd = pidfd_open(pid, PidfdFlags::empty()).ok()?;
    is(pid, of).then_some(pidfd)
}

fn all() -> io::Result<impl Iterator<Item = Pid>> {
    let entries = std::fs::read_dir("/proc")?;
    Ok(entries.filter_map(|entry| Pid::from_raw(entry.ok()?.file_name().to_str()?.parse().ok()?)))
}

fn is(pid: Pid, of: Of) -> bool {
    let Some(Stat { lives, group, session, .. }) = Stat::of(pid) else { return false };
    let leader = of.leader.as_raw_nonzero().get();
    let is_in = group == leader || session == leader;
    lives && pid != of.leader && (is_in || of.user.is_some_and(|user| runs_as(pid, user)))
}

/// The users that have a process.
pub(super) fn users() -> io::Result<HashSet<u32>> {
    Ok(all()?.flat_map(ids).collect())
}

/// Whether any of its user ids is this one.
fn runs_as(pid: Pid, user: u32) -> bool {
    ids(pid).contains(&user)
}

/// A process's user ids, as `/proc/PID/status` says them (proc(5)).
fn ids(pid: Pid) -> Vec<u32> {
    let status =
        std::fs::read_to_string(format!("/proc/{}/status", pid.as_raw_nonzero())).unwrap_or_default();
    let ids = status.lines().find_map(|line| line.strip_prefix("Uid:")).unwrap_or_default();
    ids.split_ascii_whitespace().filter_map(|id| id.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use std::process::{Command, Stdio};

    use rustix::process::Pid;

    use super::{Of, end};
    use crate::Stat;

    #[test]
    fn what_a_session_has_left_is_ended_and_nobody_else() {
        // A leader that leaves three behind, one of them in a group of its own.
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "set -m; sleep 300 & set +m; sleep 300 & sleep 300 & echo; read line"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        confine::own_session(&mut command);
        let mut leader = command.spawn().unwrap();
        let mut other = Command::new("/bin/sleep").arg("300").spawn().unwrap();
        let mut ready = [0; 1];
        std::io::Read::read_exact(leader.stdout.as_mut().unwrap(), &mut ready).unwrap();
        leader.kill().unwrap();
        let pid = Pid::from_child(&leader);
        assert_eq!(end(Of { leader: pid, user: None }).unwrap(), 3);
        assert_eq!(end(Of { leader: pid, user: None }).unwrap(), 0);
        leader.wait().unwrap();
        assert!(Stat::of(Pid::from_child(&other)).unwrap().lives);
        other.kill().unwrap();
        other.wait().unwrap();
    }
}
