//! BACKUP_COMMAND in a process of its own, which is started before the control plane confines itself: a command of the
//! operator's reaches any store, and what is asked of it can only be to give one of the backups in BACKUP_DIR, by its name.

use std::{
    ffi::OsStr,
    io,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::Duration,
};

use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    sync::Mutex,
};

use super::{give_opened, kept};
use crate::{error::CliError, host::protection};

/// The hidden command that the process runs.
pub(crate) const COMMAND: &str = "give-backups";

/// What it is told first, in one line.
#[derive(Debug, Serialize, Deserialize)]
struct Told {
    command: String,
    folder: PathBuf,
    /// How long the command may take, in seconds.
    within: u64,
}

/// How one was given, in one line.
#[derive(Debug, Serialize, Deserialize)]
struct Given {
    /// Why not; nothing where it was.
    failed: Option<String>,
}

/// The process, seen from the control plane. It ends when this is dropped, and with the control plane.
#[derive(Debug)]
pub(crate) struct Giver {
    _child: Child,
    ways: Mutex<Option<(ChildStdin, ChildStdout)>>,
}

impl Giver {
    /// Starts it; before the control plane is confined.
    pub(crate) fn start(command: &str, folder: &Path, within: Duration) -> io::Result<Self> {
        let mut process = Command::new(std::env::current_exe()?);
        process.arg(COMMAND).stdin(Stdio::piped()).stdout(Stdio::piped());
        for secret in protection::secrets() {
            process.env_remove(secret);
        }
        let mut child = process.spawn()?;
        let (Some(mut into), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let told =
            Told { command: command.to_owned(), folder: folder.to_owned(), within: within.as_secs().max(1) };
        io::Write::write_all(&mut into, line(&told)?.as_bytes())?;
        Ok(Self { _child: child, ways: Mutex::new(Some((into, from))) })
    }

    /// Has the command take this backup, and says why it did not.
    pub(super) async fn give(&self, file: &Path) -> Result<(), String> {
        let name = file.file_name().and_then(OsStr::to_str).unwrap_or_default();
        let mut ways = self.ways.lock().await;
        let asked = async {
            // Taken, so that nobody reads an answer that belongs to a question that was given up.
            let (into, from) = ways.take().ok_or(io::ErrorKind::BrokenPipe)?;
            let (mut to, mut answers) = (
                tokio::process::ChildStdin::from_std(into)?,
                BufReader::new(tokio::process::ChildStdout::from_std(from)?),
            );
            to.write_all(format!("{name}\n").as_bytes()).await?;
            to.flush().await?;
            let mut answer = String::new();
            answers.read_line(&mut answer).await?;
            let given: Given = serde_json::from_str(&answer).map_err(io::Error::other)?;
            let back = (to.into_owned_fd()?.into(), answers.into_inner().into_owned_fd()?.into());
            *ways = Some(back);
            io::Result::Ok(given)
        };
        match asked.await {
            Ok(Given { failed: None }) => Ok(()),
            Ok(Given { failed: Some(why) }) => Err(why),
            Err(error) => {
                Err(format!("the process that runs BACKUP_COMMAND has ended ({error}): restart flowhq serve"))
            }
        }
    }
}

fn line(of: &impl Serialize) -> io::Result<String> {
    Ok(serde_json::to_string(of)? + "\n")
}

/// The process itself: gives what it is asked to, one after the other, until nobody is there to ask.
pub(crate) async fn run() -> Result<(), CliError> {
    let mut asked = BufReader::new(tokio::io::stdin()).lines();
    let Some(told) = asked.next_line().await? else { return Ok(()) };
    let told: Told = serde_json::from_str(&told)
        .map_err(|_| CliError::Usage(format!("{COMMAND} is started by flowhq serve, never by hand")))?;
    let mut out = tokio::io::stdout();
    while let Some(name) = asked.next_line().await? {
        let failed = tokio::select! {
            given = give(&told, &name) => given.err().map(|error| error.to_string()),
            // The control plane has ended, and the command with it, as it is dropped here.
            _ = asked.next_line() => return Ok(()),
        };
        out.write_all(line(&Given { failed })?.as_bytes()).await?;
        out.flush().await?;
    }
    Ok(())
}

async fn give(told: &Told, name: &str) -> Result<(), CliError> {
    let path = told.folder.join(name);
    if !kept::is_name(name) {
        return Err(CliError::Failed(format!("{name:?} is no backup's name")));
    }
    let file = opened(&path).map_err(CliError::file(&path))?;
    // Our own standard output is for answers.
    let out = Stdio::from(io::stderr());
    give_opened(&told.command, (file, out), name.as_ref(), Duration::from_secs(told.within)).await
}

/// A plain file with this one name: a link, or a second name of a file elsewhere, is an error.
fn opened(path: &Path) -> io::Result<std::fs::File> {
    use rustix::fs::{Mode, OFlags};

    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let file = std::fs::File::from(rustix::fs::open(path, flags, Mode::empty())?);
    let about = file.metadata()?;
    if !about.is_file() || about.nlink() != 1 {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "no plain file of its own"));
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_a_backup_is_given() {
        let folder = tempfile::tempdir().unwrap();
        let (backup, secret) = (folder.path().join("flowhq-7.backup"), folder.path().join("secret"));
        std::fs::write(&backup, "sealed").unwrap();
        std::fs::write(&secret, "not for anybody").unwrap();
        let taken = folder.path().join("taken");
        let told = Told {
            command: format!("cat >{}; echo $BACKUP_NAME >>{0}", taken.display()),
            folder: folder.path().to_owned(),
            within: 60,
        };
        give(&told, "flowhq-7.backup").await.unwrap();
        assert_eq!(std::fs::read_to_string(&taken).unwrap(), "sealedflowhq-7.backup\n");
        for name in ["secret", "../flowhq-7.backup", "flowhq-../secret.backup", "", "flowhq-8.backup"] {
            assert!(give(&told, name).await.is_err(), "{name}");
        }
        std::os::unix::fs::symlink(&secret, folder.path().join("flowhq-8.backup")).unwrap();
        std::fs::hard_link(&secret, folder.path().join("flowhq-9.backup")).unwrap();
        for name in ["flowhq-8.backup", "flowhq-9.backup"] {
            assert!(give(&told, name).await.is_err(), "{name}");
        }
        let fails = Told { command: "exit 3".to_owned(), ..told };
        assert!(give(&fails, "flowhq-7.backup").await.unwrap_err().to_string().contains("exit status: 3"));
    }

