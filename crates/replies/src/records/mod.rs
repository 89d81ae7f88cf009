//! What answers leave behind: bookings, orders, tickets and blocked hours. The journal decides on each change
//! ([`Ledger::apply`] says how), rows go up the link, and what people enter comes down as the same [`Change`].

mod availability;
mod booking;
mod ledger;
mod order;
mod ticket;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use availability::{Availability, Numbers, Taken};
pub(crate) use booking::end;
pub use booking::{Block, Booking, BookingState, CELL_MINUTES, Cell};
pub use ledger::{Conflict, Ledger};
pub(crate) use order::sum;
pub use order::{Order, OrderLine, OrderState, Way};
pub use ticket::{Ticket, TicketState};

/// Who made or changed a record last.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The bot, for the contact that wrote.
    #[default]
    Bot,
    /// A person, on a page.
    Person,
}

/// One record. As JSON the record with `kind` beside its fields. To whom it belongs stands beside it in the journal's row:
/// a walk-in belongs to nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Record {
    /// A time kept for a customer.
    Booking(Booking),
    /// Goods to be sent or fetched.
    Order(Order),
    /// Something that a person has to solve.
    Ticket(Ticket),
    /// Time in which nothing can be booked.
    Block(Block),
}

/// A record as it is to be from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The version that whoever changes it has seen; `None`: it is new. [`Record::version`] is one more.
    #[serde(default)]
    pub expects: Option<u32>,
    /// All of the record.
    pub record: Record,
}

impl Record {
    /// Its number as people say it, such as `B-1004`: unique in a tenant, never given twice.
    #[must_use]
    pub fn reference(&self) -> &str {
        match self {
            Self::Booking(booking) => &booking.reference,
            Self::Order(order) => &order.reference,
            Self::Ticket(ticket) => &ticket.reference,
            Self::Block(block) => &block.reference,
        }
    }

    /// Grows by one with every change, from 1.
    #[must_use]
    pub const fn version(&self) -> u32 {
        match self {
            Self::Booking(booking) => booking.version,
            Self::Order(order) => order.version,
            Self::Ticket(ticket) => ticket.version,
            Self::Block(block) => block.version,
        }
    }

    /// Whether something is still to happen with it: an open one is kept whatever retention says, and comes down again
    /// when a journal is made anew.
    #[must_use]
    pub fn is_open(&self) -> bool {
        match self {
            Self::Booking(booking) => booking.state.is_open(),
            Self::Order(order) => order.state.is_open(),
            Self::Ticket(ticket) => ticket.state.is_open(),
            Self::Block(block) => !block.lifted,
        }
    }

    /// When it was changed last.
    #[must_use]
    pub const fn changed_at(&self) -> Timestamp {
        match self {
            Self::Booking(booking) => booking.changed_at,
            Self::Order(order) => order.changed_at,
            Self::Ticket(ticket) => ticket.changed_at,
            Self::Block(block) => block.changed_at,
        }
    }
}

impl Change {
    /// A record that was not there.
    #[must_use]
    pub const fn new(record: Record) -> Self {
        Self { expects: None, record }
    }

    /// A record that was there, as it is to be: its version is still the one that was seen.
    #[must_use]
    pub fn of(mut record: Record) -> Self {
        let version = match &mut record {
            Record::Booking(booking) => &mut booking.version,
            Record::Order(order) => &mut order.version,
            Record::Ticket(ticket) => &mut ticket.version,
            Record::Block(block) => &mut block.version,
        };
        let seen = *version;
        *version = seen.saturating_add(1);
        Self { expects: Some(seen), record }
    }

    /// Whether it is a lawful change of what is there: made on what whoever makes it has seen, and to a state that it may
    /// come to. Whether its time and goods are free is the journal's to say.
    ///
    /// # Errors
    /// Where it is not.
    pub fn follows(&self, before: Option<&Record>) -> Result<(), Conflict> {
        let reference = || self.record.reference().to_owned();
        match (before, self.expects) {
            (None, Some(_)) => return Err(Conflict::Unknown { reference: reference() }),
            (Some(_), None) => return Err(Conflict::NumberTaken { reference: reference() }),
            (Some(record), Some(expects)) if record.version() != expects => {
                return Err(Conflict::Changed { reference: reference() });
            }
            _ => {}
        }
        ledger::lawful(before, &self.record)
    }
}
