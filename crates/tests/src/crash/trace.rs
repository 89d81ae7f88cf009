//! What the processes of a try have passed, as they wrote it down themselves.

use std::{collections::BTreeMap, path::Path};

use crash::Process;

/// One line of a trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Microseconds since 1970.
    pub(super) at: u64,
    /// The process.
    pub(super) pid: u32,
    /// A point's name, `start` or `killed`.
    pub(super) what: String,
    /// The how manieth hit in this process.
    pub(super) hit: u32,
}

/// Reads a trace; empty where nothing was written yet. A line that is being written is left out.
pub(super) fn read(run: &Path, process: Process) -> Vec<Line> {
    let path = run.join(format!("{}.trace", process.name()));
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    whole.lines().filter_map(parse).collect()
}

fn parse(line: &str) -> Option<Line> {
    let mut words = line.split(' ');
    Some(Line {
        at: words.next()?.parse().ok()?,
        pid: words.next()?.parse().ok()?,
        what: words.next()?.to_owned(),
        hit: words.next()?.parse().ok()?,
    })
}

/// The process that was started last.
pub(super) fn newest(run: &Path, process: Process) -> Option<u32> {
    read(run, process).iter().rev().find(|line| line.what == "start").map(|line| line.pid)
}

/// The points at which processes have ended themselves.
pub(super) fn ended_at(lines: &[Line]) -> impl Iterator<Item = &str> {
    let pairs = lines.windows(2).filter(|pair| pair[1].what == "killed" && pair[0].pid == pair[1].pid);
    pairs.map(|pair| pair[0].what.as_str())
}

/// How often each point was passed in the process of it that passed it most.
pub(super) fn most(lines: &[Line]) -> BTreeMap<String, u32> {
    let mut most = BTreeMap::new();
    for line in lines.iter().filter(|line| line.hit > 0 && line.what != "killed") {
        let seen: &mut u32 = most.entry(line.what.clone()).or_default();
        *seen = line.hit.max(*seen);
    }
    most
}
