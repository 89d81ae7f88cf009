//! docs/assurance.md: the figures of all long runs in one place, made from what the runs have written down, so that it cannot say
//! what no run has shown. Where there is no record it says "pending", and the command that makes one.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use serde_json::Value;

use crate::crash::record::Record;

const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs");

const HEAD: &str = "# Assurance: the figures\n\n\
    Made by `just generate` from what the long runs have written down (`docs/crash-run.md`, `docs/records`, `docs/sandbox.md`); a test \
    fails where page and records differ. What is promised, and by which test, is in [specification.md](specification.md). \
    `scripts/assure` makes the records; `scripts/assure quiet` those that need a machine on which nothing else runs.\n";

/// Whatever the page is made from.
#[derive(Debug, Default)]
pub struct Sources {
    /// docs/crash-run.md.
    pub crash_run: String,
    /// The last run over all kinds of messages.
    pub kinds: Option<Record>,
    /// docs/records/assure.json.
    pub assured: String,
    /// docs/sandbox.md.
    pub sandbox: String,
}

impl Sources {
    /// Those of this tree.
    #[must_use]
    pub fn read() -> Self {
        let read = |name: &str| std::fs::read_to_string(Path::new(DOCS).join(name)).unwrap_or_default();
        Self {
            crash_run: read("crash-run.md"),
            kinds: Record::last(),
            assured: read("records/assure.json"),
            sandbox: read("sandbox.md"),
        }
    }
}

/// Writes the page.
///
/// # Errors
/// Where docs cannot be written.
pub fn write() -> std::io::Result<()> {
    std::fs::write(Path::new(DOCS).join("assurance.md"), document(&Sources::read()))
}

/// The page.
#[must_use]
pub fn document(sources: &Sources) -> String {
    let runs = Runs(serde_json::from_str(&sources.assured).unwrap_or_default());
    let mut text = String::from(HEAD);
    text.push_str(&faults(sources, &runs));
    text.push_str(&next_reply(&sources.crash_run));
    text.push_str(&runs.returned());
    text.push_str(&escapes(&sources.sandbox));
    text.push_str(&runs.costs());
    text
}

/// Records by their id.
struct Runs(BTreeMap<String, Value>);

/// What `just assure` tries: its id, in words, its command, and which figure says how often.
const KINDS: [(&str, &str, &str, &str); 8] = [
    ("R3", "a call of the disk fails, once or until it is mended", "disk", "hits"),
    ("R6", "a newer generation beside a worker that is paused", "generations", "tries"),
    ("R9", "a neighbour crash-loops, spins, fills its directory, floods", "neighbours", "madnesses"),
    ("R10", "PostgreSQL is ended and started again", "database", "restarts"),
    ("R11", "another build takes the place of the one before", "upgrade", "cycles"),
    ("Rollback", "a build with one migration fewer takes turns with this one", "rollback", "cycles"),
    ("R12", "the machine is gone, and a backup put back elsewhere", "restore", "cycles"),
    ("All", "PostgreSQL ended, workers killed, a neighbour gone mad, all at once", "together", "kills"),
];

fn faults(sources: &Sources, runs: &Runs) -> String {
    let mut text = String::from(
        "\n## Faults survived, by kind\n\n\
         | kind | how often | messages | lost | doubled | missed marks | of |\n|---|---|---|---|---|---|---|\n",
    );
    let crash = crash_rows(&sources.crash_run);
    let of =
        sources.crash_run.lines().next().unwrap_or_default().trim_end_matches('.').replace("Commit ", "");
    for cells in &crash {
        let [sort, tries, _, messages, lost, doubled, other, ..] = &cells[..] else { continue };
        let missed = findings(other);
        let _ = writeln!(
            text,
            "| `kill -9` and the like: {sort} | {tries} | {messages} | {lost} | {doubled} | {missed} | {of} |"
        );
    }
    if crash.is_empty() {
        let _ = writeln!(text, "| `kill -9` and the like | pending: `just crash-long` | | | | | |");
    }
    match &sources.kinds {
        Some(run) => {
            let Record { tries, messages, lost, doubled, other, commit, date, .. } = run;
            let missed = findings(&other.to_string());
            let _ = writeln!(
                text,
                "| kills and faults under all kinds of messages | {tries} | {messages} | {lost} | {doubled} | {missed} | {commit}, {date} |"
            );
        }
        None => text.push_str(
            "| kills and faults under all kinds of messages | pending: `just crash-kinds` | | | | | |\n",
        ),
    }
    for (id, words, command, often) in KINDS {
        text.push_str(&runs.row(id, words, command, often));
    }
    text
}

/// What was found beside what is counted apart, in words.
fn findings(other: &str) -> String {
    if other == "0" { "none".to_owned() } else { format!("{other} other findings") }
}

/// The rows of its table, but for the sum.
fn crash_rows(crash_run: &str) -> Vec<Vec<String>> {
    let rows = crash_run.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| sort"));
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    rows.map(cells).filter(|cells: &Vec<String>| cells[0] != "all").collect()
}

