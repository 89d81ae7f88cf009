//! Customers of a tenant: who has written, and what is noted of each.

use std::fmt;

use domain::{CustomerState, Direction, LogId, Timestamp};
use serde_json::Value;

/// One customer, with the newest line of the chat. `Debug` shows nothing of the customer.
#[derive(Clone, PartialEq, Eq)]
pub struct Customer {
    /// As [`crate::MessageLog::contact`].
    pub contact: String,
    /// The place of the newest line, as [`crate::MessageLog::seq`].
    pub seq: u64,
    /// That line's id.
    pub last_id: LogId,
    /// Which way it went.
    pub direction: Direction,
    /// The first 160 characters of its text.
    pub last: String,
    /// When.
    pub at: Timestamp,
    /// Whether the customer has asked not to be written to, as far as their messages since then say so.
    pub opted_out: bool,
    /// The name that was noted.
    pub noted_name: Option<String>,
    /// The state that a person has set.
    pub state_set: Option<CustomerState>,
    /// What is noted.
    pub note: Option<String>,
    /// Records that are open.
    pub open_records: u64,
    /// All of them.
    pub records: u64,
    /// The record that was changed last, as [`crate::StoredRecord::body`].
    pub last_record: Option<Value>,
    /// The state: set by a person, or by what the records come to.
    pub state: CustomerState,
}

impl fmt::Debug for Customer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Customer").field("seq", &self.seq).field("state", &self.state).finish_non_exhaustive()
    }
}

/// Which customers a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerFilter {
    /// Only those in this state.
    pub state: Option<CustomerState>,
    /// Only those found by this in number, name, note or records; letter case of ASCII letters does not matter.
    pub text: Option<String>,
    /// Whether what was said is searched too.
    pub in_texts: bool,
}

/// What is noted of a customer; `None` keeps what is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomerChange {
    /// The name; `Some(None)` takes it away.
    pub name: Option<Option<String>>,
    /// The state; `Some(None)` lets it follow from the records again.
    pub state: Option<Option<CustomerState>>,
    /// The note; `Some(None)` takes it away.
    pub note: Option<Option<String>>,
}
