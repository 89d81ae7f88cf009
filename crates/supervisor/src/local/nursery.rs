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
use zygote::{Order, Zygote};

use super::{LocalOptions, find};
use crate::service::lock;

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
    /// Where it fails twice: by the zygote that was there, and by a new one.
    pub(super) fn fork(
        &self,
        order: &Order,
        stdin: BorrowedFd<'_>,
        output: BorrowedFd<'_>,
    ) -> io::Result<Pid> {
        let mut zygote = lock(&self.zygote);
        if let Some(there) = zygote.as_ref() {
            match there.fork(order, stdin, output) {
                Ok(pid) => return Ok(pid),
                Err(error) => tracing::warn!(%error, "workers' zygote is started anew"),
            }
            *zygote = None;
        }
        let new = Zygote::start(self.command())?;
        let forked = new.fork(order, stdin, output);
        if forked.is_ok() {
            *zygote = Some(new);
        }
        forked
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.executable);
        command.args(&self.arguments).env_clear().envs(crash::environment()).current_dir("/");
        // What it says at its end is ours to hear; a terminal's signals are not its own.
        command.stdout(Stdio::null());
        confine::own_session(&mut command);
        command
    }
}
