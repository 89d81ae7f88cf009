//! How long a bot answered while it was meant to, and the times when it did not.

use domain::{Condition, EndedBy, RecordId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a tenant's bot stood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct TenantUptime {
    /// The last 7, 30 and 90 days.
    pub times: Vec<Uptime>,
    /// Times in which the bot was meant to answer and did not, the newest first.
    pub incidents: Vec<Incident>,
}

/// How a time was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Uptime {
    /// How many days it is.
    pub days: u32,
    /// How much of the known time in which the bot was meant to answer it did, with two decimals, rounded down; null where it
    /// was not meant to.
    pub answering_percent: Option<f64>,
    /// It answered.
    pub up_seconds: u64,
    /// It was meant to and did not.
    pub down_seconds: u64,
    /// It was not meant to: never started or linked, stopped, or suspended.
    pub off_seconds: u64,
    /// Nobody watched: the control plane was away.
    pub unknown_seconds: u64,
}

/// A time in which a bot was meant to answer and did not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Incident {
    /// Its id.
    pub id: RecordId,
    /// What was wrong.
    pub condition: Condition,
    /// The same in a sentence.
    pub says: String,
    /// When it began.
    pub began_at: Timestamp,
    /// When it was over; null while it goes on.
    pub ended_at: Option<Timestamp>,
    /// What ended it.
    pub ended_by: Option<EndedBy>,
    /// The same in words.
    pub ended_says: Option<String>,
}
