//! Why nothing can be done of a tenant at its place now.

use std::{fmt, io};

use domain::Timestamp;

/// A place that cannot be used. Nothing is wrong with the tenant: it is waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Away {
    /// Its host does not answer.
    Silent {
        /// The host's name.
        host: String,
        /// Since when, where it has ever answered.
        since: Option<Timestamp>,
        /// What was seen of it.
        why: String,
    },
    /// Its host is not among those that the settings name.
    Unknown {
        /// The host's name.
        host: String,
    },
    /// A person has given its host up.
    Lost {
        /// The host's name.
        host: String,
    },
    /// It has no place yet, and no host takes it.
    NoRoom,
}

impl Away {
    /// What is wrong, by itself.
    #[must_use]
    pub fn why(&self) -> String {
        match self {
            Self::Silent { why, .. } => why.clone(),
            away => away.to_string(),
        }
    }
}

impl fmt::Display for Away {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Silent { host, since: Some(since), why } => {
                write!(
                    f,
                    "its host {host} does not answer since {since:.0} ({why}); it goes on as soon as the host answers"
                )
            }
            Self::Silent { host, since: None, why } => {
                write!(
                    f,
                    "its host {host} has not answered yet ({why}); it goes on as soon as the host answers"
                )
            }
            Self::Unknown { host } => {
                write!(f, "its host {host} is not named in HOSTS; name it there again, or move the tenant")
            }
            Self::Lost { host } => {
                write!(f, "its host {host} was given up as lost; move the tenant to another host")
            }
            Self::NoRoom => {
                f.write_str("no host has room for it and answers; add one, or end what is being emptied")
            }
        }
    }
}

impl std::error::Error for Away {}

impl From<Away> for io::Error {
    fn from(away: Away) -> Self {
        Self::new(io::ErrorKind::NotConnected, away)
    }
}
