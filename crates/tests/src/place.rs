//! A data directory of a test's own, with the settings of what runs in it. Whatever still runs there ends with it.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use tempfile::TempDir;

use crate::process::{self, Signal};

/// A data directory and the environment of what runs in it.
#[derive(Debug)]
pub struct Place {
    directory: TempDir,
    settings: Vec<(&'static str, OsString)>,
}

impl Place {
    /// An empty data directory. Heartbeats come often and limits are out of the way, unless a test sets its own.
    pub fn new() -> Self {
        Self::within(tempfile::Builder::new().prefix("flowhq-").tempdir().expect("a temporary directory"))
    }

    /// The same with its data directory in a folder that may hold one already.
    pub fn within(directory: TempDir) -> Self {
        let place = Self { directory, settings: Vec::new() };
        let data = place.data().into_os_string();
        place
            .with("DATA_DIR", data)
            .with("WORKER_USERS", users())
            .with("PORT", "0")
            .with("PORTAL_PORT", "0")
            .with("ADMIN_PASSWORD", PASSWORD)
            .with("LOG_LEVEL", "debug")
            .with("HEARTBEAT_INTERVAL_MS", "1000")
            .with("RATE_LIMIT_MAX_PER_MINUTE", "10000")
            .with("TENANT_PACE_PER_MINUTE", "1000000")
            .with("REPLY_QUIET_MS", "0")
    }

    /// The same with a setting.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.set(name, value);
        self
    }

    /// Changes a setting for what is started from now on.
    pub fn set(&mut self, name: &'static str, value: impl Into<OsString>) {
        self.settings.retain(|(other, _)| *other != name);
        self.settings.push((name, value.into()));
    }

    /// `DATA_DIR`.
    pub fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    /// A file beside the data directory.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// A tenant's cell.
    pub fn cell(&self, tenant: &str) -> PathBuf {
        self.data().join("sessions").join(tenant)
    }

    /// A command of this flavour that sees these settings and nothing else of the test's environment.
    pub fn command(&self, flavour: crate::Flavour) -> tokio::process::Command {
        self.command_of(crate::binaries::binary(flavour))
    }

    /// A command that sees these settings and nothing else of the test's environment.
    pub fn command_of(&self, program: impl AsRef<std::ffi::OsStr>) -> tokio::process::Command {
        let mut command = tokio::process::Command::new(program);
        command.env_clear().env("HOME", self.directory.path()).env("TMPDIR", self.directory.path());
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command.kill_on_drop(true).stdin(std::process::Stdio::null());
        command
    }

    /// The folder itself.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Ends whatever runs here by SIGKILL.
    pub fn end_all(&self) {
        // The control plane first, or it would start again what ends here: whoever has the most children is last to
        // be listed, so everything is ended until nothing is left.
        for _ in 0..100 {
            let left = self.processes();
            if left.is_empty() {
                break;
            }
            left.into_iter().for_each(|pid| process::signal(pid, Signal::KILL));
        }
    }

    /// What runs here.
    pub fn processes(&self) -> Vec<u32> {
        process::with_files_in(self.directory.path())
    }
}

/// Users that no other place has: whoever ends a worker ends all that its user runs.
fn users() -> String {
    static PLACES: AtomicU32 = AtomicU32::new(0);
    let place = std::process::id() % 100_000 * 100 + PLACES.fetch_add(1, Ordering::Relaxed) % 100;
    let first = 1_000_000_000 + place * 200;
    format!("{first}-{}", first + 199)
}

/// The admin password of every place.
pub const PASSWORD: &str = "a password of tests";

impl Default for Place {
    fn default() -> Self {
        Self::new()
    }
}

/// Everything below a directory that is no directory: files, sockets, pipes.
pub fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Whether a file has these words in it. A pipe has none: whoever reads it waits for its writer.
pub fn holds(file: &Path, words: &str) -> bool {
    let bytes = if file.is_file() { std::fs::read(file).unwrap_or_default() } else { Vec::new() };
    contains(&bytes, words)
}

/// Whether bytes have these words in them.
#[must_use]
pub fn contains(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|part| part == words.as_bytes())
}

impl Drop for Place {
    fn drop(&mut self) {
        self.end_all();
        if std::thread::panicking() {
            show_logs(self.directory.path());
        }
    }
}

/// The last lines of every log, for whoever reads about the failure.
#[expect(clippy::print_stderr, reason = "beside the message of the failed test")]
fn show_logs(directory: &Path) {
    let Ok(entries) = std::fs::read_dir(directory) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            show_logs(&path);
        } else if path.extension().is_some_and(|extension| extension == "log") {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap_or_default()).into_owned();
            let lines: Vec<_> = text.lines().collect();
            eprintln!("--- the end of {}", path.display());
            lines.iter().skip(lines.len().saturating_sub(40)).for_each(|line| eprintln!("{line}"));
        }
    }
}
