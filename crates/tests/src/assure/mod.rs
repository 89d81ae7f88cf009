//! The assurances that take their time: many customers who write all the while, and what befalls the database, the neighbours
//! or the workers meanwhile. Each counts what was lost, doubled and not recorded; at every commit for seconds, and by
//! `just assure` for as long as its mark says, with a record.

pub mod costs;
pub mod crowd;
pub mod database;
pub mod disk;
pub mod generations;
pub mod neighbours;
pub mod promises;
pub mod record;
pub mod report;
pub mod restore;
pub mod returning;
pub mod together;
pub mod upgrade;

use std::time::Duration;

/// How a run is carried out.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// For how long.
    pub time: Duration,
    /// From which all chance is drawn.
    pub seed: u64,
}

/// Marks that were missed, in words: what there is to be none of.
fn counted(none_of: &[(&str, u64)]) -> Vec<String> {
    none_of.iter().filter(|(_, count)| *count > 0).map(|(what, count)| format!("{count} {what}")).collect()
}

/// Open files of a process.
fn descriptors(pid: u32) -> usize {
    std::fs::read_dir(format!("/proc/{pid}/fd")).map_or(0, Iterator::count)
}

/// In megabytes, rounded.
fn megabytes(bytes: u64) -> f64 {
    (bytes as f64 / 100_000.0).round() / 10.0
}
