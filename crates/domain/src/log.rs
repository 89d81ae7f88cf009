//! One row of the conversation log, as a worker writes it and the control plane stores it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Delivery, Direction, LogId, Timestamp, Writer};

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
    /// How far a message of ours has come, where that is told at all; never of an inbound one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// Who wrote a message of ours; never of an inbound one, and not told by the version before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub writer: Option<Writer>,
    /// Whether the contact wants no messages from this one on, which was answered with that.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub opted_out: bool,
}

/// How far a message of ours has come by now, whose row of the log went before. `Debug` shows no reason.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryRow {
    /// Number of this change within the journal, from 1, with gaps: only the last change of a message goes up.
    pub sequence: u64,
    /// The message's row of the log.
    pub log: LogId,
    /// How far it has come.
    pub delivery: Delivery,
    /// Why it never arrives, where it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl fmt::Debug for DeliveryRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeliveryRow")
            .field("sequence", &self.sequence)
            .field("log", &self.log)
            .field("delivery", &self.delivery)
            .finish_non_exhaustive()
    }
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
