//! Bookings, orders and tickets.

use domain::{RecordKind, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A booking, an order, a ticket or blocked time, as the bot's journal has decided it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Record {
    /// Its number as people say it, such as `B-1004`.
    pub reference: String,
    /// What it is.
    pub kind: RecordKind,
    /// Whose it is, as in the log; nobody's for a walk-in.
    pub contact: Option<String>,
    /// Grows with every change of it.
    pub version: i64,
    /// Whether something is still to happen with it.
    pub open: bool,
    /// Where it stands, by its word.
    pub state: String,
    /// When a booking or blocked time begins, when an order or a ticket was made.
    pub stands_at: Timestamp,
    /// When it was changed last.
    pub changed_at: Timestamp,
    /// All of it: name, service and minutes of a booking, lines and total of an order, text of a ticket.
    #[schema(value_type = Object)]
    pub record: Value,
}

/// A booking by hand, such as of a walk-in, or time in which nothing can be booked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({
    "kind": "booking", "day": "2026-11-28", "time": "14:30", "minutes": 60, "name": "Asha"
}))]
#[serde(default, deny_unknown_fields)]
pub struct NewRecord {
    /// `booking` or `block`; a booking where it is left out.
    pub kind: Option<String>,
    /// The day in the tenant's time zone, like 2026-01-31.
    #[schema(required)]
    pub day: String,
    /// The time of day, like 14:30, in steps of five minutes.
    #[schema(required)]
    pub time: String,
    /// How long, in steps of five; that of the service, or of a slot, where it is left out.
    #[serde(deserialize_with = "crate::given::number")]
    #[schema(minimum = 5, maximum = 1_440)]
    pub minutes: Option<u32>,
    /// For whom, 1 to 60 characters; a booking needs it.
    pub name: Option<String>,
    /// A telephone number.
    pub phone: Option<String>,
    /// The code of a service.
    pub service: Option<String>,
    /// Who does it, or whose time is blocked; everybody's where it is left out.
    pub with: Option<String>,
    /// What else is to be known, at most 200 characters.
    pub note: Option<String>,
}

/// What becomes of a record. What is left out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(example = json!({ "version": 1, "state": "came" }))]
#[serde(default, deny_unknown_fields)]
pub struct ChangeRecord {
    /// The version that was looked at.
    #[serde(deserialize_with = "crate::given::number")]
    #[schema(required)]
    pub version: Option<u32>,
    /// Where it is to stand, by its word: of a booking booked, came, missed or cancelled; of an order placed, accepted,
    /// shipped, done or cancelled; of a ticket open, in_work, solved or cancelled; of blocked time blocked or lifted.
    pub state: Option<String>,
    /// Another day of a booking or of blocked time.
    pub day: Option<String>,
    /// Another time of day.
    pub time: Option<String>,
    /// Another length, in minutes.
    #[serde(deserialize_with = "crate::given::number")]
    pub minutes: Option<u32>,
    /// For whom.
    pub name: Option<String>,
    /// A telephone number; empty takes it away.
    pub phone: Option<String>,
    /// What else is to be known; empty takes it away.
    pub note: Option<String>,
}
