//! The conversation log.

use domain::{Delivery, Direction, LogId, TenantId, Timestamp, Writer};
use serde::Serialize;

/// One row of `message_logs`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MessageLog {
    /// Its id, given by the worker.
    pub id: LogId,
    /// Whose it is.
    pub tenant_id: TenantId,
    /// Which way the message went.
    pub direction: Direction,
    /// Who wrote: digits, or `lid:` and a LID's digits; empty for the business before its number is known.
    pub from_number: String,
    /// Who was written to, in the same form.
    pub to_number: String,
    /// The customer's side of the two.
    pub contact: String,
    /// The text, or a word in square brackets for what is no text, like `[image]`.
    pub message_text: String,
    /// WhatsApp's id of the message.
    pub wa_message_id: String,
    /// Why the message got no reply, on inbound rows that got none.
    pub silence: Option<String>,
    /// When the message came (inbound) or its reply was decided (outbound), by the worker's clock.
    pub created_at: Timestamp,
    /// Its place in the tenant's log: grows from row to row, with gaps. This and no clock is the order of the log.
    pub seq: u64,
    /// When an inbound message was written, by its sender's clock and WhatsApp's, where that is known.
    pub sent_at: Option<Timestamp>,
    /// WhatsApp's id of the message that this one corrects or takes back.
    pub about: Option<String>,
    /// How far a message of ours has come; `None` for an inbound one and for one of which that was never told.
    pub delivery: Option<Delivery>,
    /// Why it never arrives, where it does not.
    pub delivery_reason: Option<String>,
    /// Who wrote a message of ours; `None` for an inbound one and for one of which that was never told.
    pub writer: Option<Writer>,
}

/// The newest line of a chat, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatLine {
    /// As [`MessageLog::contact`].
    pub contact: String,
    /// The text's first 60 characters.
    pub text: String,
    /// As [`MessageLog::created_at`].
    pub created_at: Timestamp,
}

/// Which lines of a conversation log a list shows; everything where nothing is set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogFilter {
    /// Only what was said with this contact, as in [`MessageLog::contact`].
    pub contact: Option<String>,
    /// Only lines that hold this text; letter case of ASCII letters does not matter.
    pub text: Option<String>,
    /// Only from this moment on.
    pub from: Option<Timestamp>,
    /// Only before this moment.
    pub until: Option<Timestamp>,
}
