//! The audit log.

use domain::{EventId, TenantId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A line of the audit log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// Which tenant, if any; stays when the tenant is gone.
    pub tenant_id: Option<TenantId>,
    /// Who acted: a user's id, `admin`, `system` or `worker`.
    pub actor: String,
    /// The person's name, where it is one who is known.
    pub actor_name: Option<String>,
    /// The tenant's name as it is now; none where the tenant is gone.
    pub tenant_name: Option<String>,
    /// What happened, like `TENANT_CREATED`.
    pub event_type: String,
    /// What changed, each field as `{"from", "to"}`, or other details.
    pub payload: serde_json::Value,
    /// When.
    pub created_at: Timestamp,
}
