//! The control plane's part.

use std::{
    io,
    os::fd::{BorrowedFd, OwnedFd},
    process::{Child, Command, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rustix::{
    net::{AddressFamily, SocketFlags, SocketType, socketpair, sockopt},
    process::Pid,
};

use crate::{
    Order,
    message::{Answer, receive, send},
    title::joined,
};

/// How long an order may take, that is, two forks.
const PATIENCE: Duration = Duration::from_secs(10);
/// The first argument of a zygote.
const NAME: &str = "zygote";

/// A zygote of this process's. It ends with it, or when this is dropped; what it has forked goes on.
#[derive(Debug)]
pub struct Zygote {
    socket: OwnedFd,
    child: Child,
}

/// The arguments of a zygote whose workers have arguments of this size: they are written in the place of these.
#[must_use]
pub fn arguments(of_a_worker: &[String]) -> [String; 2] {
    let room = joined(of_a_worker).len().saturating_sub(NAME.len() + 2);
    [NAME.to_owned(), ".".repeat(room)]
}

/// Why no worker was forked.
#[derive(Debug)]
pub enum ForkError {
    /// The zygote has taken no order: another one may be asked.
    Gone(io::Error),
    /// It has, and failed, or nobody knows what came of it. A launch is given to one process alone, so that it is not given again.
    Failed(io::Error),
}

/// What the processes of this one's leave behind is given to it only while it is asked for: whatever is an orphan at another
/// time is the system's, which reaps it.
struct Adopting<'a>(#[expect(dead_code, reason = "held")] MutexGuard<'a, ()>);

impl Adopting<'_> {
    /// # Errors
    /// Where the system knows no subreapers (prctl(2)).
    fn begin() -> io::Result<Self> {
        static ONE: Mutex<()> = Mutex::new(());
        let held = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        rustix::process::set_child_subreaper(Some(rustix::process::getpid()))?;
        Ok(Self(held))
    }
}

impl Drop for Adopting<'_> {
    fn drop(&mut self) {
        let _it_was_set = rustix::process::set_child_subreaper(None);
    }
}

impl Zygote {
    /// Starts one from a command with the arguments of [`arguments`], whose standard input is set here.
    ///
    /// # Errors
    /// Where it cannot be started.
    pub fn start(mut command: Command) -> io::Result<Self> {
        let (socket, theirs) =
            socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?;
        for socket in [&socket, &theirs] {
            sockopt::set_socket_timeout(socket, sockopt::Timeout::Send, Some(PATIENCE))?;
        }
        sockopt::set_socket_timeout(&socket, sockopt::Timeout::Recv, Some(PATIENCE))?;
        let child = command.stdin(Stdio::from(theirs)).spawn()?;
        Ok(Self { socket, child })
    }

    /// Its number.
    #[must_use]
    pub fn pid(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// Forks a worker, one after the other in this process. `stdin` and `output` are what it reads and writes. Blocks for two
    /// forks.
    ///
    /// # Errors
    /// Where the zygote is gone, hangs, or cannot fork. What it does afterwards is not known: it is of no more use.
    pub fn fork(
        &self,
        order: &Order,
        stdin: BorrowedFd<'_>,
        output: BorrowedFd<'_>,
    ) -> Result<Pid, ForkError> {
        let _until_answered = Adopting::begin().map_err(ForkError::Failed)?;
        send(&self.socket, order, &[stdin, output]).map_err(ForkError::Gone)?;
        let failed = |words: &str| ForkError::Failed(io::Error::other(words));
        match receive(&self.socket).map_err(ForkError::Failed)? {
            Some((Answer::Forked(pid), _)) => {
                Pid::from_raw(pid).ok_or_else(|| failed("a process without a number"))
            }
            Some((Answer::Failed(words), _)) => Err(failed(&words)),
            None => Err(failed("the process that forks workers has ended")),
        }
    }
}

impl Drop for Zygote {
    fn drop(&mut self) {
        // It has nothing to lose.
        let _is_dead_then = self.child.kill();
        let _reaped = self.child.wait();
    }
}
