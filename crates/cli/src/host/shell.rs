//! Commands of the shell that settings name: bounded in time, ended with all that they have started, and told no secret of ours.

use std::{
    io,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::{io::AsyncReadExt as _, process::Command};

/// Why a command did not do what it is there for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ShellError {
    /// There is no shell.
    #[error("/bin/sh cannot be started: {0}")]
    Start(io::Error),
    /// It said that it failed.
    #[error("it ended with {0}")]
    Failed(ExitStatus),
    /// It did not end.
    #[error("it did not end within {} s, and was ended", .0.as_secs())]
    TooSlow(Duration),
    /// It wrote without end.
    #[error("it wrote more than {0} bytes")]
    TooMuch(u64),
    /// It cannot be read or waited for.
    #[error("it cannot be read: {0}")]
    Unread(#[from] io::Error),
}

/// A command of the shell. What it is told is on its standard input and in its environment.
pub(crate) fn command(text: &str) -> Command {
    let mut shell = Command::new("/bin/sh");
    shell.arg("-c").arg(text).process_group(0).kill_on_drop(true);
    for setting in config::ALL.iter().filter(|setting| setting.secret) {
        shell.env_remove(setting.name);
    }
    shell
}

/// Runs it to its end, at most for `limit`.
pub(crate) async fn run(mut command: Command, limit: Duration) -> Result<(), ShellError> {
    let mut child = command.spawn().map_err(ShellError::Start)?;
    let _group = Group::of(&child);
    let status =
        tokio::time::timeout(limit, child.wait()).await.map_err(|_| ShellError::TooSlow(limit))??;
    if status.success() { Ok(()) } else { Err(ShellError::Failed(status)) }
}

/// The same; what it writes, of at most so many bytes. What it complains of goes nowhere: it may tell what nobody is to read.
pub(crate) async fn output(mut command: Command, limit: Duration, most: u64) -> Result<Vec<u8>, ShellError> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(ShellError::Start)?;
    let _group = Group::of(&child);
    let ended = async {
        let mut written = Vec::new();
        if let Some(stdout) = child.stdout.take() {
            stdout.take(most + 1).read_to_end(&mut written).await?;
        }
        if written.len() as u64 > most {
            return Err(ShellError::TooMuch(most));
        }
        let status = child.wait().await?;
        if status.success() { Ok(written) } else { Err(ShellError::Failed(status)) }
    };
    tokio::time::timeout(limit, ended).await.map_err(|_| ShellError::TooSlow(limit))?
}

/// What it has started ends with this.
struct Group(Option<Pid>);

impl Group {
    fn of(child: &tokio::process::Child) -> Self {
        Self(child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?)))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            // It may be empty, which is as well.
            let _none = kill_process_group(group, Signal::KILL);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use rustix::{
        event::{PollFd, PollFlags, poll},
        fs::Mode,
        process::{PidfdFlags, pidfd_open},
    };

    use super::*;

    const LIMIT: Duration = Duration::from_secs(30);

    #[tokio::test]
    async fn what_a_command_writes_is_read_and_its_failure_is_told_in_words() {
        let said = output(command("printf ab; printf secret >&2"), LIMIT, 10).await.unwrap();
        assert_eq!(said, b"ab");
        let failed = output(command("printf secret; exit 3"), LIMIT, 10).await.unwrap_err().to_string();
        assert!(failed.contains("exit status: 3") && !failed.contains("secret"), "{failed}");
        let error = output(command("yes"), LIMIT, 10).await.unwrap_err();
        assert!(matches!(error, ShellError::TooMuch(10)), "{error}");
        assert!(matches!(run(command("exit 1"), LIMIT).await.unwrap_err(), ShellError::Failed(_)));
        run(command("test -z \"$ADMIN_PASSWORD\""), LIMIT).await.unwrap();
    }

    #[tokio::test]
    async fn a_command_that_hangs_is_ended_with_all_that_it_has_started() {
        let folder = tempfile::tempdir().unwrap();
        let told = folder.path().join("told");
        rustix::fs::mkfifoat(rustix::fs::CWD, &told, Mode::RUSR | Mode::WUSR).unwrap();
        let text = format!("sleep 1000 & echo $! > {}; wait", told.display());
        let begun = tokio::task::spawn_blocking(move || std::fs::read_to_string(told).unwrap());
        let child = tokio::select! {
            _ = run(command(&text), LIMIT) => unreachable!("it hangs"),
            child = begun => Pid::from_raw(child.unwrap().trim().parse().unwrap()).unwrap(),
        };
        if let Ok(pidfd) = pidfd_open(child, PidfdFlags::empty()) {
            let ends =
                move || poll(&mut [PollFd::new(&pidfd, PollFlags::IN)], Some(&LIMIT.try_into().unwrap()));
            assert_eq!(
                tokio::task::spawn_blocking(ends).await.unwrap().unwrap(),
                1,
                "what it has started goes on"
            );
        }
        let error = output(command("sleep 1000"), Duration::from_millis(300), 10).await.unwrap_err();
        assert!(error.to_string().contains("did not end within"), "{error}");
    }
}
