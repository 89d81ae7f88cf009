//! `docs/records/assure.json`: what the last long run of each assurance came to. The specification is made from it.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use domain::{Clock as _, SystemClock};
use serde::Serialize;
use serde_json::{Value, json};

use super::Terms;

/// The file.
pub const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/records/assure.json");

/// Writes down what one assurance came to; what others have come to before stays.
///
/// # Errors
/// Where the file cannot be written.
pub fn put(
    path: &Path,
    id: &str,
    commit: &str,
    terms: &Terms,
    found: &impl Serialize,
    missed: &[String],
) -> std::io::Result<()> {
    let known = std::fs::read_to_string(path).unwrap_or_default();
    let mut all: BTreeMap<String, Value> = serde_json::from_str(&known).unwrap_or_default();
    let document = json!({
        "date": SystemClock.now().strftime("%Y-%m-%d").to_string(),
        "commit": commit,
        "seed": terms.seed,
        "seconds": terms.time.as_secs(),
        "missed": missed,
        "found": found,
    });
    all.insert(id.to_owned(), document);
    let text = serde_json::to_string_pretty(&all).map_err(std::io::Error::other)?;
    std::fs::write(path, text + "\n")
}

/// The assurances of which there is a long run.
pub const IDS: [&str; 10] = ["R3", "R6", "R9", "R10", "R11", "Rollback", "R12", "All", "Return", "Costs"];

/// The records as a table for docs/specification.md.
#[must_use]
pub fn summary(record: &str) -> String {
    let all: BTreeMap<String, Value> = serde_json::from_str(record).unwrap_or_default();
    let mut text = String::from(
        "| | date | commit | seed | seconds | found | missed |\n|---|---|---|---|---|---|---|\n",
    );
    for id in IDS {
        let Some(run) = all.get(id) else {
            let _ = writeln!(text, "| {id} | pending | | | | | |");
            continue;
        };
        let word = |name: &str| run[name].as_str().unwrap_or_default().to_owned();
        let found = run["found"].as_object().into_iter().flatten();
        let found: Vec<_> =
            found.map(|(what, value)| format!("{} {value}", what.replace('_', " "))).collect();
        let missed = run["missed"].as_array().map_or(0, Vec::len);
        let missed = if missed == 0 { "nothing".to_owned() } else { format!("{}", run["missed"]) };
        let _ = writeln!(
            text,
            "| {id} | {} | {} | {} | {} | {} | {missed} |",
            word("date"),
            word("commit"),
            run["seed"],
            run["seconds"],
            found.join(", "),
        );
    }
    text
}