fn next_reply(crash_run: &str) -> String {
    let line = crash_run.lines().find(|line| line.starts_with("From kill -9"));
    let line = line.unwrap_or("Pending: `just crash-long`.");
    format!("\n## From `kill -9` to the next reply\n\n{line}\n")
}

fn escapes(sandbox: &str) -> String {
    let mut text = String::from(
        "\n## Escapes tried and refused\n\nEach is had by a process of the same user outside; in full: [sandbox.md](sandbox.md).\n\n\
         | from within | tried | refused | had |\n|---|---|---|---|\n",
    );
    for (within, heading) in
        [("a worker", "tried within a worker"), ("the control plane", "tried within the control plane")]
    {
        let table = sandbox.split_once(&format!("| {heading} |")).map(|(_, after)| after).unwrap_or_default();
        let rows = table.lines().skip(2).take_while(|line| line.starts_with('|'));
        let (had, refused): (Vec<_>, Vec<_>) = rows.partition(|line| line.ends_with("| had |"));
        let tried = had.len() + refused.len();
        if tried == 0 {
            let _ = writeln!(text, "| {within} | pending: `just generate` | | |");
        } else {
            let _ = writeln!(text, "| {within} | {tried} | {} | {} |", refused.len(), had.len());
        }
    }
    text
}

impl Runs {
    fn of(&self, id: &str) -> Option<(&Value, String)> {
        let run = self.0.get(id)?;
        let word = |name: &str| run[name].as_str().unwrap_or_default();
        let of = format!("{}, {}, seed {}, {} s", word("commit"), word("date"), run["seed"], run["seconds"]);
        Some((run, of))
    }

    fn row(&self, id: &str, words: &str, command: &str, often: &str) -> String {
        let Some((run, of)) = self.of(id) else {
            return format!("| {id}: {words} | pending: `scripts/assure {command} --record` | | | | | |\n");
        };
        let figure = |name: &str| run["found"].get(name).map_or_else(|| "–".to_owned(), Value::to_string);
        let missed: Vec<_> =
            run["missed"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let missed = if missed.is_empty() { "none".to_owned() } else { missed.join("; ") };
        format!(
            "| {id}: {words} | {} | {} | {} | {} | {missed} | {of} |\n",
            figure(often),
            figure("messages"),
            figure("lost"),
            figure("doubled"),
        )
    }

    fn returned(&self) -> String {
        let mut text = String::from("\n## All workers after WhatsApp is back\n\n");
        let Some((run, of)) = self.of("Return") else {
            return text + "Pending: `scripts/assure quiet` (500 workers).\n";
        };
        let figure = |name: &str| &run["found"][name];
        let _ = writeln!(
            text,
            "Of {} workers {} are signed in again after WhatsApp was away for {} s: the first after {} ms, half of them after {} ms, all after \
             {} ms; at most {} within one second ({of}).",
            figure("workers"),
            figure("returned"),
            figure("away_s"),
            figure("first_ms"),
            figure("median_ms"),
            figure("all_ms"),
            figure("busiest_second"),
        );
        text
    }

    fn costs(&self) -> String {
        let mut text = String::from("\n## What confinement and sealing cost\n\n");
        let Some((run, of)) = self.of("Costs") else {
            return text
                + "Pending: `scripts/assure quiet` (50 workers of each kind, by a build as it ships).\n";
        };
        let found = &run["found"];
        let build = if found["optimised"] == true { "as it ships" } else { "for development, not optimised" };
        let _ = writeln!(
            text,
            "Medians of {} workers of each kind, which wait for the word to connect; the build is one {build} ({of}).\n\n\
             | | start, ms | memory of its own, MB |\n|---|---|---|",
            found["workers"]
        );
        for (words, kind) in [
            ("neither", "without"),
            ("confined", "confined"),
            ("sealed", "sealed"),
            ("both, as it ships", "both"),
        ] {
            let _ =
                writeln!(text, "| {words} | {} | {} |", found[kind]["start_ms"], found[kind]["memory_mb"]);
        }
        let _ = writeln!(text, "| both to neither | × {} | × {} |", found["ratio"][0], found["ratio"][1]);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_run_has_shown_is_pending_with_its_command() {
        let text = document(&Sources::default());
        for command in
            ["just crash-long", "just crash-kinds", "scripts/assure quiet", "scripts/assure upgrade --record"]
        {
            assert!(text.contains(&format!("`{command}`")), "{command}: {text}");
        }
        assert!(!text.contains("| 0 |"), "a figure that nobody has seen: {text}");
    }

    #[test]
    fn what_a_run_has_missed_stands_beside_its_figures() {
        let assured = r#"{"R11": {"commit": "c", "date": "d", "seed": 7, "seconds": 9, "missed": ["1 lost"],
            "found": {"cycles": 3, "messages": 40, "lost": 1, "doubled": 0}}}"#;
        let text = document(&Sources { assured: assured.to_owned(), ..Sources::default() });
        assert!(text.contains("| 3 | 40 | 1 | 0 | 1 lost | c, d, seed 7, 9 s |"), "{text}");
    }
}
