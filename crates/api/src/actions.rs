//! One action on many tenants.

use domain::{RecordId, TenantId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Takes an action on many tenants.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ManyTenants {
    /// What is done to each.
    pub action: BulkAction,
    /// To which.
    #[schema(min_items = 1, max_items = 500)]
    pub ids: Vec<TenantId>,
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
    /// Why.
    pub error: String,
}
