//! What a worker said on standard output and error.

use domain::{Severity, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The end of a worker's log, the newest line last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkerLog {
    /// Whether there is a log.
    pub state: WorkerLogState,
    /// What it says, down to the level that was asked for.
    pub lines: Vec<WorkerLogLine>,
    /// Whether there is more before these, which is kept on the machine.
    pub more: bool,
    /// What to ask for as `after` for what comes next.
    pub next: u64,
}

/// Whether there is a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WorkerLogState {
    /// There is one.
    There,
    /// There is none: the worker was never started here, or has said nothing.
    None,
    /// It was being cut to its size while it was read, so that lines may be missing: ask again.
    Rotating,
}

/// One line of a worker's log, without secrets: of numbers the last three digits are left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WorkerLogLine {
    /// When it was said, by the worker's clock; null of what is no line of the worker's own, like the system's last words.
    pub at: Option<Timestamp>,
    /// How grave it is; null likewise.
    pub level: Option<Severity>,
    /// What it says.
    pub text: String,
}
