//! The faults that the crash driver plants in the journal: at its file, at the way to its thread, and where it looks whether
//! a record may be taken.

use std::{borrow::Cow, path::Path};

use crash::Canary;
use replies::{Change, Conflict, Record};
use rusqlite::{Connection, OpenFlags, params_from_iter};
use vault::Files;

use super::{
    JournalError, records,
    thread::{Durability, Request},
};

/// Changes a journal behind its back, before it is opened. One that is not there, or that another worker has open, stays
/// as it is.
pub(crate) fn spoil(files: &Files, path: &Path, canary: Canary, generation: i64) {
    let (sql, bound) = match canary {
        Canary::NewIdAfterRestart => {
            ("UPDATE outbox SET wa_id = '3EF0' || substr(wa_id, 5) WHERE state = 'sent'", None)
        }
        // An older worker finds its own generation there.
        Canary::StaleGeneration => {
            ("UPDATE meta SET generation = ?1 WHERE generation > ?1", Some(generation))
        }
        Canary::ForgetDone => ("UPDATE due SET done = NULL", None),
        _ => return,
    };
    let spoiled = files.open(path, OpenFlags::SQLITE_OPEN_READ_WRITE).and_then(|database| {
        database.execute_batch("PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL;")?;
        database.execute(sql, params_from_iter(bound))
    });
    tracing::debug!(canary = canary.name(), ?spoiled, "a fault is planted in the journal");
}

/// A change as it is looked at: with [`Canary::SkipConflict`] a new record whose number another one has got first goes in
/// under the next.
pub(super) fn change<'a>(database: &Connection, change: &'a Change) -> Result<Cow<'a, Change>, JournalError> {
    let skipped = crash::canary(Canary::SkipConflict) && change.expects.is_none();
    if !skipped || records::find(database, change.record.reference())?.is_none() {
        return Ok(Cow::Borrowed(change));
    }
    let (next, mut change) = (records::numbers(database)?, change.clone());
    match &mut change.record {
        Record::Booking(booking) => booking.reference = format!("B-{}", next.booking),
        Record::Order(order) => order.reference = format!("O-{}", next.order),
        Record::Ticket(_) | Record::Block(_) => {}
    }
    Ok(Cow::Owned(change))
}

/// Whether a record may be taken: always, with [`Canary::SkipConflict`].
pub(super) fn taken(taken: Result<(), Conflict>) -> Result<(), Conflict> {
    if crash::canary(Canary::SkipConflict) { Ok(()) } else { taken }
}

/// A request on its way to the thread, with [`Canary::NoSync`] where that is planted.
pub(super) fn request(request: Box<dyn Request>) -> Box<dyn Request> {
    if crash::canary(Canary::NoSync) { Box::new(Unsynced(request)) } else { request }
}

/// Demands nothing of the disk.
struct Unsynced(Box<dyn Request>);

impl Request for Unsynced {
    fn durability(&self) -> Durability {
        if self.0.durability().is_read() { Durability::Read } else { Durability::Lazy }
    }

    fn run(&mut self, database: &Connection) -> Result<(), JournalError> {
        self.0.run(database)
    }

    fn before_commit(&self) {
        self.0.before_commit();
    }

    fn finish(&mut self, committed: Result<(), JournalError>) {
        self.0.finish(committed);
    }

    fn answer(self: Box<Self>, durable: Result<(), JournalError>) {
        self.0.answer(durable);
    }
}
