//! The zygote that workers are forked from: started with the first of them, and anew where it has gone.

use std::{
    io,
    os::fd::BorrowedFd,
    path::PathBuf,
    process::{Command, Stdio},
    sync::Mutex,
};

use domain::TenantId;
use rustix::process::Pid;
use zygote::{ForkError, Order, Zygote};

use super::{LocalOptions, find};
use crate::service::lock;

/// glibc keeps blocks that each thread has freed, up to 200 KB for each of a worker's six (mallopt(3) cannot say otherwise): of
/// 2.0 MB that a silent worker held, 0.45 were these. It also keeps the stacks of threads that have ended, 24 KB each. What is
/// forked has the tunables of what it was forked from.
const TUNABLES: (&str, &str) =
    ("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0:glibc.pthread.stack_cache_size=0");

/// Where workers are forked from.
#[derive(Debug)]
pub(super) struct Nursery {
    executable: PathBuf,
    arguments: [String; 2],
    zygote: Mutex<Option<Zygote>>,
}

impl Nursery {
    pub(super) fn new(options: &LocalOptions) -> Self {
        Self {
            executable: options.executable.clone(),
            // All ids are equally long.
            arguments: zygote::arguments(&find::arguments(options, TenantId::generate())),
            zygote: Mutex::new(None),
        }
    }

    /// Forks a worker; two forks, one after the other for all. Blocks.
    ///
    /// # Errors
    /// Where it fails. A zygote that has gone before it took the order is started anew; after any other failure the next order
    /// has a new one.
    pub(super) fn fork(
        &self,
        order: &Order,
        stdin: BorrowedFd<'_>,
        output: BorrowedFd<'_>,
    ) -> io::Result<Pid> {
        let mut kept = lock(&self.zygote);
        if let Some(zygote) = kept.take() {
            match zygote.fork(order, stdin, output) {
                Ok(pid) => {
                    *kept = Some(zygote);
                    return Ok(pid);
                }
                Err(ForkError::Gone(error)) => tracing::warn!(%error, "workers' zygote is started anew"),
                Err(ForkError::Failed(error)) => return Err(error),
            }
        }
        let zygote = Zygote::start(self.command())?;
        match zygote.fork(order, stdin, output) {
            Ok(pid) => {
                *kept = Some(zygote);
                Ok(pid)
            }
            Err(ForkError::Gone(error) | ForkError::Failed(error)) => Err(error),
        }
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.executable);
        command
            .args(&self.arguments)
            .env_clear()
            .envs([TUNABLES])
            .envs(crash::environment())
            .current_dir("/");
        // What it says at its end is ours to hear; a terminal's signals are not its own.
        command.stdout(Stdio::null());
        confine::own_session(&mut command);
        command
    }
}
