//! What a run of the attack driver says: a table, and a record in the tree.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use domain::{Clock, SystemClock};
use serde_json::{Value, json};

use super::{Outcome, Terms, Verdict};

/// Where the record of the last long run lies.
pub const RECORD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/records/attack.json");

impl Outcome {
    /// Whether no mark was missed.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.marks.iter().all(|mark| mark.verdict != Verdict::Missed)
    }

    /// The marks that were missed.
    #[must_use]
    pub fn missed(&self) -> Vec<&str> {
        let missed = self.marks.iter().filter(|mark| mark.verdict == Verdict::Missed);
        missed.map(|mark| mark.what.as_str()).collect()
    }

    /// The table.
    #[must_use]
    pub fn table(&self) -> String {
        let mut text = format!("{}\n", self.attacker.words());
        for (what, count) in &self.told {
            let _ = writeln!(text, "  {what}: {count}");
        }
        let [cold, warm] = &self.before;
        let mut row = |what: &str, of: fn(&super::Figures) -> f64| {
            let _ =
                writeln!(text, "  {what:<34} {:>9.1} {:>9.1} {:>9.1}", of(cold), of(warm), of(&self.after));
        };
        row("anonymous memory, MB: cold, warm, after", |figures| figures.anonymous_mb);
        row("own memory (PSS), MB", |figures| figures.pss_mb);
        row("descriptors", |figures| figures.descriptors as f64);
        row("threads", |figures| figures.tasks as f64);
        row("database, MB", |figures| figures.database_mb);
        row("logs, MB", |figures| figures.logs_mb);
        row("workers' directories, MB", |figures| figures.cells_mb);
        let (most, lie) = (self.peaks.anonymous_mb, &self.peaks.lie);
        let _ = writeln!(text, "  memory at most, MB: {most:.1} {lie}");
        for mark in &self.marks {
            let verdict = match mark.verdict {
                Verdict::Met => "met",
                Verdict::Missed => "MISSED",
            };
            let note = if mark.note.is_empty() { String::new() } else { format!(" ({})", mark.note) };
            let _ =
                writeln!(text, "  {verdict:<7} {}: {:.0} of {:.0}{note}", mark.what, mark.seen, mark.at_most);
        }
        text
    }
}

/// What is written down of these outcomes; what others have come to before stays.
///
/// # Errors
/// Where the file cannot be written.
pub fn record(path: &Path, terms: &Terms, outcomes: &[Outcome]) -> std::io::Result<()> {
    let known = std::fs::read_to_string(path).unwrap_or_default();
    let mut all: BTreeMap<String, Value> = serde_json::from_str(&known).unwrap_or_default();
    for outcome in outcomes {
        let told: BTreeMap<_, _> = outcome.told.iter().copied().collect();
        let [cold, warm] = &outcome.before;
        let document = json!({
            "date": SystemClock.now().to_string(),
            "commit": terms.commit,
            "build": build(terms),
            "seed": terms.seed,
            "seconds": terms.time.as_secs(),
            "machine": machine(),
            "told": told,
            "before": cold,
            "warm": warm,
            "peaks": outcome.peaks,
            "after": outcome.after,
            "marks": outcome.marks,
        });
        all.insert(outcome.attacker.name().to_owned(), document);
    }
    let text = serde_json::to_string_pretty(&all).map_err(std::io::Error::other)?;
    std::fs::write(path, text + "\n")
}

/// What the attacked binary says of itself.
fn build(terms: &Terms) -> String {
    let output = std::process::Command::new(crate::binaries::binary(terms.flavour)).arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().replace('\n', ", "));
    text.unwrap_or_default()
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    format!("{cores} cores, load {}", load.split_whitespace().take(3).collect::<Vec<_>>().join(" "))
}

/// The record as a table for docs/specification.md.
#[must_use]
pub fn summary(record: &str) -> String {
    let all: BTreeMap<String, Value> = serde_json::from_str(record).unwrap_or_default();
    if all.is_empty() {
        return "Pending.\n".to_owned();
    }
    let mut text = String::from(
        "| attacker | date | commit | seed | seconds | memory before, at most, after (MB) | neighbour: messages, lost, doubled, worst reply | marks met, missed, waiting |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    for attacker in super::Attacker::ALL {
        let Some(run) = all.get(attacker.name()) else {
            let _ = writeln!(text, "| {} | pending | | | | | | |", attacker.words());
            continue;
        };
        let marks = run["marks"].as_array().map(Vec::as_slice).unwrap_or_default();
        let count = |verdict: &str| marks.iter().filter(|mark| mark["verdict"] == verdict).count();
        let seen = |what: &str| {
            let mark = marks.iter().find(|mark| mark["what"] == what);
            mark.map_or(0.0, |mark| mark["seen"].as_f64().unwrap_or_default())
        };
        let mb = |of: &str| run[of]["anonymous_mb"].as_f64().unwrap_or_default();
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {:.1}, {:.1}, {:.1} | {}, {}, {}, {} ms | {}, {}, {} |",
            attacker.words(),
            run["date"].as_str().unwrap_or_default().get(..10).unwrap_or_default(),
            run["commit"].as_str().unwrap_or_default(),
            run["seed"],
            run["seconds"],
            mb("warm"),
            mb("peaks"),
            mb("after"),
            run["told"]["neighbour's messages"],
            seen("neighbour's messages lost"),
            seen("neighbour's replies doubled"),
            seen("neighbour's worst reply, ms"),
            count("met"),
            count("missed"),
            count("waits"),
        );
    }
    text
}
