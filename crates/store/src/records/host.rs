//! Machines on which bots run, and which of them is a tenant's.

use domain::{HostOrder, HostState, PlaceStep, TenantId, Timestamp};
use serde::Serialize;

/// One row of `hosts`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HostRecord {
    /// Its name.
    pub name: String,
    /// Where it is reached: `address:port`.
    pub address: String,
    /// Grows with each start of the host; 0 where it has never answered.
    pub incarnation: i64,
    /// Its program's version, in its own words.
    pub version: String,
    /// How many tenants it takes.
    pub capacity: u64,
    /// What a person has ordered of it.
    pub ordered: HostOrder,
    /// Since when it is in its state.
    pub since: Timestamp,
    /// Since when it does not answer, where it does not.
    pub away_at: Option<Timestamp>,
    /// When it last answered; within a minute while it does.
    pub seen_at: Option<Timestamp>,
}

impl HostRecord {
    /// How it does. What a person has given up stays so, whether or not it answers.
    #[must_use]
    pub const fn state(&self) -> HostState {
        match (self.ordered, self.away_at) {
            (HostOrder::Lost, _) => HostState::Lost,
            (_, Some(_)) => HostState::Away,
            (HostOrder::Draining, None) => HostState::Draining,
            (HostOrder::Ready, None) => HostState::Ready,
        }
    }
}

/// What a host has said of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostFacts {
    /// Its name.
    pub name: String,
    /// Where it was reached.
    pub address: String,
    /// Grows with each of its starts.
    pub incarnation: i64,
    /// Its program's version.
    pub version: String,
    /// How many tenants it takes.
    pub capacity: u64,
}

/// Where a tenant's bot runs. Without a row it is this machine, version 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Whose.
    pub tenant: TenantId,
    /// The host's name; `None` is this machine.
    pub host: Option<String>,
    /// While it leaves where it goes, while it clears where something is left.
    pub other: Option<String>,
    /// How far a move is.
    pub step: PlaceStep,
    /// Grows with every step of a move.
    pub version: i64,
}
