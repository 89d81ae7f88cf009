//! The control plane's part.

use std::{
    io,
    os::fd::{BorrowedFd, OwnedFd},
    process::{Child, Command, Stdio},
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

/// Has this process be the parent of what its children leave behind, workers among them.
///
/// # Errors
/// Where the system does not know that.
pub fn reap_orphans() -> io::Result<()> {
    Ok(rustix::process::set_child_subreaper(Some(rustix::process::getpid()))?)
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

    /// Forks a worker. `stdin` and `output` are what it reads and writes.
    ///
    /// # Errors
    /// Where the zygote is gone, hangs, or cannot fork. What it does afterwards is not known: it is of no more use.
    pub fn fork(&self, order: &Order, stdin: BorrowedFd<'_>, output: BorrowedFd<'_>) -> io::Result<Pid> {
        send(&self.socket, order, &[stdin, output])?;
        match receive(&self.socket)? {
            Some((Answer::Forked(pid), _)) => {
                Pid::from_raw(pid).ok_or_else(|| io::Error::other("a process without a number"))
            }
            Some((Answer::Failed(words), _)) => Err(io::Error::other(words)),
            None => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it has ended")),
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
