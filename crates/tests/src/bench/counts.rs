//! Counts that no machine changes, held against bounds that are kept in the repository: what a message takes of the kernel and
//! the disk, what an idle worker has for itself, what a page asks the database. They are those of the build that tests use.

use std::{collections::BTreeMap, fmt::Write as _, fs};

use serde::{Deserialize, Serialize};

use super::calls::Calls;

/// The bounds.
pub const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/counts.json");

/// Calls whose number is the scheduler's business: who waits for whom is another matter at every run.
const CHANCE: [&str; 8] = [
    "futex",
    "epoll_wait",
    "epoll_pwait",
    "epoll_pwait2",
    "sched_yield",
    "restart_syscall",
    "madvise",
    "clock_nanosleep",
];

/// What is held, and by how much it may be more.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bound {
    /// What was counted when the bound was made.
    pub count: f64,
    /// By how many hundredths more may be counted.
    pub percent: f64,
}

/// Bounds by what is counted.
pub type Bounds = BTreeMap<String, Bound>;

/// Calls without those that are chance.
#[must_use]
pub fn calls_without_chance(calls: &Calls) -> u64 {
    calls.0.iter().filter(|(name, _)| !CHANCE.contains(&name.as_str())).map(|(_, count)| count).sum()
}

/// The bounds of the repository; none where there are none.
#[must_use]
pub fn bounds() -> Bounds {
    fs::read_to_string(PATH).ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}

/// What is wrong, each with by how much: nothing where all is within its bound.
#[must_use]
pub fn beyond(bounds: &Bounds, counted: &[(&str, f64)]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (what, count) in counted {
        let Some(bound) = bounds.get(*what) else {
            wrong.push(format!("{what}: {count} counted, and no bound"));
            continue;
        };
        if *count > bound.count * (1.0 + bound.percent / 100.0) {
            let more = (count / bound.count - 1.0) * 100.0;
            wrong.push(format!(
                "{what}: {count} counted, {more:.0} % more than {} (at most {} % more)",
                bound.count, bound.percent
            ));
        }
    }
    let missing = bounds.keys().filter(|what| !counted.iter().any(|(name, _)| name == what));
    wrong.extend(missing.map(|what| format!("{what}: has a bound and was not counted")));
    wrong
}

/// Makes what was counted the bounds; margins stay.
///
/// # Errors
/// Where the file cannot be written.
pub fn renew(counted: &[(&str, f64)]) -> std::io::Result<()> {
    let known = bounds();
    let margin = |what: &str| known.get(what).map_or(10.0, |bound| bound.percent);
    let mut text = "{\n".to_owned();
    for (place, (what, count)) in counted.iter().enumerate() {
        let comma = if place + 1 < counted.len() { "," } else { "" };
        let count = (count * 100.0).round() / 100.0;
        let _ = writeln!(text, "  {what:?}: {{ \"count\": {count}, \"percent\": {} }}{comma}", margin(what));
    }
    fs::write(PATH, text + "}\n")
}

#[cfg(test)]
mod tests {
    use super::{Bound, Bounds, beyond};

    #[test]
    fn what_is_beyond_its_bound_is_named_with_by_how_much() {
        let bounds = Bounds::from([
            ("syncs".to_owned(), Bound { count: 4.0, percent: 10.0 }),
            ("rows".to_owned(), Bound { count: 1.0, percent: 0.0 }),
        ]);
        assert_eq!(beyond(&bounds, &[("syncs", 4.4), ("rows", 1.0)]), Vec::<String>::new());
        let wrong = beyond(&bounds, &[("syncs", 5.0), ("new", 1.0)]);
        assert_eq!(wrong[0], "syncs: 5 counted, 25 % more than 4 (at most 10 % more)");
        assert_eq!(wrong.len(), 3, "{wrong:?}");
    }
}
