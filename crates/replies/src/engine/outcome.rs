//! What goes into the engine in a turn, and what comes out.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::state::{HandOff, State};
use crate::Change;

/// What happened in a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "turn", rename_all = "snake_case")]
pub enum Turn {
    /// The contact wrote.
    Customer {
        /// What, in order, read together.
        said: Vec<Heard>,
        /// Who.
        #[serde(default)]
        from: From,
    },
    /// The owner or staff wrote in this chat from the phone.
    Owner {
        /// What; empty for anything without words.
        text: String,
    },
    /// A person gave the chat back to the bot.
    HandBack,
    /// A time has come.
    Due {
        /// What was to happen then.
        timer: Timer,
    },
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Heard {
    /// Text, or the caption of a picture.
    Text(String),
    /// Something without text, by name: `image`, `video`, `voice`, `location`, `document`, `contact`, `sticker`, ….
    Media(String),
}

/// Who wrote.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct From {
    /// Digits of their telephone number, where WhatsApp tells it.
    pub phone: Option<String>,
    /// What they call themselves on WhatsApp.
    pub push_name: Option<String>,
    /// Whether the phone had chatted with them before it was linked.
    pub known_before: bool,
}

/// Something that is to happen at a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "timer", rename_all = "snake_case")]
pub enum Timer {
    /// A booking comes near.
    Reminder {
        /// The booking's number.
        reference: String,
        /// When the booking is, as the reminder knows it: one that was moved has a reminder of its own.
        booked_for: Timestamp,
    },
    /// The customer did not come.
    MissedYou {
        /// The booking's number.
        reference: String,
    },
    /// An order was put together and not confirmed.
    AskOrder {
        /// [`super::Running::since`] of its flow.
        since: Timestamp,
    },
}

/// A timer to be kept: a row of the journal's due table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wake {
    /// Unique in the tenant: a second one with the same key changes nothing, also after it went off.
    pub key: String,
    /// When.
    pub at: Timestamp,
    /// What then.
    pub timer: Timer,
}

/// All that becomes of a turn, fixed in one transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// What is said, in order.
    pub replies: Vec<Reply>,
    /// Records made and changed. Where the journal refuses one, nothing of the outcome is kept, and
    /// [`super::decide_again`] decides anew.
    pub records: Vec<Change>,
    /// Timers to be kept.
    pub wake_at: Vec<Wake>,
    /// Set where this turn gave the chat to a person: a row for the list of who waits, and an alert.
    pub hand_off: Option<HandOff>,
    /// What is remembered from now on.
    pub conversation: State,
    /// The owner's switch, where this turn moved it: `true` is on.
    pub switch: Option<bool>,
    /// Why nothing is said; set where `replies` is empty.
    pub silence: Option<Silence>,
}

/// One message of the bot's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// Its text.
    pub text: String,
    /// Which of the turn's messages it quotes, from 0; set where several were waiting.
    #[serde(default)]
    pub quotes: Option<usize>,
}

/// Why nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Silence {
    /// The contact has silenced the bot.
    OptedOut,
    /// A person has the chat.
    WithPerson,
    /// The tenant wants the contact left alone; the message is not logged and gets no read receipt.
    LeftAlone,
    /// The owner has switched the bot off; likewise.
    SwitchedOff,
    /// The tenant is suspended, and the contact has been told.
    Suspended,
    /// The timer's reason is gone, such as a booking that was cancelled.
    NotDue,
    /// The owner wrote: there is nothing to add.
    OwnerWrote,
    /// Nothing was said that needs an answer, such as an emoji to a thank-you.
    NothingToSay,
}

/// Why a customer is told something outside the dialogue, without having asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// More messages in a minute than are answered; said once a window.
    RateLimited,
    /// More messages wait than the chat's queue takes; said once while it is full.
    PleaseWait,
    /// An operator has suspended the tenant.
    Suspended,
    /// A message could not be read; said once for all that come in a while.
    Unreadable,
    /// A message can be looked at once and only on the phone; likewise.
    ViewOnce,
}

impl Outcome {
    /// Nothing is said, and only the state may be another.
    #[must_use]
    pub fn silent(silence: Silence, conversation: State) -> Self {
        Self { silence: Some(silence), conversation, ..Self::default() }
    }
}

/// For how long a person would type this, in milliseconds: by length, within bounds. The first `per_char_ms` is a setting;
/// 0 is no delay.
#[must_use]
pub fn typing_ms(text: &str, per_char_ms: u32, most_ms: u32) -> u32 {
    let chars = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
    chars.saturating_mul(per_char_ms).min(most_ms)
}
