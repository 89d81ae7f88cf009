//! Bookings, orders, tickets and blocked hours of the business. The bot's journal decides on each of them.

pub(super) mod change;
pub(super) mod create;
pub(super) mod list;

use api::portal::{DeskRecord, RecordLine, StateChoice};
use jiff::tz::TimeZone;
use store::StoredRecord;

use crate::{
    books::{self, Book, line::Line},
    tenants::Desk,
};

/// How records read: in the tenant's zone and currency.
pub(super) struct Lines {
    pub(super) zone: TimeZone,
    currency: String,
}

impl Lines {
    pub(super) fn of(desk: &Desk) -> Self {
        let tenant = &desk.detail.tenant;
        let zone = TimeZone::get(&tenant.timezone).unwrap_or(TimeZone::UTC);
        Self { zone, currency: tenant.currency.clone() }
    }

    pub(super) fn record(&self, stored: StoredRecord) -> DeskRecord {
        let line = Line::of(&stored, &self.zone, &self.currency);
        let state = |word: &str| StateChoice { word: word.to_owned(), name: books::state(word).to_owned() };
        let line = RecordLine {
            state: books::state(&stored.state).to_owned(),
            states: Book::of(stored.kind).states().iter().map(|word| state(word)).collect(),
            date: stored.stands_at.to_zoned_datetime(self.zone.clone()).date().to_string(),
            day: line.day,
            time: line.time,
            who: line.who,
            phone: line.phone,
            what: line.what,
            note: line.note,
            total: line.total,
        };
        DeskRecord { record: books::document(stored), line }
    }
}
