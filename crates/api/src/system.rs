//! How the control plane is doing.

use domain::{TenantId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How the control plane is doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct System {
    /// As `flowhq --version` says it.
    pub version: String,
    /// The engine.
    pub database: String,
    /// How long the database took to answer; null where it did not.
    pub database_ms: Option<u64>,
    /// Whether the database can be read and takes no changes: its disk is full or fails, or it may only be read.
    #[serde(default)]
    pub database_unwritable: bool,
    /// Free space beneath DATA_DIR, in bytes.
    pub disk_free_bytes: Option<u64>,
    /// All space there.
    pub disk_total_bytes: Option<u64>,
    /// Memory of the control plane itself (RSS), in bytes.
    pub memory_bytes: Option<u64>,
    /// By how much WhatsApp's clock is ahead of this machine's, in milliseconds: the worst that a running bot's last login told.
    #[serde(default)]
    pub clock_behind_ms: Option<i64>,
    /// How far workers are kept apart.
    #[serde(default)]
    pub protection: Protection,
    /// Tenants by status.
    pub tenants: Vec<Counted>,
    /// Workers by status.
    pub workers: Vec<Counted>,
    /// Memory of all workers together (PSS) at their last heartbeats.
    pub worker_memory_bytes: u64,
    /// Inbound messages without an outcome, of all workers.
    pub queued: u64,
    /// Replies that WhatsApp has not acknowledged.
    pub unsent: u64,
    /// Log rows not yet recorded here.
    pub unlogged: u64,
    /// The tenants with most in their queues.
    pub busiest: Vec<Busy>,
    /// Tenants in ERROR, newest first.
    pub failing: Vec<Failing>,
    /// Tenants that need a person, in the order of the list, ten at most.
    #[serde(default)]
    pub needing: Vec<Needing>,
    /// What all bots got and sent; null where there was more than could be counted in time.
    #[serde(default)]
    pub traffic: Option<Traffic>,
    /// When the last backup was made; null: backups are not set up.
    pub backups: Option<String>,
    /// What is wrong with backups, in a sentence; null where nothing is.
    #[serde(default)]
    pub backup_trouble: Option<String>,
    /// The ways by which alerts are sent: email, webhook, ntfy.
    #[serde(default)]
    pub alert_channels: Vec<String>,
    /// What became of the last alerts, newest first.
    #[serde(default)]
    pub alerts: Vec<AlertDelivered>,
    /// The settings in force, secrets masked.
    pub settings: Vec<InForce>,
}

/// How far workers are kept apart, and the control plane from what is none of its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Protection {
    /// What CONFINEMENT says: full, best-effort or off.
    pub wanted: String,
    /// How far the control plane has confined itself: full, partial or off; null where it does not say.
    #[serde(default)]
    pub control_plane: Option<String>,
    /// What this system does not offer, in words.
    pub missing: Vec<String>,
    /// The users that tenants' workers run as, one for each; null where all run as one.
    pub users: Option<String>,
    /// Why all run as one.
    pub no_users: Option<String>,
    /// The share of one core that a worker is held to which takes the processors from the others, such as "10 %"; null where that
    /// cannot be done.
    #[serde(default)]
    pub throttle: Option<String>,
    /// Why that cannot be.
    #[serde(default)]
    pub no_throttle: Option<String>,
    /// Running workers that have confined themselves in full.
    pub full: u64,
    /// In part.
    pub partial: u64,
    /// Not at all.
    pub off: u64,
    /// Running workers that have not said so: those of an earlier version, and those that have just started.
    pub unknown: u64,
}

/// A count by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Counted {
    /// Of what.
    pub name: String,
    /// How many.
    pub count: u64,
}

/// A tenant with something in its queues.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Busy {
    /// Its id.
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// Inbound messages without an outcome.
    pub queued: u64,
    /// Replies not acknowledged.
    pub unsent: u64,
}

/// A tenant in ERROR.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Failing {
    /// Its id.
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// Why.
    pub last_error: Option<String>,
}

/// A tenant that needs a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Needing {
    /// Its id.
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// How its bot does.
    pub health: crate::Health,
}

/// What all bots together got and sent. Counted anew every five minutes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Traffic {
    /// Each of the last 24 hours, the oldest first.
    pub hours: Vec<TrafficStep>,
    /// Each of the last 30 days (UTC), the oldest first.
    pub days: Vec<TrafficStep>,
}

/// What came and went within one step of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TrafficStep {
    /// When it began.
    pub from: Timestamp,
    /// Messages of customers.
    pub received: u64,
    /// Replies, those by hand among them.
    pub sent: u64,
    /// The time that half of the replies took no longer than, in milliseconds; null where nobody was answered, and for days.
    pub reply_ms: Option<u64>,
}

/// A setting in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InForce {
    /// Its environment variable.
    pub name: String,
    /// Its value, masked where it is a secret; null where it is not set.
    pub value: Option<String>,
    /// Whether it is another than the default.
    #[serde(default)]
    pub changed: bool,
}

/// What became of an alert by one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AlertDelivered {
    /// When it was last tried.
    pub at: Timestamp,
    /// By which way: email, webhook or ntfy.
    pub channel: String,
    /// What it says: raised, cleared or test.
    pub kind: String,
    /// What is, or was, wrong with whom.
    pub title: String,
    /// How the last try went: sent, failed (it is tried again) or given-up.
    pub result: String,
    /// Why it was not taken.
    pub detail: Option<String>,
    /// How often it was tried.
    pub tries: u64,
}

/// How a test by one way of alerting went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AlertTested {
    /// By which way: email, webhook or ntfy.
    pub channel: String,
    /// Whether it was taken.
    pub sent: bool,
    /// The same in words, with why it was not.
    pub said: String,
}

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BackedUp {
    /// Its file on the control plane's machine.
    pub file: String,
    /// The file's bytes.
    pub bytes: u64,
    /// Tenants whose journals are in it.
    pub journals: u64,
    /// What should be in it and is not, each in a sentence.
    pub left_out: Vec<String>,
}
