//! Texts that an operator writes by hand.

use domain::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Takes a text to be sent.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendMessage {
    /// The contact, as the conversation log has it.
    pub contact: String,
    /// What to send.
    #[schema(min_length = 1, max_length = 65536)]
    pub text: String,
    /// What tells this message from another, so that sending it twice is sending it once; the header `Idempotency-Key`
    /// says the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 128)]
    pub key: Option<String>,
}

/// What was sent.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SentMessage {
    /// WhatsApp's id of the message.
    pub wa_message_id: String,
}

/// Chats that a person has or is to have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HandOffs {
    /// How many there are; more than are listed where not all are.
    pub total: u64,
    /// Those that wait longest first.
    pub chats: Vec<HandOff>,
}

/// A chat that waits for a person, or that a person has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HandOff {
    /// Who waits, as in the log.
    pub contact: String,
    /// Why, as a word: `asked`, `urgent`, `owner_wrote`, `not_understood`, `no_pack`.
    pub reason: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when the bot keeps quiet unless the chat is handed back before.
    pub until: Timestamp,
}
