//! The dialogue without records: it greets, shows a menu and takes details that a person then reads. What a worker answers
//! with as long as its journal keeps no records; [`crate::decide`] takes its place.

mod engine;
mod hours;
mod notice;
mod pack;
mod reading;

use domain::Timestamp;
use serde::{Deserialize, Serialize};

pub use engine::answer;
pub use notice::{Notice, notice};

/// What a conversation remembers between two messages. Kept by the worker in the transaction that fixes the outcome.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// Where in the pack's dialogue the contact is; empty at the beginning.
    #[serde(default)]
    pub step: String,
    /// When the bot last answered this contact.
    #[serde(default)]
    pub answered_at: Option<Timestamp>,
}

/// What a customer wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said<'a> {
    /// Text.
    Text(&'a str),
    /// Something without text, by name: `image`, `voice`, ….
    Media(&'a str),
}

impl<'a> Said<'a> {
    /// The text, where it is one.
    #[must_use]
    pub const fn text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Media(_) => None,
        }
    }
}

/// What becomes of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The replies, in order.
    pub texts: Vec<String>,
    /// The conversation afterwards.
    pub conversation: Conversation,
}
