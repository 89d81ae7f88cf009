//! The journal's rules for records, in memory: what a transaction checks before it takes a change. The simulator runs on
//! it, tests compare the journal with it.

use std::{collections::BTreeMap, fmt};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Availability, Block, Booking, Change, Numbers, Order, Record, Taken, booking::end};
use crate::{Amount, Product, Profile};

/// Why a change is not taken. The engine decides anew ([`crate::decide_again`]); a person reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Conflict {
    /// Somebody else changed it in between.
    Changed {
        /// Which record.
        reference: String,
    },
    /// There is no such record.
    Unknown {
        /// Which was meant.
        reference: String,
    },
    /// The time is not free.
    SlotTaken {
        /// When it would begin.
        at: Timestamp,
        /// Whose time it would take.
        lane: String,
    },
    /// There is less than was ordered.
    OutOfStock {
        /// [`crate::Product::code`].
        code: String,
        /// What is left.
        left: Amount,
    },
    /// Another record got the number first.
    NumberTaken {
        /// The number.
        reference: String,
    },
    /// It may not become this from where it stands.
    State {
        /// Which record.
        reference: String,
        /// Where it stands.
        from: String,
        /// What it would become.
        to: String,
    },
}

/// In the language of whoever reads it, see [`words::language`].
impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use words::records as say;
        f.write_str(&match self {
            Self::Changed { reference } => say::changed(reference),
            Self::Unknown { reference } => say::unknown(reference),
            Self::SlotTaken { at, lane: _ } => say::slot_taken(at),
            Self::OutOfStock { code, left } => say::out_of_stock(code, left),
            Self::NumberTaken { reference } => say::number_taken(reference),
            Self::State { reference, from, to } => say::state(reference, from, to),
        })
    }
}

impl std::error::Error for Conflict {}

/// All records of one tenant, with whose they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    /// By reference: the contact, where there is one, and the record.
    rows: BTreeMap<String, (Option<u64>, Record)>,
    /// What was sold of a product since it was counted: the count's number, and how much.
    sold: BTreeMap<String, (i64, Amount)>,
    /// Products with a stock, and how many there were.
    counted: BTreeMap<String, (i64, Amount)>,
    next: Numbers,
}

impl Ledger {
    /// Takes the stock of a profile over: a product that was counted anew begins anew, any other goes on.
    pub fn stock(&mut self, profile: &Profile) {
        let counted =
            |product: &Product| Some((product.code.clone(), (product.stock_counted, product.stock?)));
        self.counted = profile.catalogue.iter().filter_map(counted).collect();
        let counted = &self.counted;
        self.sold.retain(|code, (count, _)| counted.get(code).is_some_and(|(known, _)| known == count));
    }

