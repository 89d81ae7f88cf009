//! What was done for a tenant, and by whom.

use domain::{EventId, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What was done, the newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PortalActivities)]
pub struct Activities {
    /// Lines of this page.
    pub activities: Vec<Activity>,
    /// What `before` is on the next page; null where there is none.
    pub next: Option<String>,
}

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PortalActivity)]
pub struct Activity {
    /// Its id.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// What it was, in the reader's language.
    pub what: String,
    /// Who did it: a person's name, the operator, or the bot itself, in the reader's language.
    pub who: String,
    /// Its type, as the audit log has it.
    pub event_type: String,
}
