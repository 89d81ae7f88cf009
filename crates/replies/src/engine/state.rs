//! What a conversation remembers between two turns. The journal keeps it in the transaction that fixes the outcome.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::Amount;

/// What is remembered of one contact. As JSON without what has its usual value; what an older engine left reads as one that
/// is at the beginning.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// When the bot last answered this contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Timestamp>,
    /// What the contact is in the middle of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub running: Option<Running>,
    /// What numbers mean that the contact may answer with.
    #[serde(skip_serializing_if = "Shown::is_menu")]
    pub shown: Shown,
    /// How often in a row nothing was understood outside of a flow.
    #[serde(skip_serializing_if = "is_zero")]
    pub misses: u8,
    /// What was written before the contact was asked whether to go on; looked at once they do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_to_go_on: Option<String>,
    /// Whether the contact has silenced the bot.
    #[serde(skip_serializing_if = "is_false")]
    pub opted_out: bool,
    /// Set while a person has the chat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hand_off: Option<HandOff>,
    /// Whether the contact has been told that the business is away, and since when it is.
    #[serde(skip_serializing_if = "is_false")]
    pub told_suspended: bool,
    /// When the contact was last told that the business is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told_closed_at: Option<Timestamp>,
    /// The name that the contact gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A digest of what was said last, so that the same is never said for ever.
    #[serde(skip_serializing_if = "is_zero_u64")]
    pub said: u64,
    /// How often in a row that was said.
    #[serde(skip_serializing_if = "is_zero")]
    pub again: u8,
}

/// A flow that is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Running {
    /// Which pack it is of.
    pub pack: PackVersion,
    /// Its name there.
    pub flow: String,
    /// When it began; with the contact its identity.
    pub since: Timestamp,
    /// The slots that are filled, in the order in which they were: the way back.
    #[serde(default)]
    pub filled: Vec<Filled>,
    /// The slot that was asked for; empty while none was.
    #[serde(default)]
    pub asking: String,
    /// How often in a row that was not understood.
    #[serde(default)]
    pub misses: u8,
    /// What was put into the basket.
    #[serde(default)]
    pub basket: Vec<BasketLine>,
    /// The product whose quantity was asked for.
    #[serde(default)]
    pub about: Option<String>,
}

/// One slot and what fills it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filled {
    /// The slot's name.
    pub slot: String,
    /// What fills it.
    pub value: Value,
}

/// What fills a slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// A service, by code.
    Service(String),
    /// The basket is as it is to be.
    Basket,
    /// A day in the tenant's time zone.
    Date(Date),
    /// Minutes since midnight in the tenant's time zone.
    Time(u16),
    /// A person's name.
    Name(String),
    /// A place.
    Place {
        /// In the customer's words.
        name: String,
        /// What bringing an order there costs.
        fee: Amount,
    },
    /// One of a slot's choices, by key.
    Choice(String),
    /// Words.
    Text(String),
    /// A telephone number as it was written.
    Phone(String),
    /// One of the contact's own records, by number.
    Record(String),
    /// The customer has said yes to all of it.
    Yes,
}

/// A product in a basket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BasketLine {
    /// Its code.
    pub code: String,
    /// How many.
    pub quantity: Amount,
}

/// Which pack, as it was compiled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackVersion {
    /// Its id, such as `BOOKING`.
    pub id: String,
    /// The version that its author gave.
    pub version: u32,
    /// SHA-256 of its files, in hex.
    pub hash: String,
}

/// What a number means.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shown {
    /// A line of the menu.
    #[default]
    Menu,
    /// One of these, by code, key or number; those before `page` were shown before.
    List {
        /// All of the list.
        items: Vec<String>,
        /// How many of them stand before the page that was shown.
        from: usize,
    },
}

impl Shown {
    /// Whether numbers mean lines of the menu.
    #[must_use]
    pub const fn is_menu(&self) -> bool {
        matches!(self, Self::Menu)
    }
}

/// A chat that a person has taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOff {
    /// Why.
    pub reason: HandOffReason,
    /// Since when a person is waited for.
    pub since: Timestamp,
    /// Until when the bot keeps quiet unless it is handed back before.
    pub until: Timestamp,
}

/// Why a person takes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandOffReason {
    /// The customer asked for one.
    Asked,
    /// An urgent word was written.
    Urgent,
    /// The owner or staff wrote in the chat.
    OwnerWrote,
    /// The bot did not understand for the third time.
    NotUnderstood,
    /// The tenant's pack is not there.
    NoPack,
}

const fn is_false(flag: &bool) -> bool {
    !*flag
}

const fn is_zero(number: &u8) -> bool {
    *number == 0
}

const fn is_zero_u64(number: &u64) -> bool {
    *number == 0
}

impl Running {
    /// What fills a slot.
    #[must_use]
    pub fn value(&self, slot: &str) -> Option<&Value> {
        self.filled.iter().find(|filled| filled.slot == slot).map(|filled| &filled.value)
    }

    /// Fills a slot, in place of what filled it.
    pub fn fill(&mut self, slot: &str, value: Value) {
        self.empty(slot);
        self.filled.push(Filled { slot: slot.to_owned(), value });
    }

    /// Takes a slot's value away.
    pub fn empty(&mut self, slot: &str) {
        self.filled.retain(|filled| filled.slot != slot);
    }
}
