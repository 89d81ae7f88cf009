//! A contact that is to be forgotten.

use std::fmt;

use domain::RecordId;

use crate::Actor;

/// A contact that is to be forgotten and that the worker's journal may still hold. `Debug` shows no name of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Erasure {
    /// Its id.
    pub id: RecordId,
    /// The contact as it was named, as in [`crate::MessageLog::contact`].
    pub contact: String,
    /// The number that the journal knew it by, where it has been asked.
    pub number: Option<String>,
    /// The LID that the journal knew it by.
    pub lid: Option<String>,
    /// Who ordered it.
    pub ordered_by: Actor,
}

impl Erasure {
    /// Every name under which the log may know the contact.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let lid = self.lid.as_ref().map(|lid| format!("lid:{lid}"));
        let mut names = vec![self.contact.clone()];
        names.extend(self.number.iter().cloned().chain(lid).filter(|name| *name != self.contact));
        names
    }
}

impl fmt::Debug for Erasure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Erasure").field("id", &self.id).finish_non_exhaustive()
    }
}
