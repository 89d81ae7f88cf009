//! One process, known by its pidfd: a number that the kernel gives to nobody else while we hold it (pidfd_open(2)).

use std::{
    io,
    os::{fd::OwnedFd, unix::process::ExitStatusExt},
    process::Child,
    sync::Mutex,
};

use async_trait::async_trait;
use rustix::{
    event::{PollFd, PollFlags},
    process::{Pid, PidfdFlags, Signal},
    time::Timespec,
};
use tokio::io::{Interest, unix::AsyncFd};

use super::output::Output;
use crate::{Ended, Process, WorkerId, service::lock};

/// A worker's process, our child or not.
pub(super) struct LocalProcess {
    id: WorkerId,
    pid: Pid,
    pidfd: AsyncFd<OwnedFd>,
    /// Ours to reap; `None` where another control plane has started it.
    child: Mutex<Option<Child>>,
    output: Output,
}

impl LocalProcess {
    /// Takes charge of a child that was just spawned. It is not reaped before we ask, so its number is its own.
    /// Where that fails the child is ended.
    pub(super) fn of_child(id: WorkerId, mut child: Child, output: Output) -> io::Result<Self> {
        let pid = Pid::from_child(&child);
        let watched =
            rustix::process::pidfd_open(pid, PidfdFlags::NONBLOCK).map_err(io::Error::from).and_then(watch);
        match watched {
            Ok(pidfd) => Ok(Self { id, pid, pidfd, child: Mutex::new(Some(child)), output }),
            Err(error) => {
                let _is_dead_then = child.kill();
                let _reaped = child.wait();
                Err(error)
            }
        }
    }

    /// Takes charge of a process that is not our child. The caller has seen that `pidfd` is the worker's.
    pub(super) fn adopted(id: WorkerId, pid: Pid, pidfd: OwnedFd, output: Output) -> io::Result<Self> {
        Ok(Self { id, pid, pidfd: watch(pidfd)?, child: Mutex::new(None), output })
    }

    fn signal(&self, signal: Signal) -> io::Result<()> {
        match rustix::process::pidfd_send_signal(self.pidfd.get_ref(), signal) {
            Ok(()) | Err(rustix::io::Errno::SRCH) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// How it ended, where it has.
    fn look(&self) -> Option<Ended> {
        match lock(&self.child).as_mut() {
            Some(child) => match child.try_wait() {
                Ok(None) => None,
                Ok(Some(status)) => Some(match (status.code(), status.signal()) {
                    (Some(code), _) => Ended::Code(code),
                    (None, Some(signal)) => Ended::Signal(signal),
                    (None, None) => Ended::Unknown,
                }),
                Err(_) => has_ended(self.pidfd.get_ref()).then_some(Ended::Unknown),
            },
            None => has_ended(self.pidfd.get_ref()).then_some(Ended::Unknown),
        }
    }
}

#[expect(
    deprecated,
    reason = "its successor is unsafe for kinds that may swap descriptors; an OwnedFd cannot"
)]
pub(super) fn watch(readable: OwnedFd) -> io::Result<AsyncFd<OwnedFd>> {
    AsyncFd::with_interest(readable, Interest::READABLE)
}

/// A pidfd can be read once its process has ended.
pub(super) fn has_ended(pidfd: &OwnedFd) -> bool {
    let mut polled = [PollFd::new(pidfd, PollFlags::IN)];
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    matches!(rustix::event::poll(&mut polled, Some(&now)), Ok(ready) if ready > 0)
}

#[async_trait]
impl Process for LocalProcess {
    fn id(&self) -> WorkerId {
        self.id
    }

    fn pid(&self) -> Option<u32> {
        u32::try_from(self.pid.as_raw_nonzero().get()).ok()
    }

    async fn ended(&self) -> Ended {
        loop {
            if let Some(ended) = self.look() {
                self.output.finish().await;
                return ended;
            }
            match self.pidfd.readable().await {
                // Only where the kernel woke us for nothing.
                Ok(mut ready) if !has_ended(self.pidfd.get_ref()) => ready.clear_ready(),
                Ok(_) => {
                    // Reaped in the next round; a child that is dead for its pidfd is dead for wait, too.
                    tokio::task::yield_now().await;
                }
                // The runtime is shutting down: nobody will be told.
                Err(_) => std::future::pending().await,
            }
        }
    }

    fn terminate(&self) -> io::Result<()> {
        self.signal(Signal::TERM)
    }

    fn kill(&self) -> io::Result<()> {
        self.signal(Signal::KILL)
    }

    fn output(&self) -> u64 {
        self.output.grown()
    }

    async fn tidy(&self) {
        self.output.tidy().await;
    }
}
