//! Connections that fail: the how manieth to somebody, once or until it is lifted, as a run's file says.

use std::{
    fs::OpenOptions,
    io::{self, ErrorKind, Write as _},
    path::Path,
    sync::{Mutex, PoisonError},
};

use crate::{LIFTED_CONNECTS, Peer};

/// Connections of this process to the one that the plan names, since it was laid.
static MADE: Mutex<u32> = Mutex::new(0);

/// Fails where the run has planned it: called just before a connection is made. Each that fails leaves a line in
/// `PROCESS.unconnected`.
///
/// # Errors
/// What is planned: refused, timeout, or no descriptor left (EMFILE).
pub fn connects(to: Peer) -> io::Result<()> {
    match crate::armed::run_and_process() {
        Some((run, process)) => planned(&run, process, to),
        None => Ok(()),
    }
}

fn planned(run: &Path, process: &'static str, to: Peer) -> io::Result<()> {
    let Ok(plan) = std::fs::read_to_string(run.join(format!("{process}.connects"))) else { return Ok(()) };
    // "whatsapp refused 2 once"
    let words: Vec<_> = plan.split_whitespace().collect();
    let [whom, how, nth, lasts] = words[..] else { return Ok(()) };
    if whom != to.name() {
        return Ok(());
    }
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    *made += 1;
    let nth: u32 = nth.parse().unwrap_or(u32::MAX);
    let is_due = if lasts == "lasting" { *made >= nth } else { *made == nth };
    if !is_due || run.join(LIFTED_CONNECTS).exists() {
        return Ok(());
    }
    let note = OpenOptions::new().create(true).append(true).open(run.join(format!("{process}.unconnected")));
    note.and_then(|mut note| writeln!(note, "{whom} {how} {made}"))?;
    Err(match how {
        "refused" => ErrorKind::ConnectionRefused.into(),
        "timeout" => ErrorKind::TimedOut.into(),
        _ => rustix::io::Errno::MFILE.into(),
    })
}
