//! What operators note of a tenant for themselves.

use std::fmt;

use domain::{Tag, Timestamp};

/// What is noted of a tenant; of version 0 where nothing ever was. `Debug` shows no word of it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct TenantNotes {
    /// By which it is found again, in order.
    pub tags: Vec<String>,
    /// The text; may be empty.
    pub note: String,
    /// Grows with every change of either.
    pub version: i64,
    /// When either last changed.
    pub updated_at: Option<Timestamp>,
}

impl fmt::Debug for TenantNotes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TenantNotes")
            .field("tags", &self.tags.len())
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// Changes to it; `None` leaves a part as it is.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct NotesChange {
    /// All of its tags, each once.
    pub tags: Option<Vec<Tag>>,
    /// Another text; its length is checked by the API.
    pub note: Option<String>,
}
