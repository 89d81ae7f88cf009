//! Who makes a change, for the audit log, and how a line is written in the same transaction as the change.

use std::fmt;

use domain::{EventId, Timestamp, UserId};
use serde_json::Value;

use crate::{StoreError, db::Tx, sql::events};

/// Who acts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Actor {
    /// The control plane by itself.
    #[default]
    System,
    /// A tenant's worker.
    Worker,
    /// Whoever has the admin password, or may open the socket in the data directory.
    Admin,
    /// A person with an account.
    User(UserId),
}

impl Actor {
    /// The person, where it is one.
    #[must_use]
    pub const fn user(self) -> Option<UserId> {
        match self {
            Self::User(id) => Some(id),
            Self::System | Self::Worker | Self::Admin => None,
        }
    }

    /// Reads the stored form; what is no word of ours is taken for a user's id, or else for the system.
    #[must_use]
    pub fn read(text: &str) -> Self {
        match text {
            "worker" => Self::Worker,
            "admin" => Self::Admin,
            id => id.parse().map_or(Self::System, Self::User),
        }
    }
}

/// The stored form: `system`, `worker`, `admin` or a user's id.
impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System => f.write_str("system"),
            Self::Worker => f.write_str("worker"),
            Self::Admin => f.write_str("admin"),
            Self::User(id) => id.fmt(f),
        }
    }
}

/// Writes a line about the transaction's tenant; it stands or falls with the transaction.
pub(crate) async fn note(
    tx: &mut Tx,
    actor: Actor,
    event_type: &str,
    payload: &Value,
    now: Timestamp,
) -> Result<EventId, StoreError> {
    let id = EventId::generate();
    let args = tx
        .args()
        .id(id)
        .opt_id(actor.user())
        .text(&actor.to_string())
        .text(event_type)
        .text(&payload.to_string())
        .time(now);
    tx.execute(&events::INSERT_OF_TENANT, args).await?;
    Ok(id)
}
