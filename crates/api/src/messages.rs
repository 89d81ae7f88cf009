//! Texts that an operator writes by hand.

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
