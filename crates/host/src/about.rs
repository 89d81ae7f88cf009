//! What a host says of itself. All of it is shown, and none of it decides who may do what.

use serde::{Deserialize, Serialize};

use crate::wire::tidied;

/// Protections that are taken in, at most.
const PROTECTIONS_MAX: usize = 32;
/// The longest word that is taken in, in characters.
const WORD_MAX_CHARS: usize = 200;

/// What a host is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The build that it runs, in its own words.
    pub version: String,
    /// Its name.
    pub name: String,
    /// How often a host has been started on its volume.
    pub incarnation: u64,
    /// Tenants that it has room for.
    pub capacity: u32,
    /// Workers that run there.
    pub running: u32,
    /// Free room on its volume, in bytes, where that is known.
    pub disk_free: Option<u64>,
    /// What keeps its workers apart, in words.
    pub protections: Vec<String>,
}

/// What the place of a host is, looked up anew each time somebody asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Free room on the volume, in bytes, where that is known.
    pub disk_free: Option<u64>,
    /// What keeps workers apart there, in words.
    pub protections: Vec<String>,
}

impl About {
    /// Cut to what may be shown.
    pub(crate) fn tidied(mut self) -> Self {
        self.version = tidied(&self.version, WORD_MAX_CHARS);
        self.name = tidied(&self.name, WORD_MAX_CHARS);
        self.protections.truncate(PROTECTIONS_MAX);
        self.protections = self.protections.iter().map(|word| tidied(word, WORD_MAX_CHARS)).collect();
        self
    }
}
