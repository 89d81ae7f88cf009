//! Who may call over `admin.sock`, beside what its file mode says. Whoever is let in there is an administrator, and a worker
//! that shares our user passes every file mode.

use std::collections::HashSet;

use rustix::process::Pid;
use supervisor::{Handle, Stat};
use tokio::net::unix::UCred;
use web::serve::Admit;

/// The longest way up from a process to its worker that is looked at.
const ANCESTORS: usize = 64;

/// Lets in our own user and root, but no worker, nothing in a worker's session or group, and nothing that a worker started.
pub(super) fn admit(supervisor: Handle) -> Admit {
    let own = rustix::process::geteuid().as_raw();
    Admit::new(move |caller| {
        let refusal = refusal(caller, own, &supervisor.workers_here());
        if let Some(why) = refusal {
            tracing::warn!(
                why,
                pid = caller.and_then(|caller| caller.pid()),
                "a caller of admin.sock was refused"
            );
        }
        refusal.is_none()
    })
}

fn refusal(caller: Option<UCred>, own: u32, workers: &HashSet<u32>) -> Option<&'static str> {
    let Some(caller) = caller else { return Some("the system does not tell who calls") };
    if ![0, own].contains(&caller.uid()) {
        return Some("another user's process");
    }
    let Some(pid) = caller.pid().and_then(Pid::from_raw) else {
        return Some("a process of another namespace");
    };
    descent(pid, workers)
}

/// Why a process is refused for what it is, or for what has started it.
fn descent(mut pid: Pid, workers: &HashSet<u32>) -> Option<&'static str> {
    let is_worker = |id: i32| u32::try_from(id).is_ok_and(|id| workers.contains(&id));
    for _ in 0..ANCESTORS {
        if is_worker(pid.as_raw_nonzero().get()) {
            return Some("a worker, or what it has started");
        }
        // A caller that has ended is nobody's any more; what it has written is still there to be read.
        let Some(stat) = Stat::of(pid) else {
            return Some("it has ended, or /proc does not show it to this process");
        };
        if is_worker(stat.group) || is_worker(stat.session) {
            return Some("of a worker's session");
        }
        match Pid::from_raw(stat.parent) {
            // The first process of the namespace, or one outside of it that has started us.
            None | Some(Pid::INIT) => return None,
            Some(parent) => pid = parent,
        }
    }
    Some("it has too many ancestors")
}

#[cfg(test)]
mod tests {
    use std::{
        io::{BufRead as _, BufReader},
        os::unix::process::CommandExt as _,
        process::{Child, Command, Stdio},
    };

    use rustix::process::{Pid, Signal, getpid, kill_process};
    use tokio::net::UnixStream;

    use super::{descent, refusal};

    /// The credentials of this process, as a socket tells them.
    fn this() -> tokio::net::unix::UCred {
        UnixStream::pair().unwrap().0.peer_cred().unwrap()
    }

    /// A process that leads a group of its own, with one that it has started, which outlives it.
    fn leader_and_started() -> (Child, Pid) {
        let mut leader = Command::new("/bin/sh")
            .args(["-c", "sleep 300 >&- & echo $!; read line"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(leader.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let started = Pid::from_raw(line.trim().parse().unwrap()).unwrap();
        (leader, started)
    }

    #[tokio::test]
    async fn our_user_is_let_in_and_nobody_unknown() {
        let own = rustix::process::geteuid().as_raw();
        assert_eq!(refusal(Some(this()), own, &[].into()), None);
        assert!(refusal(Some(this()), own, &[std::process::id()].into()).is_some(), "a worker itself");
        assert!(refusal(None, own, &[].into()).is_some());
    }

    #[test]
    fn no_worker_is_let_in_nor_what_it_started_nor_what_it_left() {
        let (mut leader, started) = leader_and_started();
        let worker = leader.id();
        assert_eq!(descent(started, &[].into()), None, "nobody is a worker");
        assert_eq!(descent(getpid(), &[worker].into()), None, "a neighbour is no reason");
        assert_eq!(
            descent(Pid::from_child(&leader), &[worker].into()),
            Some("a worker, or what it has started")
        );
        assert!(descent(started, &[worker].into()).is_some(), "what it started");
        assert!(descent(started, &[std::process::id()].into()).is_some(), "what ours started has started");
        // What was started is nobody's child of ours now, and still in the group.
        leader.kill().unwrap();
        leader.wait().unwrap();
        assert_eq!(descent(started, &[worker].into()), Some("of a worker's session"));
        kill_process(started, Signal::KILL).unwrap();
    }
}
