//! Goods to be sent or fetched.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::By;
use crate::Amount;

/// Goods to be sent or fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// `O-` and a number.
    pub reference: String,
    /// From 1.
    pub version: u32,
    /// What was ordered, each product once.
    pub lines: Vec<OrderLine>,
    /// How it reaches the customer.
    pub way: Way,
    /// What all of it costs, the fee included.
    pub total: Amount,
    /// For whom.
    pub name: String,
    /// A telephone number that was given.
    #[serde(default)]
    pub phone: Option<String>,
    /// What else was said.
    #[serde(default)]
    pub note: Option<String>,
    /// Where it stands.
    pub state: OrderState,
    /// Who changed it last.
    #[serde(default)]
    pub by: By,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it was changed last.
    pub changed_at: Timestamp,
}

/// One product of an order, as it was when it was ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// [`crate::Product::code`].
    pub code: String,
    /// As the customer read it.
    pub name: String,
    /// How many.
    pub quantity: Amount,
    /// What one costs.
    pub price: Amount,
}

/// How an order reaches its customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Way {
    /// The customer fetches it.
    PickUp,
    /// It is brought.
    Delivery {
        /// Where to, in the customer's words.
        place: String,
        /// What that costs.
        fee: Amount,
    },
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// The customer has ordered.
    Placed,
    /// The business is at it.
    Accepted,
    /// It is on its way, or ready to be fetched.
    Shipped,
    /// The customer has it.
    Done,
    /// It was called off, and its goods are there again.
    Cancelled,
}

impl OrderState {
    /// Whether something is still to happen.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Placed | Self::Accepted | Self::Shipped)
    }

    /// Whether it may become this by a person's hand.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        match self {
            Self::Placed | Self::Accepted | Self::Shipped => true,
            Self::Done => matches!(next, Self::Done | Self::Shipped),
            Self::Cancelled => matches!(next, Self::Cancelled),
        }
    }

    /// Whether the customer may still call it off.
    #[must_use]
    pub const fn may_be_cancelled(self) -> bool {
        matches!(self, Self::Placed | Self::Accepted)
    }

    /// Its word, as in JSON.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Accepted => "accepted",
            Self::Shipped => "shipped",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Order {
    /// What its goods cost, without the fee.
    #[must_use]
    pub fn goods(&self) -> Amount {
        sum(&self.lines)
    }

    /// How much of a product's stock it takes.
    #[must_use]
    pub fn takes(&self, code: &str) -> Amount {
        let lines = self.lines.iter().filter(|line| line.code == code);
        let counts = !matches!(self.state, OrderState::Cancelled);
        lines.filter(|_| counts).fold(Amount::NONE, |sum, line| sum.plus(line.quantity))
    }
}

pub(crate) fn sum(lines: &[OrderLine]) -> Amount {
    lines.iter().fold(Amount::NONE, |sum, line| sum.plus(line.price.times(line.quantity)))
}
