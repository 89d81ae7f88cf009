//! Settings that stop the start, in messages that name the setting, what it got and what it takes.

use std::{fmt, path::PathBuf};

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value of the wrong type or out of range.
    #[error("{origin} takes {takes}, got {got}")]
    Invalid {
        /// Where it was given, with the setting's name.
        origin: Origin,
        /// What the setting takes.
        takes: String,
        /// What was given; only its length for a secret.
        got: String,
    },
    /// A key in the file that is no setting.
    #[error("{}:{line}: \"{key}\" is no setting{}", file.display(), did_you_mean(suggestion.as_deref()))]
    UnknownKey {
        /// The file.
        file: PathBuf,
        /// Line in it, from 1.
        line: usize,
        /// The key, section first.
        key: String,
        /// The setting that is nearest in spelling.
        suggestion: Option<String>,
    },
    /// A file that is no TOML.
    #[error("{}:{line}: {message}", file.display())]
    Syntax {
        /// The file.
        file: PathBuf,
        /// Line in it, from 1.
        line: usize,
        /// What the parser says.
        message: String,
    },
    /// A file that cannot be read.
    #[error("{} cannot be read (named by {named_by}): {source}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// The option or environment variable that names it.
        named_by: String,
        /// Why.
        source: std::io::Error,
    },
    /// A secret that was given twice.
    #[error("{name} and {name}_FILE are both set: remove one of them")]
    GivenTwice {
        /// The setting.
        name: &'static str,
    },
    /// Two settings that do not go together.
    #[error("{0}")]
    Contradiction(String),
    /// No place for the data directory.
    #[error(
        "DATA_DIR is not set, and neither HOME nor XDG_DATA_HOME says where it could be: set DATA_DIR to a directory"
    )]
    NoDataDir,
    /// A setting without which nothing works.
    #[error("{0} is not set and has no default")]
    Missing(&'static str),
}

fn did_you_mean(suggestion: Option<&str>) -> String {
    suggestion.map(|key| format!("; did you mean \"{key}\"?")).unwrap_or_default()
}

/// Where a value was given, for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The table of settings.
    Default(&'static str),
    /// A line of the file.
    File {
        /// The file.
        file: PathBuf,
        /// Line in it, from 1.
        line: usize,
        /// The key, section first.
        key: &'static str,
    },
    /// An environment variable.
    Environment(&'static str),
    /// A file that an environment variable named for the setting points to.
    SecretFile {
        /// The setting; the variable is this with `_FILE`.
        name: &'static str,
        /// The file.
        file: PathBuf,
    },
    /// A credential that the service manager handed over.
    Credential {
        /// The setting.
        name: &'static str,
        /// The file.
        file: PathBuf,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default(name) => write!(f, "the default of {name}"),
            Self::File { file, line, key } => write!(f, "{}:{line}: {key}", file.display()),
            Self::Environment(name) => write!(f, "environment variable {name}"),
            Self::Credential { name, file } => write!(f, "{} (the credential for {name})", file.display()),
            Self::SecretFile { name, file } => write!(f, "{} (named by {name}_FILE)", file.display()),
        }
    }
}
