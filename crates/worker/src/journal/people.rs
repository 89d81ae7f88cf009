//! What people enter, and what the control plane has kept: records that come down.

use domain::{ContactId, Digits, RecordKind, RecordRow, Timestamp};
use link::message::{NextNumbers, SoldSince};
use replies::{Bot, By, Change, Conflict, Record, State, timers};
use rusqlite::{Connection, params};

use super::{
    JournalError,
    contacts::{self, blob},
    conversations, due, records,
};
use crate::channel::Address;

/// A record that a person has made or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonsChange {
    /// Whose a new one is, as log rows write it.
    pub contact: Option<String>,
    /// The version that the person has seen; `None`: it is new.
    pub expects: Option<u32>,
    /// All of it; its number where it is new, its version and time are the journal's.
    pub record: Record,
}

/// Takes a person's change: the record as it now is, or why it is not taken.
pub(super) fn change(
    database: &Connection,
    bot: &Bot,
    change: &PersonsChange,
    now: Timestamp,
) -> Result<Result<RecordRow, Conflict>, JournalError> {
    let owner = match &change.contact {
        Some(label) => contacts::by_label(database, label)?.map(|(contact, _)| contact),
        None => None,
    };
    let mut record = change.record.clone();
    stamp(database, &mut record, change.expects, now)?;
    let reference = record.reference().to_owned();
    let change = Change { expects: change.expects, record };
    if let Err(conflict) = records::apply_all(database, owner, std::slice::from_ref(&change))? {
        return Ok(Err(conflict));
    }
    let owner = records::find(database, &reference)?.and_then(|(owner, _)| owner);
    if let Some(owner) = owner {
        due::keep(database, owner, &timers(bot, &change.record, now))?;
    }
    match records::row(database, &reference)? {
        Some(row) => Ok(Ok(row)),
        None => Err(JournalError::Value(format!("no record {reference}"))),
    }
}

/// Gives a person's record what is the journal's to give.
fn stamp(
    database: &Connection,
    record: &mut Record,
    expects: Option<u32>,
    now: Timestamp,
) -> Result<(), JournalError> {
    let next = records::numbers(database)?;
    let version = expects.map_or(1, |seen| seen.saturating_add(1));
    let new = |sign: &str, number: u32| expects.is_none().then(|| format!("{sign}-{number}"));
    let reference = match record {
        Record::Booking(booking) => {
            (booking.version, booking.by, booking.changed_at) = (version, By::Person, now);
            booking.made_at = if expects.is_none() { now } else { booking.made_at };
            (&mut booking.reference, new("B", next.booking))
        }
        Record::Order(order) => {
            (order.version, order.by, order.changed_at) = (version, By::Person, now);
            order.made_at = if expects.is_none() { now } else { order.made_at };
            (&mut order.reference, new("O", next.order))
        }
        Record::Ticket(ticket) => {
            (ticket.version, ticket.by, ticket.changed_at) = (version, By::Person, now);
            ticket.made_at = if expects.is_none() { now } else { ticket.made_at };
            (&mut ticket.reference, new("T", next.ticket))
        }
        Record::Block(block) => {
            (block.version, block.changed_at) = (version, now);
            block.made_at = if expects.is_none() { now } else { block.made_at };
            (&mut block.reference, new("X", next.block))
        }
    };
    if let (place, Some(reference)) = reference {
        *place = reference;
    }
    Ok(())
}

/// What the control plane has kept of a tenant's records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kept {
    /// Those that are open, and perhaps others.
    pub rows: Vec<RecordRow>,
    /// What was sold of goods that were counted at a known time.
    pub sold: Vec<SoldSince>,
    /// The numbers that new ones get, at least.
    pub next: NextNumbers,
}

/// Takes over what the control plane has kept for this tenant, before anything is booked.
pub(super) fn restore(
    database: &Connection,
    bot: Option<&Bot>,
    kept: &Kept,
    now: Timestamp,
) -> Result<(), JournalError> {
    let Kept { rows, sold, next } = kept;
    let mut open = database.prepare("SELECT reference FROM records WHERE open")?;
    let open: Vec<String> = open.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for gone in open.iter().filter(|known| !rows.iter().any(|row| row.reference == **known)) {
        records::forget(database, gone)?;
    }
    for row in rows {
        // One that another build wrote stays where it is, and is no reason to take no bookings for ever.
        let Ok(record) = serde_json::from_str::<Record>(&row.body) else {
            tracing::warn!(reference = row.reference, "a record cannot be read by this build");
            continue;
        };
        let owner = match &row.contact {
            Some(label) => contact(database, label, row.changed_at)?,
            None => None,
        };
        records::restore(database, owner, &record)?;
        if let (Some(owner), Some(bot), true) = (owner, bot, record.is_open()) {
            due::keep(database, owner, &timers(bot, &record, now))?;
        }
    }
    for product in sold {
        records::sold(database, &product.code, product.counted, product.sold)?;
    }
    for (kind, next) in [
        (RecordKind::Booking, next.booking),
        (RecordKind::Order, next.order),
        (RecordKind::Ticket, next.ticket),
        (RecordKind::Block, next.block),
    ] {
        records::at_least(database, kind, next)?;
    }
    know(database)
}

/// The journal knows the tenant's open records.
pub(super) fn know(database: &Connection) -> Result<(), JournalError> {
    database.execute("UPDATE meta SET knows_records = 1 WHERE NOT knows_records", [])?;
    Ok(())
}

/// The contact whose record was kept, who has written to the bot in another journal.
fn contact(database: &Connection, label: &str, at: Timestamp) -> Result<Option<ContactId>, JournalError> {
    let address = match label.strip_prefix("lid:") {
        Some(lid) => Address { lid: Some(lid.to_owned()), number: None },
        None => Address { lid: None, number: Digits::new(label).ok() },
    };
    let Some(found) = contacts::resolve(database, &address)? else { return Ok(None) };
    database.execute(
        "UPDATE contacts SET wrote_at = coalesce(wrote_at, ?2) WHERE id = ?1",
        params![blob(found.id), at.as_millisecond()],
    )?;
    let mut memory = conversations::read(database, found.id)?;
    if memory.version == 0 {
        memory.conversation = State { answered_at: Some(at), ..State::default() };
        conversations::write(database, found.id, &memory)?;
    }
    Ok(Some(found.id))
}
