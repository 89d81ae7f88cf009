//! Tenants that move between installations.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A move key, with which one tenant may come.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MoveKey {
    /// What the other installation is given. It seals the tenant on its way: keep it like a password.
    pub move_key: String,
}

/// Leaves the move key out.
impl std::fmt::Debug for MoveKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MoveKey")
    }
}

/// Moves a tenant out.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveOut {
    /// The move key of the installation that it goes to.
    pub move_key: String,
}

/// Leaves the move key out.
impl std::fmt::Debug for MoveOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MoveOut")
    }
}

/// A tenant that was moved out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MovedOut {
    /// The file with all of it, on the control plane's machine.
    pub file: String,
    /// The file's bytes.
    pub bytes: u64,
}

/// Takes a tenant in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveIn {
    /// The name of the file in the folder `moves` of the data directory.
    pub file: String,
}
