//! What a worker's journal holds of a contact, as it goes up.

use std::fmt;

use domain::{Direction, Timestamp};
use serde::{Deserialize, Serialize};

/// What a journal holds of a contact: its names and state, and a part of its messages.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactPart {
    /// Phone number, where it is known.
    pub number: Option<String>,
    /// WhatsApp's hidden id, where it is known.
    pub lid: Option<String>,
    /// The name that the contact goes by.
    pub push_name: Option<String>,
    /// When the contact last wrote to the business.
    pub wrote_at: Option<Timestamp>,
    /// What the bot remembers of the conversation, as JSON.
    pub conversation: Option<String>,
    /// Messages, those of the contact first, in order.
    pub messages: Vec<ContactMessage>,
    /// Whether there are more messages after these.
    pub more: bool,
    /// Records as JSON, oldest first, in the first part: `replies::Record`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<String>,
}

/// One message in a journal.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactMessage {
    /// Which way it went.
    pub direction: Direction,
    /// WhatsApp's id of it.
    pub wa_message_id: String,
    /// Its text, where it has one.
    pub text: Option<String>,
    /// What has become of it: the outcome of an inbound one, the state of one of ours.
    pub state: Option<String>,
    /// When it was written.
    pub at: Timestamp,
}

impl fmt::Debug for ContactPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContactPart")
            .field("messages", &self.messages.len())
            .field("more", &self.more)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ContactMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ContactMessage").field("direction", &self.direction).finish_non_exhaustive()
    }
}
