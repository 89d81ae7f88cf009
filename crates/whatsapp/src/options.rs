//! How a session is opened.

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use link::Exit;
use vault::Files;

use crate::Endpoint;

/// Called with a reason when the session can go on only in a new process. It must not return.
pub type OnFatal = Arc<dyn Fn(&str) + Send + Sync>;

/// The version of the official web client that is named to the server: the one that whatsapp-rust 0.7.0 was released
/// with. WhatsApp refuses versions that are too old (failure 405).
pub const CLIENT_VERSION: (u32, u32, u32) = (2, 3000, 1_042_742_319);

/// How a session is opened. [`Options::new`] gives what production uses.
#[derive(Clone)]
pub struct Options {
    /// The session's database. Its directory must exist. Files of the same name with endings (`-wal`, `-shm`, `.ended`) belong to it.
    pub session: PathBuf,
    /// Whose session it is, such as a tenant's id; written into the database before the first connection. One that bears
    /// another's name is refused: a copy of it would take the first one's place at WhatsApp. `None` looks at no name.
    pub owner: Option<String>,
    /// How the database is opened.
    pub files: Files,
    /// The server.
    pub endpoint: Endpoint,
    /// The name under which the phone lists this device. Used when a phone links.
    pub device_name: String,
    /// The version of the web client that is claimed. Fixed, so that no connection begins with fetching a page.
    pub version: (u32, u32, u32),
    /// How long an inbox that cannot write is tried again before the connection is given up. The official client gives
    /// each message 20 s, and the library needs a part of them.
    pub inbox_patience: Duration,
    /// Called where a host was not found or did not answer.
    pub on_unreachable: Arc<dyn Fn() + Send + Sync>,
    /// See [`OnFatal`]. The default logs the reason and ends the process with [`Exit::Disk`].
    pub on_fatal: OnFatal,
}

impl Options {
    /// The usual options for this database and server.
    #[must_use]
    pub fn new(session: impl Into<PathBuf>, endpoint: Endpoint) -> Self {
        Self {
            session: session.into(),
            owner: None,
            files: Files::Plain,
            endpoint,
            device_name: "Flow HQ".to_owned(),
            version: CLIENT_VERSION,
            inbox_patience: Duration::from_secs(15),
            on_unreachable: Arc::new(|| {}),
            on_fatal: Arc::new(end_process),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("session", &self.session)
            .field("endpoint", &self.endpoint)
            .field("device_name", &self.device_name)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

fn end_process(reason: &str) {
    tracing::error!(reason, "the worker ends, since it could not go on without losing a message");
    std::process::exit(Exit::Disk.code().into());
}
