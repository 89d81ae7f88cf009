//! What a command can fail with, and the exit code that tells it to a script.

use std::{io, path::PathBuf, process::ExitCode};

/// The table of exit codes, for `flowhq help`.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  failed; the message says why
  2  the command line is wrong
  3  `flowhq serve` cannot be reached
  4  there is no such tenant
  5  refused: a value is not taken, or the present state does not allow it
  6  the admin password is missing or wrong";

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// A setting.
    #[error(transparent)]
    Config(#[from] config::ConfigError),
    /// Nobody listens.
    #[error("flowhq serve cannot be reached at {at}: {cause}{hint}")]
    Unreachable {
        /// Socket or URL.
        at: String,
        /// Why.
        cause: String,
        /// What to do, with a leading space, or empty.
        hint: &'static str,
    },
    /// Another server answered, or one that stands before Flow HQ.
    #[error(
        "what answered at {at} is no Flow HQ (HTTP status {status}): --url takes the address of the admin listener, as \
         ADMIN_URL says it"
    )]
    NotFlowHq {
        /// Socket or URL.
        at: String,
        /// HTTP status.
        status: u16,
    },
    /// The answer broke off, or is not what is understood.
    #[error("the answer of {at} cannot be read: {cause}")]
    Answer {
        /// Socket or URL.
        at: String,
        /// Why.
        cause: String,
    },
    /// The admin API refused.
    #[error("{detail}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Its own words.
        detail: String,
    },
    /// No tenant has this id or name.
    #[error("no tenant has the id or name \"{0}\"; `flowhq tenant list` shows them")]
    NoTenant(String),
    /// Several tenants have this name.
    #[error("{} tenants are called \"{name}\"; use an id: {}", ids.len(), ids.join(", "))]
    Ambiguous {
        /// The name.
        name: String,
        /// Their ids.
        ids: Vec<String>,
    },
    /// A file.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Output that cannot be written.
    #[error("the output cannot be written: {0}")]
    Output(#[from] io::Error),
    /// The command line, in a way that clap cannot see.
    #[error("{0}")]
    Usage(String),
    /// Anything else, in words that say what to do.
    #[error("{0}")]
    Failed(String),
}

impl CliError {
    /// A file that cannot be used.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        |source| Self::File { path, source }
    }

    /// The exit code, after [`EXIT_CODES`].
    pub(crate) fn code(&self) -> u8 {
        match self {
            Self::Config(_) | Self::Usage(_) => 2,
            Self::Unreachable { .. } | Self::NotFlowHq { .. } => 3,
            Self::NoTenant(_) | Self::Refused { status: 404, .. } => 4,
            Self::Ambiguous { .. } | Self::Refused { status: 400 | 409 | 413 | 422, .. } => 5,
            Self::Refused { status: 401 | 403 | 429, .. } => 6,
            Self::Answer { .. }
            | Self::Refused { .. }
            | Self::File { .. }
            | Self::Output(_)
            | Self::Failed(_) => 1,
        }
    }

    /// Writes the message to standard error. A reader that went away is no failure of ours.
    pub(crate) fn report(&self) -> ExitCode {
        if matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe) {
            return ExitCode::SUCCESS;
        }
        crate::output::complain(&self.to_string());
        ExitCode::from(self.code())
    }
}
