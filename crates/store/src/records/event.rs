//! The audit log: it only grows, and outlives tenants and users.

use domain::{EventId, EventKind, TenantId, Timestamp, UserId};
use serde::Serialize;
use serde_json::Value;

/// One row of `portal_event_logs`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PortalEvent {
    /// Its id.
    pub id: EventId,
    /// Which tenant, if any; stays when the tenant is gone.
    pub tenant_id: Option<TenantId>,
    /// Which user, if any; stays when the user is gone.
    pub user_id: Option<UserId>,
    /// Who acted: a user's id, `admin`, `system` or `worker`.
    pub actor: String,
    /// The person's name, where it is one who is known.
    pub actor_name: Option<String>,
    /// The tenant's name as it is now; none where the tenant is gone.
    pub tenant_name: Option<String>,
    /// What happened, like `TENANT_CREATED`.
    pub event_type: String,
    /// What changed, without message texts and credentials; `{"too_long": true}` where that is more than 16 KiB.
    pub payload: Value,
    /// When.
    pub created_at: Timestamp,
}

impl PortalEvent {
    /// What of it can be long, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.payload.to_string().len()
    }
}

/// An event to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    /// Which tenant, if any.
    pub tenant_id: Option<TenantId>,
    /// Which user, if any.
    pub user_id: Option<UserId>,
    /// Who acts: a user's id, `admin`, `system` or `worker`.
    pub actor: String,
    /// What happened, like `TENANT_CREATED`.
    pub event_type: &'static str,
    /// What changed, without message texts and credentials.
    pub payload: Value,
}

/// Which events a list shows; everything where nothing is set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventFilter {
    /// Only those of this tenant.
    pub tenant_id: Option<TenantId>,
    /// Only those of this type.
    pub event_type: Option<String>,
    /// Only those of this kind.
    pub kind: Option<EventKind>,
    /// Only those by this actor: a user's id, `admin`, `system` or `worker`.
    pub actor: Option<String>,
    /// Only those from this time on.
    pub since: Option<Timestamp>,
    /// Only those before this time.
    pub until: Option<Timestamp>,
}
