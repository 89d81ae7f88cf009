//! Bookings, orders, tickets and blocked hours.

use std::fmt;

use domain::{RecordId, RecordKind, Timestamp};
use serde_json::Value;

/// One row of a worker's batch of records. `Debug` shows nothing of its customer.
#[derive(Clone, PartialEq, Eq)]
pub struct NewRecord {
    /// Number of its last change within the journal's records, from 1: it grows from row to row, with gaps.
    pub sequence: u64,
    /// As people say it, such as `B-1004`.
    pub reference: String,
    /// The number in it.
    pub number: u32,
    /// What it is.
    pub kind: RecordKind,
    /// Whose it is, as in the conversation log; nobody's for a walk-in.
    pub contact: Option<String>,
    /// Grows with every change of this record.
    pub version: u32,
    /// Whether something is still to happen with it.
    pub open: bool,
    /// Where it stands, by its word.
    pub state: String,
    /// When a booking or a block begins, when an order or a ticket was made.
    pub stands_at: Timestamp,
    /// What a search finds it by, such as a name and a number.
    pub found_by: String,
    /// The record as JSON.
    pub body: String,
    /// When it was changed, by the worker's clock.
    pub changed_at: Timestamp,
}

impl fmt::Debug for NewRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewRecord")
            .field("sequence", &self.sequence)
            .field("reference", &self.reference)
            .field("version", &self.version)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// One row of `records`. `Debug` shows nothing of its customer.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredRecord {
    /// Given by the store.
    pub id: RecordId,
    /// As [`NewRecord::reference`].
    pub reference: String,
    /// What it is.
    pub kind: RecordKind,
    /// As [`NewRecord::contact`].
    pub contact: Option<String>,
    /// As [`NewRecord::version`].
    pub version: i64,
    /// As [`NewRecord::open`].
    pub open: bool,
    /// As [`NewRecord::state`].
    pub state: String,
    /// As [`NewRecord::stands_at`].
    pub stands_at: Timestamp,
    /// As [`NewRecord::changed_at`].
    pub changed_at: Timestamp,
    /// The record as the journal has it; `{}` where it is longer than any that may be.
    pub body: Value,
    /// Whether it goes once it is closed, since its contact is to be forgotten.
    pub forget: bool,
}

impl fmt::Debug for StoredRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredRecord")
            .field("reference", &self.reference)
            .field("version", &self.version)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

impl StoredRecord {
    /// What of it can be long, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.body.to_string().len()
    }
}

/// Which records a list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordFilter {
    /// Only these.
    pub kind: RecordKind,
    /// Only those in this state.
    pub state: Option<String>,
    /// Only open ones, or only those that are not.
    pub open: Option<bool>,
    /// Only those that stand at this moment or later.
    pub from: Option<Timestamp>,
    /// Only those that stand before this moment.
    pub until: Option<Timestamp>,
    /// Only those that are found by this; letter case of ASCII letters does not matter.
    pub text: Option<String>,
    /// Whether the soonest comes first, and not the last.
    pub soonest_first: bool,
}

impl RecordFilter {
    /// All of a kind, the last first.
    #[must_use]
    pub const fn of(kind: RecordKind) -> Self {
        Self { kind, state: None, open: None, from: None, until: None, text: None, soonest_first: false }
    }
}

/// The highest number that each kind of record has had; 0 where there was none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RecordNumbers {
    /// Of bookings.
    pub booking: u32,
    /// Of orders.
    pub order: u32,
    /// Of tickets.
    pub ticket: u32,
    /// Of blocks.
    pub block: u32,
}
