//! One action on many tenants.

use domain::{RecordId, TenantId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::UpdateTenant;

/// Takes an action on many tenants.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ManyTenants {
    /// What is done to each.
    pub action: BulkAction,
    /// To which.
    #[schema(min_items = 1, max_items = 500)]
    pub ids: Vec<TenantId>,
    /// Why, where tenants are suspended: 1 to 2,000 characters that the owners read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What is changed, where tenants are configured. A name or a number is a tenant's own and none of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<UpdateTenant>,
}

/// What can be done to many tenants at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BulkAction {
    /// Start the workers.
    Start,
    /// Stop the workers.
    Stop,
    /// Restart the workers.
    Restart,
    /// Suspend the tenants.
    Suspend,
    /// Change their configuration.
    Configure,
}

/// How far an action on many tenants is.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Progress {
    /// Its id.
    pub id: RecordId,
    /// What is done.
    pub action: BulkAction,
    /// To how many.
    pub total: usize,
    /// How many are done, those that failed among them.
    pub done: usize,
    /// Those that failed.
    pub failed: Vec<FailedAction>,
}

/// A tenant on which an action failed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FailedAction {
    /// Which.
    pub tenant: TenantId,
    /// Its name; its id where it is gone.
    pub name: String,
    /// Why.
    pub error: String,
}
