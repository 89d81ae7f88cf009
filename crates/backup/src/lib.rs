//! A backup as one file: a gzipped tar archive, sealed by a key that lies elsewhere. Knows names, bytes and checksums, and
//! nothing of what they mean; never opens what it carries.
//!
//! `about.json` comes first and says who may read it; `manifest.json` comes last and lists every file with its length and
//! SHA-256. A file that is cut short has no end that opens, so one that was read to its end is whole.

mod read;
mod write;

pub use read::{ReadError, read};
pub use write::Writing;

use serde::{Deserialize, Serialize};

/// What the key is derived for; part of the format.
pub const PURPOSE: &str = "backup.v1";
/// The format that this build writes.
const FORMAT: u32 = 1;
/// The oldest format whose readers can read what this build writes.
const OLDEST_READER: u32 = 1;
/// The first entry and the last one.
const ABOUT: &str = "about.json";
const MANIFEST: &str = "manifest.json";

/// What a backup says first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    format: u32,
    oldest_reader: u32,
    /// When it was begun, as RFC 3339.
    pub taken_at: String,
    /// The build that made it.
    pub build: String,
}

impl About {
    /// Of a backup that is begun now.
    #[must_use]
    pub fn new(taken_at: String, build: &str) -> Self {
        Self { format: FORMAT, oldest_reader: OLDEST_READER, taken_at, build: build.to_owned() }
    }
}

/// What a backup holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Every file in it, in order.
    pub files: Vec<Held>,
    /// What should be in it and is not, each in a sentence.
    pub left_out: Vec<String>,
}

/// One file in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Its path within.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// Whether it may be a file's name within a backup: relative, without a way out, and without anything that a file system or
/// a terminal could take for more than a name.
fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    };
    name.len() <= 200 && name.split('/').all(part)
}
