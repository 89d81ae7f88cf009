//! The state file: everything that makes a server that is started again the same server. Its form is JSON with a
//! version; a file of another version is refused and left as it is.

mod format;
mod rebuild;
mod snapshot;

use std::io::Write as _;
use std::path::{Path, PathBuf};

pub(crate) use rebuild::rebuild;
pub(crate) use snapshot::snapshot;

use format::{FORMAT, StateFile, VERSION};

use crate::world::World;

/// Why a state file could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// The file system refused.
    #[error("state file {path}: {cause}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        cause: std::io::Error,
    },
    /// The file is no JSON of the expected form.
    #[error("state file {path} is damaged or none of ours: {cause}")]
    Form {
        /// The file.
        path: PathBuf,
        /// Where it breaks.
        #[source]
        cause: serde_json::Error,
    },
    /// Another program, or another version of this one, wrote the file.
    #[error(
        "state file {path} has the form {format:?} version {version}; this server reads {FORMAT:?} version {VERSION}"
    )]
    Version {
        /// The file.
        path: PathBuf,
        /// What the file says it is.
        format: String,
        /// Its version.
        version: u32,
    },
    /// A key or a stanza in the file cannot be read.
    #[error("state: {0}")]
    Content(String),
}

/// Reads the file; `None` where there is none yet.
pub(crate) fn load(path: &Path) -> Result<Option<StateFile>, StateError> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(StateError::Io { path: path.to_owned(), cause }),
    };
    let form = |cause| StateError::Form { path: path.to_owned(), cause };
    let head: format::Head = serde_json::from_slice(&bytes).map_err(form)?;
    if head.format != FORMAT || head.version != VERSION {
        let path = path.to_owned();
        return Err(StateError::Version { path, format: head.format, version: head.version });
    }
    serde_json::from_slice(&bytes).map(Some).map_err(form)
}

/// Writes the world to `path`: to a file beside it first, which then takes its place.
pub(crate) fn save(world: &World, path: &Path) -> Result<(), StateError> {
    let io = |cause| StateError::Io { path: path.to_owned(), cause };
    let state = snapshot(world)?;
    let bytes =
        serde_json::to_vec(&state).map_err(|cause| StateError::Form { path: path.to_owned(), cause })?;
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let beside = PathBuf::from(beside);
    let mut open = std::fs::OpenOptions::new();
    open.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    let mut file = open.open(&beside).map_err(io)?;
    file.write_all(&bytes).map_err(io)?;
    drop(file);
    std::fs::rename(&beside, path).map_err(io)
}