    /// All records.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.rows.values().map(|(_, record)| record)
    }

    /// The record with this number.
    #[must_use]
    pub fn get(&self, reference: &str) -> Option<&Record> {
        self.rows.get(reference).map(|(_, record)| record)
    }

    /// What the engine is told when this contact writes.
    #[must_use]
    pub fn snapshot(&self, contact: u64) -> Availability {
        let taken = self.records().filter_map(|record| match record {
            Record::Booking(booking) if booking.state.is_open() => Some(Taken {
                lane: Some(booking.lane.clone()),
                at: booking.at,
                minutes: booking.minutes,
                reference: booking.reference.clone(),
            }),
            Record::Block(block) if !block.lifted => Some(Taken {
                lane: block.lane.clone(),
                at: block.at,
                minutes: block.minutes,
                reference: block.reference.clone(),
            }),
            _ => None,
        });
        let mine = self.rows.values().filter(|(owner, _)| *owner == Some(contact));
        let mut mine: Vec<Record> = mine.map(|(_, record)| record.clone()).collect();
        mine.sort_by_key(Record::changed_at);
        Availability {
            taken: taken.collect(),
            stock: self.counted.keys().map(|code| (code.clone(), self.left(code))).collect(),
            mine,
            next: self.next,
            switched_off: false,
        }
    }

    /// Takes a change, all of it or nothing.
    ///
    /// # Errors
    /// Where it conflicts with what is there.
    pub fn apply(&mut self, contact: Option<u64>, change: &Change) -> Result<(), Conflict> {
        let reference = change.record.reference().to_owned();
        let known = self.rows.get(&reference).map(|(owner, record)| (*owner, record.clone()));
        let before = known.as_ref().map(|(_, record)| record);
        change.follows(before)?;
        match &change.record {
            Record::Booking(booking) => self.free(booking)?,
            Record::Order(order) => self.sell(before, order)?,
            Record::Block(block) => self.may_block(block)?,
            Record::Ticket(_) => {}
        }
        if before.is_none() {
            self.count(&change.record);
        }
        let owner = known.map_or(contact, |(owner, _)| owner);
        self.rows.insert(reference, (owner, change.record.clone()));
        Ok(())
    }

    /// What is left of a product.
    #[must_use]
    pub fn left(&self, code: &str) -> Amount {
        let counted = self.counted.get(code).map_or(Amount::NONE, |(_, count)| *count);
        counted.minus(self.sold.get(code).map_or(Amount::NONE, |(_, sold)| *sold))
    }

    fn free(&self, booking: &Booking) -> Result<(), Conflict> {
        let mine = booking.reference.as_str();
        let free = self.snapshot(0).is_free(&booking.lane, booking.at, booking.minutes, Some(mine));
        if booking.state.is_open() && !free {
            return Err(Conflict::SlotTaken { at: booking.at, lane: booking.lane.clone() });
        }
        Ok(())
    }

    /// Nothing may be blocked that is booked: a person moves the bookings first.
    fn may_block(&self, block: &Block) -> Result<(), Conflict> {
        let until = end(block.at, block.minutes);
        let hit = self.records().find_map(|record| match record {
            Record::Booking(booking)
                if booking.state.is_open()
                    && block.lane.as_deref().is_none_or(|lane| lane == booking.lane)
                    && booking.at < until
                    && block.at < booking.end() =>
            {
                Some(booking)
            }
            _ => None,
        });
        match hit.filter(|_| !block.lifted) {
            Some(booking) => Err(Conflict::SlotTaken { at: booking.at, lane: booking.lane.clone() }),
            None => Ok(()),
        }
    }

    fn sell(&mut self, before: Option<&Record>, order: &Order) -> Result<(), Conflict> {
        let before = match before {
            Some(Record::Order(before)) => Some(before),
            _ => None,
        };
        let mut sold = self.sold.clone();
        let lines = order.lines.iter().chain(before.into_iter().flat_map(|before| &before.lines));
        let codes: std::collections::BTreeSet<&str> = lines.map(|line| line.code.as_str()).collect();
        for code in codes {
            let Some((count, counted)) = self.counted.get(code) else { continue };
            let gone = sold.get(code).map_or(Amount::NONE, |(_, sold)| *sold);
            let given_back = before.map_or(Amount::NONE, |before| before.takes(code));
            let wanted = order.takes(code);
            let then = gone.minus(given_back).plus(wanted);
            if then > *counted && wanted > given_back {
                return Err(Conflict::OutOfStock { code: code.to_owned(), left: self.left(code) });
            }
            sold.insert(code.to_owned(), (*count, then));
        }
        self.sold = sold;
        Ok(())
    }

    fn count(&mut self, record: &Record) {
        let next = match record {
            Record::Booking(_) => &mut self.next.booking,
            Record::Order(_) => &mut self.next.order,
            Record::Ticket(_) => &mut self.next.ticket,
            Record::Block(_) => &mut self.next.block,
        };
        let number = record.reference().rsplit('-').next().and_then(|number| number.parse::<u32>().ok());
        *next = (*next).max(number.unwrap_or_default().saturating_add(1));
    }
}

/// Whether a record may become what it is to be.
pub(super) fn lawful(before: Option<&Record>, after: &Record) -> Result<(), Conflict> {
    let refused = |from: &str, to: &str| {
        let reference = after.reference().to_owned();
        Err(Conflict::State { reference, from: from.to_owned(), to: to.to_owned() })
    };
    match (before, after) {
        (None, _) => Ok(()),
        (Some(Record::Booking(from)), Record::Booking(to)) if !from.state.may_become(to.state) => {
            refused(from.state.label(), to.state.label())
        }
        (Some(Record::Order(from)), Record::Order(to)) if !from.state.may_become(to.state) => {
            refused(from.state.label(), to.state.label())
        }
        (Some(Record::Ticket(from)), Record::Ticket(to)) if !from.state.may_become(to.state) => {
            refused(from.state.label(), to.state.label())
        }
        (Some(from), to) if std::mem::discriminant(from) != std::mem::discriminant(to) => {
            refused("another kind", "this")
        }
        _ => Ok(()),
    }
}
