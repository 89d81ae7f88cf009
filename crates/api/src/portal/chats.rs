//! Chats with customers.

use domain::{Delivery, Direction, LogId, Timestamp, Writer};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Chats, the one with the newest message first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PortalChats)]
pub struct ChatList {
    /// Chats of this page.
    pub chats: Vec<Chat>,
    /// How many wait for a person, those of other pages included.
    pub waiting: u64,
    /// What `before` is on the next page; null where there is none.
    pub next: Option<String>,
}

/// One chat of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PortalChat)]
pub struct Chat {
    /// The customer as the log has it: digits, or `lid:` and digits where WhatsApp hides the number. The chat's key in paths.
    pub contact: String,
    /// The number as people write it, or that it is hidden, in the reader's language.
    pub shown: String,
    /// The customer's name, where one is known.
    pub name: Option<String>,
    /// The beginning of the last message.
    pub last: String,
    /// Which way that went.
    pub direction: Direction,
    /// When.
    pub at: Timestamp,
    /// Whether it waits for a person, or a person has it, and who else does not answer in it.
    #[serde(flatten)]
    pub state: ChatState,
}

/// Who answers in a chat.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
#[schema(as = PortalChatState)]
pub struct ChatState {
    /// Why a person is to answer or does, as a word: `asked`, `urgent`, `owner_wrote`, `not_understood`, `no_pack`; null
    /// where the bot answers.
    pub hand_off: Option<String>,
    /// The same in the reader's language.
    pub hand_off_says: Option<String>,
    /// Since when.
    pub since: Option<Timestamp>,
    /// Until when the bot keeps quiet unless the chat is handed back before.
    pub until: Option<Timestamp>,
    /// Whether the customer has asked not to be written to.
    pub opted_out: bool,
    /// Whether the bot leaves this customer alone, as the owner has said.
    pub left_alone: bool,
}

/// What was said with one customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PortalSaid)]
pub struct Said {
    /// The customer, as in the list.
    pub contact: String,
    /// The number as people write it.
    pub shown: String,
    /// The customer's name, where one is known.
    pub name: Option<String>,
    /// Messages, newest first.
    pub messages: Vec<ChatMessage>,
    /// What `before` is on the next page; null where there is none.
    pub next: Option<String>,
    /// Who answers.
    #[serde(flatten)]
    pub state: ChatState,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PortalMessage)]
pub struct ChatMessage {
    /// Its id.
    pub id: LogId,
    /// Whether the business said it; else the customer did.
    pub out: bool,
    /// The text.
    pub text: String,
    /// When it came or was decided. The list has the order in which things happened to the bot, whatever any clock says.
    pub at: Timestamp,
    /// When the customer wrote it, by WhatsApp's clock.
    pub sent_at: Option<Timestamp>,
    /// Why the bot gave no reply, as a word.
    pub silence: Option<String>,
    /// The same in the reader's language.
    pub silence_says: Option<String>,
    /// What became of it later, in the reader's language: corrected, taken back.
    pub fate: Option<String>,
    /// How far a message of the business has come; null for a customer's, and for one that was sent before this was told.
    #[serde(default)]
    pub delivery: Option<Delivery>,
    /// Why it never arrives, where it does not.
    #[serde(default)]
    pub delivery_reason: Option<String>,
    /// Who wrote a message of the business; null for a customer's, and for one that was sent before this was told.
    #[serde(default)]
    pub writer: Option<Writer>,
}

/// Takes a text to a customer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PortalSayTo)]
#[serde(deny_unknown_fields)]
pub struct SayTo {
    /// What to send.
    #[schema(min_length = 1, max_length = 65536)]
    pub text: String,
    /// What tells this message from another, so that a form sent twice sends once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 128)]
    pub key: Option<String>,
}

/// Takes whether the bot is to leave a customer alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PortalLeaveAlone)]
#[serde(deny_unknown_fields)]
pub struct LeaveAlone {
    /// True: leave alone; false: answer again.
    pub alone: bool,
}
