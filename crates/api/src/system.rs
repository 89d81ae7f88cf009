//! How the control plane is doing.

use domain::TenantId;
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
    /// Free space beneath DATA_DIR, in bytes.
    pub disk_free_bytes: Option<u64>,
    /// All space there.
    pub disk_total_bytes: Option<u64>,
    /// Memory of the control plane itself (RSS), in bytes.
    pub memory_bytes: Option<u64>,
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
    /// When the last backup was made; null: backups are not set up.
    pub backups: Option<String>,
    /// The settings in force, secrets masked.
    pub settings: Vec<InForce>,
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

/// A setting in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InForce {
    /// Its environment variable.
    pub name: String,
    /// Its value, masked where it is a secret; null where it is not set.
    pub value: Option<String>,
}
