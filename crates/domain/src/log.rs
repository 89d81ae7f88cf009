//! One row of the conversation log, as a worker writes it and the control plane stores it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Direction, LogId, Timestamp};

/// One row of the conversation log. `Debug` shows no text and no contact.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogRow {
    /// Number within the journal, from 1, without gaps.
    pub sequence: u64,
    /// Given by the worker; a row that comes twice is one row.
    pub id: LogId,
    /// Which way the message went.
    pub direction: Direction,
    /// The contact: digits where the number is known, else `lid:` and the LID's digits.
    pub contact: String,
    /// The text, or a word in square brackets for what is no text, like `[image]`.
    pub text: String,
    /// WhatsApp's id of the message.
    pub wa_message_id: String,
    /// When the message came (inbound) or its reply was decided (outbound), by the worker's clock.
    pub at: Timestamp,
    /// Why a message got no reply, on inbound rows that got none.
    pub silence: Option<String>,
    /// When an inbound message was written, by its sender's clock and WhatsApp's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Timestamp>,
    /// WhatsApp's id of the message that this one corrects or takes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Whether the text of that message and of its corrections is to be removed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removes: bool,
}

impl fmt::Debug for LogRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogRow")
            .field("sequence", &self.sequence)
            .field("id", &self.id)
            .field("direction", &self.direction)
            .field("wa_message_id", &self.wa_message_id)
            .field("at", &self.at)
            .field("silence", &self.silence)
            .finish_non_exhaustive()
    }
}
