//! A worker's own log, as an operator reads it: the end of it, bounded in bytes and lines, made harmless line by line. A worker
//! is hostile, so whatever stands in it is its word, and never more than text.

pub(crate) mod card;
mod clean;
pub(crate) mod download;
mod line;
pub(crate) mod show;

use domain::Severity;
use web::Problem;

use crate::{error::Answer, tenants::TenantCall};
use line::read;

/// What is read of a log's end, in bytes.
const MOST_BYTES: u64 = 1024 * 1024;

/// The level that was asked for; what happens where none was.
fn severity(level: Option<&str>) -> Result<Severity, Problem> {
    match level.filter(|level| !level.is_empty()) {
        None => Ok(Severity::default()),
        Some(level) => level.parse().map_err(|_| Problem::invalid_field("level", words::worker_log::level())),
    }
}

/// Reads the last lines down to a level, so many of them at most; from a place on where one is named.
async fn tail(
    call: &TenantCall,
    down_to: Severity,
    most: usize,
    after: Option<u64>,
) -> Answer<api::WorkerLog> {
    let found = match call.app.supervisor.worker_log(call.id(), MOST_BYTES, after).await {
        Err(supervisor::Error::Files(error)) => {
            tracing::warn!(%error, tenant = %call.id(), "a worker's log could not be read");
            return Err(Problem::new(web::Kind::Unavailable, words::worker_log::unreadable()).into());
        }
        found => found?,
    };
    let Some(found) = found else {
        return Ok(api::WorkerLog {
            state: api::WorkerLogState::None,
            lines: Vec::new(),
            more: false,
            next: after.unwrap_or(0),
        });
    };
    let (whole, rest) = match found.text.iter().rposition(|byte| *byte == b'\n') {
        Some(at) => found.text.split_at(at + 1),
        None => (&[][..], found.text.as_slice()),
    };
    let (lines, left_out) = read(&String::from_utf8_lossy(whole), down_to, most);
    Ok(api::WorkerLog {
        state: if found.rotating { api::WorkerLogState::Rotating } else { api::WorkerLogState::There },
        lines,
        more: found.more || left_out,
        // What is still being written is read once it is whole.
        next: found.end.saturating_sub(rest.len() as u64),
    })
}

/// A line as a terminal and a file have it.
fn written(line: &api::WorkerLogLine) -> String {
    let at = line.at.map(|at| format!("{at} ")).unwrap_or_default();
    let level =
        line.level.map(|level| format!("{:<5} ", level.to_string().to_uppercase())).unwrap_or_default();
    format!("{at}{level}{}\n", line.text)
}
