//! Bookings, orders, tickets and blocked hours as a page shows them.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Record;

/// A page of one kind of records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PortalRecords)]
pub struct DeskRecords {
    /// Records of this page: bookings and blocked hours the soonest first, others the newest first.
    pub records: Vec<DeskRecord>,
    /// What `before` is on the next page; null where there is none.
    pub next: Option<String>,
}

/// A record, and how it reads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = PortalRecord)]
pub struct DeskRecord {
    /// The record.
    #[serde(flatten)]
    pub record: Record,
    /// The same as a line in the reader's language.
    pub line: RecordLine,
}

/// A record as a line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
#[schema(as = PortalRecordLine)]
pub struct RecordLine {
    /// What its state is called.
    pub state: String,
    /// The words of the states that it may be given.
    pub states: Vec<StateChoice>,
    /// The day on which it stands in the tenant's time zone, like 2026-01-31.
    pub date: String,
    /// The same as people write it.
    pub day: String,
    /// The time of day, like 14:30.
    pub time: String,
    /// For whom.
    pub who: String,
    /// That person's number.
    pub phone: String,
    /// What was booked, ordered or asked.
    pub what: String,
    /// What else is to be known.
    pub note: String,
    /// What it costs, with its currency; empty where that is not known.
    pub total: String,
}

/// A state that a record may be given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PortalStateChoice)]
pub struct StateChoice {
    /// Its word, as a change takes it.
    pub word: String,
    /// What it is called.
    pub name: String,
}