    /// In a process of its own, whose standard output is where answers go.
    #[test]
    fn what_a_command_prints_is_no_answer() {
        use std::io::{BufRead as _, Write as _};

        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("flowhq-7.backup"), "sealed").unwrap();
        let mut process = Command::new(std::env::current_exe().unwrap());
        process.args(["--ignored", "--exact", "--nocapture", "host::backups::giver::tests::the_process"]);
        let mut child = process.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut into = child.stdin.take().unwrap();
        let told = Told {
            command: "echo hello; cat >/dev/null".to_owned(),
            folder: folder.path().to_owned(),
            within: 60,
        };
        into.write_all(line(&told).unwrap().as_bytes()).unwrap();
        let mut said = io::BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        // The harness has words of its own before the first.
        let mut until_answered = || -> Vec<String> {
            into.write_all(b"flowhq-7.backup\n").unwrap();
            let mut lines = Vec::new();
            while !lines.last().is_some_and(|line: &String| line.contains("failed\":")) {
                lines.push(said.next().unwrap());
            }
            lines
        };
        assert!(!until_answered().iter().any(|line| line.contains("hello")));
        assert_eq!(until_answered(), [r#"{"failed":null}"#]);
        drop(into);
        assert!(child.wait().unwrap().success());
    }

    #[tokio::test]
    #[ignore = "the test above runs it"]
    async fn the_process() {
        run().await.unwrap();
    }
}
