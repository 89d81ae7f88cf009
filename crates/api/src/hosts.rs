//! Machines on which bots run, and which of them is a tenant's.

use domain::{HostState, PlaceStep, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A machine beside the control plane's on which bots run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Host {
    /// Its name.
    pub name: String,
    /// Where it is reached: `address:port`.
    pub address: String,
    /// READY takes tenants; DRAINING is emptied; AWAY does not answer, and its bots may well go on; LOST was given up by a person.
    #[schema(value_type = String, example = "READY")]
    pub state: HostState,
    /// Since when it is in that state.
    pub since: Timestamp,
    /// Why it is not used, in words, where it is not.
    pub why: Option<String>,
    /// When it last answered.
    pub last_seen_at: Option<Timestamp>,
    /// Its program's version; empty where it has never answered.
    pub version: String,
    /// Grows with each start of the host on its volume; 0 where it has never answered.
    pub incarnation: i64,
    /// How many tenants it takes.
    pub capacity: u64,
    /// How many tenants have their place there.
    pub tenants: u64,
    /// How many bots run there, as it has last said.
    pub running: Option<u64>,
    /// Free bytes on its volume, as it has last said.
    pub disk_free_bytes: Option<u64>,
    /// Whether that is less than DISK_LOW_MB says.
    pub disk_low: bool,
    /// Whether so little is free there that its bots take nothing from WhatsApp, which keeps it, until there is room.
    pub disk_short: bool,
    /// How far its bots are kept apart, in its own words.
    pub protections: Vec<String>,
}

/// What proves that the host is meant that is given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoseHost {
    /// Its name, once more.
    pub typed_name: String,
}

/// How even hosts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Evening {
    /// How many tenants it takes to be moved until hosts are even; each is away for a moment.
    pub moves: u64,
    /// While hosts are being evened out, how many are to be moved yet; else null.
    pub left: Option<u64>,
}

/// Where a tenant's bot runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Place {
    /// The host's name; null is the control plane's own machine.
    pub host: Option<String>,
    /// STAYS, or while it is moved LEAVES (nothing of it runs), and then CLEARS (what it has left behind is being removed).
    #[schema(value_type = String, example = "STAYS")]
    pub step: PlaceStep,
    /// While it leaves, where it goes; while it clears, where something of it is left. Null is the control plane's own machine.
    pub other: Option<String>,
    /// Why nothing can be begun or ended there now, in words, where that is so.
    pub waits: Option<String>,
}

/// Moves a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveTo {
    /// The name of the host that it goes to; null for the control plane's own machine.
    #[schema(required)]
    #[serde(deserialize_with = "crate::given::or_null")]
    pub host: Option<String>,
}
