//! `pack.toml` as it is written.

use domain::Language;
use serde::{Deserialize, Serialize};
use toml::Spanned;

/// `pack.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    pub(super) id: Spanned<String>,
    pub(super) version: Spanned<u32>,
    pub(super) languages: Vec<Spanned<Code>>,
    pub(super) menu: Spanned<Vec<Spanned<String>>>,
    pub(super) intents: Vec<WrittenIntent>,
    #[serde(default)]
    pub(super) flows: Vec<WrittenFlow>,
}

/// A language by its code.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Code {
    Sw,
    En,
}

impl From<Code> for Language {
    fn from(code: Code) -> Self {
        match code {
            Code::Sw => Self::Sw,
            Code::En => Self::En,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenIntent {
    pub(super) name: Spanned<String>,
    #[serde(default)]
    pub(super) words: Vec<Spanned<String>>,
    pub(super) flow: Option<Spanned<String>>,
    /// `answer` or `person`, where it has no flow.
    pub(super) action: Option<Spanned<String>>,
    pub(super) text: Option<Spanned<String>>,
    pub(super) list: Option<List>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenFlow {
    pub(super) name: Spanned<String>,
    pub(super) action: Spanned<String>,
    #[serde(default)]
    pub(super) slots: Vec<WrittenSlot>,
    /// Of `cancel`: which kind of record.
    pub(super) of: Option<Kind>,
    /// Of `answer`: the text.
    pub(super) text: Option<Spanned<String>>,
    /// Whether a yes is asked for before the action.
    #[serde(default)]
    pub(super) confirm: bool,
    pub(super) then: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenSlot {
    pub(super) name: Spanned<String>,
    #[serde(rename = "type")]
    pub(super) kind: Spanned<String>,
    #[serde(default)]
    pub(super) choices: Vec<WrittenChoice>,
    pub(super) when: Option<When>,
    #[serde(default)]
    pub(super) optional: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenChoice {
    pub(super) key: Spanned<String>,
    #[serde(default)]
    pub(super) words: Vec<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct When {
    pub(super) slot: Spanned<String>,
    pub(super) is: Spanned<String>,
}

/// A kind of record that a customer can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A booking.
    Booking,
    /// An order.
    Order,
    /// A ticket.
    Ticket,
}

/// What an answer can list, numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum List {
    /// What can be booked.
    Services,
    /// What can be ordered.
    Products,
    /// Questions with answers.
    Questions,
    /// The contact's bookings.
    Bookings,
    /// The contact's orders.
    Orders,
    /// The contact's tickets.
    Tickets,
    /// Where orders are brought.
    Areas,
}

impl List {
    /// The text that is said where the list is empty.
    pub(crate) const fn nothing(self) -> &'static str {
        match self {
            Self::Services => "no_services",
            Self::Products => "no_products",
            Self::Questions => "no_questions",
            Self::Bookings => "no_bookings",
            Self::Orders => "no_orders",
            Self::Tickets => "no_tickets",
            Self::Areas => "no_areas",
        }
    }
}
