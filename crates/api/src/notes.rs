//! What operators note of a tenant for themselves.

use domain::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What operators note of a tenant for themselves: neither its people nor its bot are ever told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TenantNotes {
    /// By which it is found again, in order.
    pub tags: Vec<String>,
    /// The text; empty where there is none.
    pub note: String,
    /// Grows with every change of either; 0 where nothing was ever noted.
    pub version: i64,
    /// When either last changed.
    pub updated_at: Option<Timestamp>,
}

/// Takes what is noted of a tenant, in place of what stands.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutNotes {
    /// At most 12, of 1 to 32 characters each, without commas; they are kept in lower case, each once.
    #[serde(default)]
    #[schema(max_items = 12)]
    pub tags: Vec<String>,
    /// At most 4,000 characters.
    #[serde(default)]
    #[schema(max_length = 4000)]
    pub note: String,
}
