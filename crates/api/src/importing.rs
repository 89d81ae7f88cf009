//! Tenants out of a table.

use domain::TenantId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What became of a table of tenants, or what would.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Imported {
    /// Whether it was looked at alone: then nothing was changed.
    pub dry_run: bool,
    /// New tenants.
    pub made: usize,
    /// Tenants that are otherwise than before.
    pub changed: usize,
    /// Tenants that are as the table says already.
    pub same: usize,
    /// Rows with which nothing was done.
    pub refused: usize,
    /// Row by row, in the order of the table.
    pub rows: Vec<ImportedRow>,
}

/// One row of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportedRow {
    /// The line of the file at which it begins; the heading is line 1.
    pub line: u64,
    /// Which tenant: of a new one only once it is made.
    pub id: Option<TenantId>,
    /// Its name; empty where the same import was sent before, of which no names are kept.
    pub name: String,
    /// What becomes of it.
    pub outcome: ImportOutcome,
    /// What a tenant that is there is changed in; told by a dry run alone.
    pub changes: Vec<ImportChange>,
    /// What is wrong with it.
    pub problems: Vec<ImportProblem>,
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ImportOutcome {
    /// A new tenant.
    Made,
    /// A tenant that is there is changed.
    Changed,
    /// A tenant that is there is so already.
    Same,
    /// Nothing, see its problems.
    Refused,
}

/// One field that is changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportChange {
    /// The column.
    pub column: String,
    /// What stands, its beginning where it is long.
    pub from: String,
    /// What the table says, its beginning where it is long.
    pub to: String,
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportProblem {
    /// The column at fault, where it is one.
    pub column: Option<String>,
    /// What is wrong, and what to write.
    pub detail: String,
}
