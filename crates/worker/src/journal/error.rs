//! What can be wrong with a journal.

use std::{path::PathBuf, sync::Arc};

use domain::InvalidId;
use rusqlite::ErrorCode;

/// A journal that cannot be opened, read or written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum JournalError {
    /// The file is no database, or a damaged one. It was left untouched.
    #[error(
        "the journal {path} cannot be read and was left untouched ({detail}): move it away and start \
         again; the messages that had no answer yet are lost with it"
    )]
    Corrupt {
        /// Where it lies.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// A later version of this program wrote it. It was left untouched.
    #[error("the journal {path} has schema {found}, this build knows {known}: run the newer build again")]
    Newer {
        /// Where it lies.
        path: PathBuf,
        /// Its schema.
        found: i32,
        /// Ours.
        known: i32,
    },
    /// Another tenant's worker made it. It was left untouched.
    #[error(
        "the journal {path} is another tenant's and was left untouched: was a directory copied or swapped? Put this \
         tenant's own directory back, or remove this one and link the phone again"
    )]
    Foreign {
        /// Where it lies.
        path: PathBuf,
    },
    /// A newer worker of this tenant has written to it.
    #[error("generation {own} is over: the journal has seen generation {seen}")]
    Fenced {
        /// The highest generation it has seen.
        seen: i64,
        /// The one of this process.
        own: i64,
    },
    /// The file, or one beside it, cannot be made, moved, removed or used.
    #[error("the journal's file {path}: {detail}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        detail: String,
    },
    /// SQLite failed, which mostly means the disk.
    #[error("the journal failed: {0}")]
    Sql(#[source] Arc<rusqlite::Error>),
    /// A value in it that this program cannot have written.
    #[error("the journal holds a wrong value: {0}")]
    Value(String),
    /// Its thread has ended.
    #[error("the journal is closed")]
    Closed,
}

impl From<rusqlite::Error> for JournalError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(Arc::new(error))
    }
}
impl From<vault::ConvertError> for JournalError {
    fn from(error: vault::ConvertError) -> Self {
        match error {
            vault::ConvertError::Sqlite { path, source } => match source.sqlite_error_code() {
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                    Self::Corrupt { path, detail: source.to_string() }
                }
                _ => source.into(),
            },
            vault::ConvertError::File { path, source } => Self::File { path, detail: source.to_string() },
            path @ vault::ConvertError::Path { .. } => Self::Value(path.to_string()),
        }
    }
}
impl From<InvalidId> for JournalError {
    fn from(error: InvalidId) -> Self {
        Self::Value(error.to_string())
    }
}
impl From<serde_json::Error> for JournalError {
    fn from(error: serde_json::Error) -> Self {
        Self::Value(error.to_string())
    }
}

impl JournalError {
    /// Why the worker must end because of this, where it must. A failing disk may mend.
    #[must_use]
    pub fn exit(&self) -> Option<link::Exit> {
        match self {
            Self::Corrupt { .. } | Self::Value(_) => Some(link::Exit::JournalCorrupt),
            Self::Newer { .. } | Self::Foreign { .. } => Some(link::Exit::BadConfiguration),
            Self::Fenced { .. } => Some(link::Exit::OldGeneration),
            Self::Closed => Some(link::Exit::Failed),
            Self::File { .. } => None,
            Self::Sql(error) => match error.sqlite_error_code() {
                Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                    Some(link::Exit::JournalCorrupt)
                }
                _ => None,
            },
        }
    }

    /// With which code a worker ends that cannot begin because of this: a disk is tried again for as long as it takes, anything
    /// else a few times.
    #[must_use]
    pub fn exit_at_start(&self) -> link::Exit {
        use ErrorCode::{CannotOpen, DatabaseBusy, DatabaseLocked, DiskFull, ReadOnly, SystemIoFailure};
        self.exit().unwrap_or(match self {
            Self::Sql(error) => match error.sqlite_error_code() {
                Some(CannotOpen | DatabaseBusy | DatabaseLocked | DiskFull | ReadOnly | SystemIoFailure) => {
                    link::Exit::Disk
                }
                _ => link::Exit::Failed,
            },
            _ => link::Exit::Disk,
        })
    }
}

/// Whether a verdict of SQLite's `quick_check` says that a page could not be read just now: a disk that fails is no damaged
/// database, although the check tells both in the same way.
#[must_use]
pub fn is_unread(verdict: &str) -> bool {
    let code = verdict.split_once("error code=").map(|(_, rest)| rest);
    let digits = code.map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default());
    // The low byte is the primary code: NOMEM, IOERR, FULL, CANTOPEN.
    matches!(
        digits.and_then(|digits| digits.parse::<u32>().ok()).map(|code| code & 0xff),
        Some(7 | 10 | 13 | 14)
    )
}

#[cfg(test)]
mod tests {
    use super::is_unread;

    #[test]
    fn a_page_that_could_not_be_read_is_told_from_one_that_is_damaged() {
        let said = |code| {
            format!("*** in database main ***\nTree 5 page 7: unable to get the page. error code={code}")
        };
        assert!(is_unread(&said(266)) && is_unread(&said(10)) && is_unread(&said(14)));
        assert!(!is_unread(&said(11)) && !is_unread("ok") && !is_unread(&said(267)));
        assert!(!is_unread("Tree 5 page 7 cell 3: Offset 4000 out of range 1..4092"));
    }
}
