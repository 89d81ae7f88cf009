//! Rows of a tenant's records and of the chats that wait for a person, as a worker writes them and the control plane
//! stores them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Timestamp, words::words};

words! { "snake_case",
    /// What a record is of.
    pub enum RecordKind {
        /// A time kept for a customer.
        Booking,
        /// Goods to be sent or fetched.
        Order,
        /// Something that a person has to solve.
        Ticket,
        /// Time in which nothing can be booked.
        Block,
    }
}

/// One record as it now is. `Debug` shows no contact and nothing of the record.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordRow {
    /// Number of its last change within the journal, from 1: it grows from row to row, with gaps where a record was changed
    /// again.
    pub sequence: u64,
    /// Whose it is, as in [`crate::LogRow::contact`]; `None` for nobody's, such as a walk-in.
    pub contact: Option<String>,
    /// Its number as people say it, such as `B-1004`: unique in a tenant.
    pub reference: String,
    /// What it is of.
    pub kind: RecordKind,
    /// Grows by one with every change, from 1. A row of a lower version than one that is known changes nothing.
    pub version: u32,
    /// Whether something is still to happen with it.
    pub open: bool,
    /// When it was changed last.
    pub changed_at: Timestamp,
    /// All of it as JSON: `replies::Record`.
    pub body: String,
}

/// A chat that waits for a person, or that a person has. `Debug` shows no contact.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOffRow {
    /// Who waits, as in [`crate::LogRow::contact`].
    pub contact: String,
    /// Why, as a word: `asked`, `urgent`, `owner_wrote`, `not_understood`, `no_pack`.
    pub reason: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when the bot keeps quiet unless the chat is handed back before.
    pub until: Timestamp,
}

impl fmt::Debug for RecordRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordRow")
            .field("sequence", &self.sequence)
            .field("reference", &self.reference)
            .field("version", &self.version)
            .field("open", &self.open)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for HandOffRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HandOffRow")
            .field("reason", &self.reason)
            .field("since", &self.since)
            .finish_non_exhaustive()
    }
}
