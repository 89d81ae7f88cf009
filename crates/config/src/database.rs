//! Where the database is.

use std::path::PathBuf;

use secrecy::SecretString;

/// Which database engine, and where.
#[derive(Debug, Clone)]
pub enum DatabaseUrl {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// The URL of a PostgreSQL database; it may hold a password.
    Postgres(SecretString),
}

impl DatabaseUrl {
    /// Reads `sqlite:FILE`, `sqlite://FILE` or `postgres://…`; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(file) = text.strip_prefix("sqlite:") {
            let file = file.strip_prefix("//").unwrap_or(file);
            let known = !file.is_empty() && !file.contains(['?', '\0']) && !file.starts_with(":memory:");
            return known.then(|| Self::Sqlite(PathBuf::from(file)));
        }
        let rest = text.strip_prefix("postgres://").or_else(|| text.strip_prefix("postgresql://"))?;
        (!rest.is_empty() && !rest.contains(char::is_whitespace)).then(|| Self::Postgres(text.into()))
    }
}
