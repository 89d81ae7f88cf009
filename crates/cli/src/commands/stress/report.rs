//! What was looked at and what was found.

use std::time::Duration;

use crate::{error::CliError, output};

/// Faults of one check that are shown.
const SHOWN: usize = 3;

/// One check.
#[derive(Debug)]
pub(super) struct Check {
    name: &'static str,
    /// How many things were looked at.
    pub(super) seen: usize,
    things: &'static str,
    faults: Vec<String>,
}

impl Check {
    pub(super) const fn new(name: &'static str) -> Self {
        Self { name, seen: 0, things: "", faults: Vec::new() }
    }

    /// Notes something that should not be.
    pub(super) fn fault(&mut self, what: String) {
        self.faults.push(what);
    }

    /// Names what was counted. A check that saw nothing has shown nothing.
    pub(super) fn of(mut self, things: &'static str) -> Self {
        self.things = things;
        if self.seen == 0 {
            self.faults.push(format!("no {things} were seen, so that nothing is shown"));
        }
        self
    }
}

/// Prints the table and the figures; an error where anything failed.
pub(super) fn print(checks: &[Check], mut times: Vec<Duration>, took: Duration) -> Result<(), CliError> {
    let rows = checks.iter().map(|check| {
        let result = if check.faults.is_empty() {
            "pass".to_owned()
        } else {
            format!("FAIL ({})", check.faults.len())
        };
        [check.name.to_owned(), result, format!("{} {}", check.seen, check.things)]
    });
    output::line(output::table(["CHECK", "RESULT", "LOOKED AT"], rows))?;
    times.sort_unstable();
    let at = |part: usize| times.get(times.len().saturating_sub(1) * part / 100).copied().unwrap_or_default();
    output::line(format_args!(
        "{} messages in {:.1} s ({:.0} a second); message to reply: median {:.0} ms, p99 {:.0} ms",
        times.len(),
        took.as_secs_f64(),
        times.len() as f64 / took.as_secs_f64().max(f64::MIN_POSITIVE),
        at(50).as_secs_f64() * 1e3,
        at(99).as_secs_f64() * 1e3,
    ))?;
    let mut failed = 0;
    for check in checks.iter().filter(|check| !check.faults.is_empty()) {
        failed += 1;
        for fault in check.faults.iter().take(SHOWN) {
            output::line(format_args!("  {}: {}", check.name, output::harmless(fault)))?;
        }
    }
    match failed {
        0 => Ok(()),
        failed => Err(CliError::Failed(format!("{failed} of {} checks failed", checks.len()))),
    }
}
