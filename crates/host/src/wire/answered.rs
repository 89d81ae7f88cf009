//! What is answered on a stream, and what is told on one for long.

use std::io;

use domain::TenantId;
use link::Generation;
use serde::{Deserialize, Serialize};
use supervisor::{Ended, StartError};

use super::tidied;

/// The longest words of the other side that are passed on, in characters.
const WORDS_MAX_CHARS: usize = 400;

/// The answer to [`super::Verb::Start`].
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Started {
    /// It is ready, under this number.
    Ready { pid: Option<u32> },
    /// Another process lives in the tenant's directory.
    CellBusy,
    /// It said why it cannot start.
    Failed { code: u8, reason: String },
    /// It ended without a word.
    Ended(Ended),
    /// It was not ready in time.
    TooSlow { ms: u64 },
    /// Anything else, in words.
    Other { words: String },
}

impl From<StartError> for Started {
    fn from(error: StartError) -> Self {
        match error {
            StartError::CellBusy => Self::CellBusy,
            StartError::Failed { exit, reason } => Self::Failed { code: exit.code(), reason },
            StartError::Ended(ended) => Self::Ended(ended),
            StartError::TooSlow(ms) => Self::TooSlow { ms: u64::try_from(ms).unwrap_or(u64::MAX) },
            other => Self::Other { words: other.to_string() },
        }
    }
}

impl Started {
    /// The number of the worker that runs, or why none does.
    pub(crate) fn into_result(self) -> Result<Option<u32>, StartError> {
        Err(match self {
            Self::Ready { pid } => return Ok(pid),
            Self::CellBusy => StartError::CellBusy,
            Self::Failed { code, reason } => StartError::Failed {
                exit: link::Exit::from_code(code.into()),
                reason: tidied(&reason, WORDS_MAX_CHARS),
            },
            Self::Ended(ended) => StartError::Ended(ended),
            Self::TooSlow { ms } => StartError::TooSlow(ms.into()),
            Self::Other { words } => StartError::There(tidied(&words, WORDS_MAX_CHARS)),
        })
    }
}

/// The answer to [`super::Verb::Find`]: whose they are was asked, and is not said.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Found {
    pub(crate) workers: Vec<(Generation, Option<u32>)>,
}

/// A part of the answer to [`super::Verb::List`].
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Listed {
    pub(crate) tenants: Vec<TenantId>,
    pub(crate) more: bool,
}

/// What is told of a worker that is watched.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum News {
    /// By how many bytes its log has grown since this was told last; told again once that was taken in.
    Grown(u64),
    /// Whether its directory holds more than it may.
    Outgrown(bool),
    /// It has ended, and is no more.
    Ended(Ended),
}

/// What whoever watches a worker says.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Bound {
    /// Its log's growth was taken in.
    Looked,
    /// Whether its directory holds more than this is to be told, in bytes.
    Directory(u64),
    /// Its log is to be kept within its size.
    Tidy,
}

/// The answer to [`super::Verb::LogTail`]; so many bytes follow.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Tail {
    pub(crate) bytes: u64,
    pub(crate) more: bool,
    pub(crate) end: u64,
    pub(crate) rotating: bool,
}

/// Why something was not done.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Fault {
    kind: FaultKind,
    words: String,
}

/// The kinds that callers tell apart. A newer host's reads as [`FaultKind::Other`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum FaultKind {
    NotFound,
    WouldBlock,
    ConnectionRefused,
    PermissionDenied,
    Unsupported,
    #[serde(other)]
    Other,
}

/// Kinds of faults by what they are on the wire.
const KINDS: [(io::ErrorKind, FaultKind); 5] = [
    (io::ErrorKind::NotFound, FaultKind::NotFound),
    (io::ErrorKind::WouldBlock, FaultKind::WouldBlock),
    (io::ErrorKind::ConnectionRefused, FaultKind::ConnectionRefused),
    (io::ErrorKind::PermissionDenied, FaultKind::PermissionDenied),
    (io::ErrorKind::Unsupported, FaultKind::Unsupported),
];

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        let kind = KINDS.iter().find(|(kind, _)| *kind == error.kind());
        Self { kind: kind.map_or(FaultKind::Other, |(_, kind)| *kind), words: error.to_string() }
    }
}

impl From<Fault> for io::Error {
    fn from(fault: Fault) -> Self {
        let kind = KINDS.iter().find(|(_, kind)| *kind == fault.kind);
        Self::new(kind.map_or(io::ErrorKind::Other, |(kind, _)| *kind), tidied(&fault.words, WORDS_MAX_CHARS))
    }
}

/// An answer to what was asked.
pub(crate) type Answer<T> = Result<T, Fault>;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    #[test]
    fn faults_come_back_as_they_were_and_their_words_are_tidied() {
        for kind in KINDS.map(|(kind, _)| kind) {
            let fault = Fault::from(io::Error::new(kind, "why\nnot"));
            let there = serde_json::to_string(&fault).unwrap();
            let back = io::Error::from(serde_json::from_str::<Fault>(&there).unwrap());
            assert_eq!((back.kind(), back.to_string()), (kind, "why not".to_owned()));
        }
        let newer: Fault = serde_json::from_str(r#"{"kind":"of_tomorrow","words":"x"}"#).unwrap();
        assert_eq!(io::Error::from(newer).kind(), io::ErrorKind::Other);
    }
}
