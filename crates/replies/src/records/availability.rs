//! What the engine is told of the journal: a snapshot, which the transaction checks again.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Booking, Order, Record, Ticket, booking::end};
use crate::Amount;

/// What the journal holds when a turn is decided on. Empty: everything is free.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Availability {
    /// Time that is not free, from now to as far ahead as bookings are taken.
    pub taken: Vec<Taken>,
    /// What is left of products with a stock, by code; one that is missing here is sold out.
    pub stock: BTreeMap<String, Amount>,
    /// The contact's own records: those that are open, and the last few of those that are not, oldest first.
    pub mine: Vec<Record>,
    /// The numbers that new records get.
    pub next: Numbers,
    /// Whether the owner has switched the bot off from the phone.
    pub switched_off: bool,
}

/// Time that is not free.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Whose; `None`: everybody's.
    pub lane: Option<String>,
    /// From when.
    pub at: Timestamp,
    /// For how long.
    pub minutes: u16,
    /// The record that takes it.
    pub reference: String,
}

/// The next number of each kind of record, from 1001 on, so that a first customer is not number one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Numbers {
    /// Of bookings.
    pub booking: u32,
    /// Of orders.
    pub order: u32,
    /// Of tickets.
    pub ticket: u32,
    /// Of blocks.
    pub block: u32,
}

impl Default for Numbers {
    fn default() -> Self {
        Self { booking: 1001, order: 1001, ticket: 1001, block: 1001 }
    }
}

impl Availability {
    /// Whether a lane is free for all of this time, whatever `but` takes.
    #[must_use]
    pub fn is_free(&self, lane: &str, at: Timestamp, minutes: u16, but: Option<&str>) -> bool {
        let until = end(at, minutes);
        !self.taken.iter().any(|taken| {
            taken.lane.as_deref().is_none_or(|taken| taken == lane)
                && Some(taken.reference.as_str()) != but
                && taken.at < until
                && at < end(taken.at, taken.minutes)
        })
    }

    /// The contact's bookings that are still to come, soonest first.
    #[must_use]
    pub fn bookings(&self, now: Timestamp) -> Vec<&Booking> {
        let bookings = self.mine.iter().filter_map(|record| match record {
            Record::Booking(booking) if booking.state.is_open() && booking.end() > now => Some(booking),
            _ => None,
        });
        let mut bookings: Vec<_> = bookings.collect();
        bookings.sort_by_key(|booking| booking.at);
        bookings
    }

    /// The contact's orders, newest first.
    #[must_use]
    pub fn orders(&self) -> Vec<&Order> {
        let orders = self.mine.iter().rev();
        orders
            .filter_map(|record| if let Record::Order(order) = record { Some(order) } else { None })
            .collect()
    }

    /// The contact's tickets, newest first.
    #[must_use]
    pub fn tickets(&self) -> Vec<&Ticket> {
        let tickets = self.mine.iter().rev();
        tickets
            .filter_map(|record| if let Record::Ticket(ticket) = record { Some(ticket) } else { None })
            .collect()
    }
}
