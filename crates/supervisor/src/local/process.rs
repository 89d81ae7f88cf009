//! One process, known by its pidfd: a number that the kernel gives to nobody else while we hold it (pidfd_open(2)).

use std::{
    io,
    os::{
        fd::{AsFd as _, OwnedFd},
        unix::process::ExitStatusExt,
    },
    path::PathBuf,
    process::Child,
    sync::{
        Arc, Mutex, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
};

use async_trait::async_trait;
use rustix::{
    event::{PollFd, PollFlags},
    process::{Pid, PidfdFlags, Signal, WaitId, WaitIdOptions, WaitOptions, kill_process, waitid, waitpid},
    time::Timespec,
};
use tokio::{
    io::{Interest, unix::AsyncFd},
    sync::{Notify, OnceCell},
    task::spawn_blocking,
};

use super::{
    left,
    left::Of,
    oom::OomKills,
    output::Output,
    rounds::Room,
    size::Sizes,
    throttle::{Share, Throttle},
};
use crate::{Ended, Process, WorkerId, service::lock};

/// Who learns how it ended.
#[derive(Debug)]
pub(super) enum Parent {
    /// We do: it was started.
    Started(Child),
    /// We do: it was forked for us. How it ended, once that was asked.
    Forked(Option<Ended>),
    /// Not we: another control plane has started it.
    Other,
}

/// A worker's process, our child or not.
pub(super) struct LocalProcess {
    id: WorkerId,
    pid: Pid,
    pidfd: AsyncFd<OwnedFd>,
    parent: Mutex<Parent>,
    output: Output,
    /// Its directory.
    cell: PathBuf,
    /// The user that is its tenant's alone.
    user: Option<u32>,
    /// That all it has left was ended.
    cleared: OnceCell<()>,
    /// How it ended, explained once.
    how: OnceLock<Ended>,
    /// Whether we have ended it ourselves.
    killed: AtomicBool,
    looks: Arc<Looks>,
    /// Its share of the processors, while it is looked after.
    _share: Share,
}

/// What is looked at for all processes of this machine together.
#[derive(Debug)]
pub(super) struct Looks {
    /// What the kernel has ended for lack of memory.
    pub(super) oom: OomKills,
    /// How much directories hold.
    pub(super) sizes: Arc<Sizes>,
    /// How much is free where they are.
    pub(super) room: Room,
    /// Who takes the processors.
    pub(super) throttle: Arc<Throttle>,
}

impl LocalProcess {
    /// Takes charge of a child that has just begun. It is not reaped before we ask, so its number is its own.
    /// Where that fails the child is ended.
    pub(super) fn of_child(
        id: WorkerId,
        (pid, parent): (Pid, Parent),
        output: Output,
        cell: PathBuf,
        user: Option<u32>,
        looks: Arc<Looks>,
    ) -> io::Result<Self> {
        let watched =
            rustix::process::pidfd_open(pid, PidfdFlags::NONBLOCK).map_err(io::Error::from).and_then(watch);
        match watched {
            Ok(pidfd) => {
                let parent = Mutex::new(parent);
                Ok(Self::watched(id, (pid, pidfd, parent), output, cell, user, looks))
            }
            Err(error) => {
                let _is_dead_then = kill_process(pid, Signal::KILL);
                let _reaped = waitpid(Some(pid), WaitOptions::empty());
                Err(error)
            }
        }
    }

    /// Takes charge of a process that is not our child. The caller has seen that `pidfd` is the worker's.
    pub(super) fn adopted(
        id: WorkerId,
        pid: Pid,
        pidfd: OwnedFd,
        output: Output,
        cell: PathBuf,
        user: Option<u32>,
        looks: Arc<Looks>,
    ) -> io::Result<Self> {
        let (pidfd, parent) = (watch(pidfd)?, Mutex::new(Parent::Other));
        Ok(Self::watched(id, (pid, pidfd, parent), output, cell, user, looks))
    }

    fn watched(
        id: WorkerId,
        (pid, pidfd, parent): (Pid, AsyncFd<OwnedFd>, Mutex<Parent>),
        output: Output,
        cell: PathBuf,
        user: Option<u32>,
        looks: Arc<Looks>,
    ) -> Self {
        let (cleared, how, killed) = (OnceCell::new(), OnceLock::new(), AtomicBool::new(false));
        let _share = looks.throttle.watch(number(pid), id.tenant);
        Self { id, pid, pidfd, parent, output, cell, user, cleared, how, killed, looks, _share }
    }

    /// Ends what the worker has started, once it has ended itself: before it is reaped, since until then its number is given
    /// to nobody else.
    async fn clear(&self) {
        let of = Of { leader: self.pid, user: self.user };
        let tenant = self.id.tenant;
        let clearing = self.cleared.get_or_init(|| async move {
            match spawn_blocking(move || left::end(of)).await {
                Ok(Ok(0)) => {}
                Ok(Ok(left)) => {
                    tracing::warn!(%tenant, left, "a worker has left processes behind, which were ended");
                }
                Ok(Err(error)) => {
                    tracing::error!(%tenant, %error, "what a worker has left could not be ended");
                }
                Err(error) => tracing::error!(%tenant, %error, "nobody looked for what a worker has left"),
            }
        });
        clearing.await;
    }

    fn signal(&self, signal: Signal) -> io::Result<()> {
        match rustix::process::pidfd_send_signal(self.pidfd.get_ref(), signal) {
            Ok(()) | Err(rustix::io::Errno::SRCH) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// By whom it was ended with SIGKILL, which is known of our own children alone.
    fn explained(&self, ended: Ended) -> Ended {
        let by_us = self.killed.load(Ordering::Relaxed);
        if ended == Ended::Signal(9) && !by_us && self.looks.oom.one_more() {
            Ended::OutOfMemory
        } else {
            ended
        }
    }

    /// How it ended, where it has.
    fn look(&self) -> Option<Ended> {
        let unknown = || has_ended(self.pidfd.get_ref()).then_some(Ended::Unknown);
        match &mut *lock(&self.parent) {
            Parent::Started(child) => match child.try_wait() {
                Ok(None) => None,
                Ok(Some(status)) => Some(ended(status.code(), status.signal())),
                Err(_) => unknown(),
            },
            Parent::Forked(how @ None) => {
                let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG;
                *how = match waitid(WaitId::PidFd(self.pidfd.get_ref().as_fd()), options) {
                    Ok(None) => None,
                    Ok(Some(status)) => Some(ended(status.exit_status(), status.terminating_signal())),
                    Err(_) => unknown(),
                };
                *how
            }
            Parent::Forked(how) => *how,
            Parent::Other => unknown(),
        }
    }
}

fn ended(code: Option<i32>, signal: Option<i32>) -> Ended {
    match (code, signal) {
        (Some(code), _) => Ended::Code(code),
        (None, Some(signal)) => Ended::Signal(signal),
        (None, None) => Ended::Unknown,
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

/// The kernel counts processes from 1 on.
const fn number(pid: Pid) -> u32 {
    pid.as_raw_nonzero().get().unsigned_abs()
}

#[async_trait]
impl Process for LocalProcess {
    fn id(&self) -> WorkerId {
        self.id
    }

    fn pid(&self) -> Option<u32> {
        Some(number(self.pid))
    }

    async fn ended(&self) -> Ended {
        loop {
            if has_ended(self.pidfd.get_ref()) {
                self.clear().await;
            }
            if let Some(ended) = self.look() {
                self.output.finish().await;
                return *self.how.get_or_init(|| self.explained(ended));
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

    async fn terminate(&self) -> io::Result<()> {
        self.signal(Signal::TERM)
    }

    async fn kill(&self) -> io::Result<()> {
        self.killed.store(true, Ordering::Relaxed);
        self.signal(Signal::KILL)
    }

    fn output(&self) -> u64 {
        self.output.grown()
    }

    async fn outgrown(&self, most: u64) -> bool {
        self.looks.sizes.exceeds(self.cell.clone(), most).await
    }

    async fn tidy(&self) {
        self.output.tidy().await;
    }

    fn disk_shrinks(&self) -> Option<&Notify> {
        Some(&self.looks.room.shrinks)
    }
}
