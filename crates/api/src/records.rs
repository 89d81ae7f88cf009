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
