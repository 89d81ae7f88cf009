//! Which database: read from DATABASE_URL.

use std::{fmt, path::PathBuf, str::FromStr};

use crate::OpenError;

/// The two engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file beside the control plane.
    Sqlite,
    /// A server, version 15 or newer.
    Postgres,
}

/// A database to be opened.
#[derive(Clone, PartialEq, Eq)]
pub enum Target {
    /// A SQLite file, made where there is none.
    Sqlite(PathBuf),
    /// A PostgreSQL server.
    Postgres {
        /// The address by which rows are read and written: a role that owns nothing. Holds a password.
        url: String,
        /// The address by which the schema is made and changed: the role that owns the tables. `None` where somebody
        /// else migrates.
        migrate_url: Option<String>,
    },
}

/// Leaves the addresses out: they hold passwords.
impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => f.debug_tuple("Sqlite").field(path).finish(),
            Self::Postgres { .. } => f.write_str("Postgres(…)"),
        }
    }
}

impl Target {
    /// With the address of DATABASE_MIGRATE_URL; it means nothing to SQLite.
    #[must_use]
    pub fn with_migrate_url(self, migrate_url: Option<String>) -> Self {
        match self {
            Self::Postgres { url, .. } => Self::Postgres { url, migrate_url },
            Self::Sqlite(path) => Self::Sqlite(path),
        }
    }
}

impl FromStr for Target {
    type Err = OpenError;

    /// Takes `sqlite:PATH`, `sqlite://PATH`, `postgres://…` and `postgresql://…`.
    fn from_str(text: &str) -> Result<Self, OpenError> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            if path.is_empty() || path == ":memory:" {
                return Err(OpenError::Address(
                    "sqlite: needs the path of a file, like sqlite:/var/lib/flowhq/flowhq.db".into(),
                ));
            }
            return Ok(Self::Sqlite(path.into()));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres { url: text.to_owned(), migrate_url: None });
        }
        // What was given is not shown: it may hold a password.
        Err(OpenError::Address(
            "it must begin with sqlite: or postgres://, like sqlite:/var/lib/flowhq/flowhq.db or postgres://flowhq@localhost/flowhq".into(),
        ))
    }
}
