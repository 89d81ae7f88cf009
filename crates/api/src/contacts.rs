//! Data rights of one customer.

use domain::{Direction, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Log, Record};

/// All that is held of one customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ContactExport {
    /// The contact, as in the log.
    pub contact: String,
    /// Whether the worker's journal was asked too, and told everything; it can be asked while the worker runs.
    pub complete: bool,
    /// Lines of the conversation log, newest first.
    pub log: Vec<Log>,
    /// Bookings, orders and tickets.
    #[serde(default)]
    pub records: Vec<Record>,
    /// What the worker's journal holds, where it knows the contact.
    pub journal: Option<ContactJournal>,
}

/// What a worker's journal holds of a customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ContactJournal {
    /// Phone number, where it is known.
    pub number: Option<String>,
    /// WhatsApp's hidden id, where it is known.
    pub lid: Option<String>,
    /// The name that the customer goes by.
    pub push_name: Option<String>,
    /// When the customer last wrote.
    pub wrote_at: Option<Timestamp>,
    /// What the bot remembers of the conversation.
    pub conversation: Option<serde_json::Value>,
    /// Messages, the customer's first, each side in order.
    pub messages: Vec<ContactMessage>,
}

/// One message of a customer, or to one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ContactMessage {
    /// Which way it went.
    pub direction: Direction,
    /// WhatsApp's id of it.
    pub wa_message_id: String,
    /// Its text.
    pub text: Option<String>,
    /// What has become of it.
    pub state: Option<String>,
    /// When it was written.
    pub at: Timestamp,
}

/// What went of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ContactErased {
    /// Messages in the worker's journal.
    pub journal_messages: u64,
    /// Rows of the conversation log.
    pub log_rows: u64,
    /// Bookings, orders and tickets that were closed; open ones go once they are.
    #[serde(default)]
    pub records: u64,
    /// Whether the worker does not run: its next start forgets what its journal holds before it connects, and with it the
    /// rows of the log under the customer's other name.
    #[serde(default)]
    pub waiting: bool,
}
