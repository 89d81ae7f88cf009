//! A time kept for a customer, and time in which nothing can be booked.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::By;
use crate::Amount;

/// Length of a cell, in minutes: bookings begin and end on its edges.
pub const CELL_MINUTES: u16 = 5;

/// The smallest piece of a lane's time: number of five-minute steps since 1970. Unique in a tenant together with its lane.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// Whose time.
    pub lane: String,
    /// Which five minutes.
    pub at: i64,
}

/// A time kept for a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booking {
    /// `B-` and a number.
    pub reference: String,
    /// From 1.
    pub version: u32,
    /// [`crate::Service::code`]; empty for a walk-in without one.
    pub service: String,
    /// The service's name as the customer read it.
    pub service_name: String,
    /// When it begins.
    pub at: Timestamp,
    /// How long it takes.
    pub minutes: u16,
    /// Whose time it takes: who does it, or a place. Two open bookings of a lane never overlap.
    pub lane: String,
    /// Who does it, where that is somebody.
    #[serde(default)]
    pub with: Option<String>,
    /// For whom.
    pub name: String,
    /// A telephone number that was given.
    #[serde(default)]
    pub phone: Option<String>,
    /// What it cost when it was booked.
    #[serde(default)]
    pub price: Option<Amount>,
    /// What else was said, such as how many people.
    #[serde(default)]
    pub note: Option<String>,
    /// Where it stands.
    pub state: BookingState,
    /// Who changed it last.
    #[serde(default)]
    pub by: By,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it was changed last.
    pub changed_at: Timestamp,
}

/// Where a booking stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BookingState {
    /// The customer is expected.
    Booked,
    /// It was called off, and its time is free again.
    Cancelled,
    /// The customer came.
    Came,
    /// The customer did not come.
    Missed,
}

impl BookingState {
    /// Whether it is still to happen.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Booked)
    }

    /// Whether it may become this by a person's hand or the bot's. Who was marked by mistake can be marked anew.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        match self {
            Self::Booked => true,
            Self::Came | Self::Missed => matches!(next, Self::Came | Self::Missed),
            Self::Cancelled => matches!(next, Self::Cancelled),
        }
    }

    /// Its word, as in JSON.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Cancelled => "cancelled",
            Self::Came => "came",
            Self::Missed => "missed",
        }
    }
}

impl Booking {
    /// When it ends.
    #[must_use]
    pub fn end(&self) -> Timestamp {
        end(self.at, self.minutes)
    }

    /// The cells that it takes while it is open: rows of a table with a unique key.
    pub fn cells(&self) -> impl Iterator<Item = Cell> {
        let open = self.state.is_open();
        cells(self.at, self.minutes).filter(move |_| open).map(|at| Cell { lane: self.lane.clone(), at })
    }
}

/// Time in which nothing can be booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// `X-` and a number.
    pub reference: String,
    /// From 1.
    pub version: u32,
    /// From when.
    pub at: Timestamp,
    /// For how long.
    pub minutes: u16,
    /// Whose time; `None`: everybody's.
    #[serde(default)]
    pub lane: Option<String>,
    /// Why.
    #[serde(default)]
    pub note: Option<String>,
    /// Whether it counts no longer.
    #[serde(default)]
    pub lifted: bool,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it was changed last.
    pub changed_at: Timestamp,
}

pub(crate) fn end(at: Timestamp, minutes: u16) -> Timestamp {
    at.checked_add(SignedDuration::from_mins(i64::from(minutes))).unwrap_or(at)
}

/// None where it takes no time.
fn cells(at: Timestamp, minutes: u16) -> impl Iterator<Item = i64> {
    let length = i64::from(CELL_MINUTES) * 60;
    let first = at.as_second().div_euclid(length);
    let last = end(at, minutes).as_second().saturating_sub(1).div_euclid(length);
    first..=last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_share_no_cell() {
        let at: Timestamp = "2026-03-02T07:00:00Z".parse().unwrap();
        let first: Vec<_> = cells(at, 30).collect();
        let second: Vec<_> = cells(end(at, 30), 30).collect();
        assert_eq!((first.len(), second.len()), (6, 6));
        assert!(first.iter().all(|cell| !second.contains(cell)));
        assert_eq!(cells(at, 0).count(), 0);
    }
}
