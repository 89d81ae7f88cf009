//! Something that a person has to solve.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::By;

/// Something that a person has to solve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// `T-` and a number.
    pub reference: String,
    /// From 1.
    pub version: u32,
    /// The choice that the customer made, by its key; empty where the pack has none.
    pub category: String,
    /// The category as the customer read it.
    pub category_name: String,
    /// In the customer's words.
    pub text: String,
    /// For whom, where that was said.
    #[serde(default)]
    pub name: Option<String>,
    /// A telephone number that was given.
    #[serde(default)]
    pub phone: Option<String>,
    /// Whether it holds an urgent word.
    #[serde(default)]
    pub urgent: bool,
    /// Where it stands.
    pub state: TicketState,
    /// Who changed it last.
    #[serde(default)]
    pub by: By,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it was changed last.
    pub changed_at: Timestamp,
}

/// Where a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketState {
    /// Nobody has looked at it.
    Open,
    /// Somebody is at it.
    InWork,
    /// It is solved.
    Solved,
    /// The customer took it back.
    Cancelled,
}

impl TicketState {
    /// Whether something is still to happen.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::InWork)
    }

    /// Whether it may become this: what was solved may turn out not to be.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        match self {
            Self::Open | Self::InWork | Self::Solved => true,
            Self::Cancelled => matches!(next, Self::Cancelled),
        }
    }

    /// Its word, as in JSON.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InWork => "in_work",
            Self::Solved => "solved",
            Self::Cancelled => "cancelled",
        }
    }
}
