//! The table of docs/many-machines.md: what the last run of `scripts/test-kubernetes --record` came to, as long as that still says
//! something about the code that is here.

use std::{fmt::Write as _, process::Command};

use serde::Deserialize;
use serde_json::{Map, Value};

/// The page.
pub const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/many-machines.md");
/// The record.
pub const RECORD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/records/kubernetes.json");

const BEGIN: &str = "<!-- faults: made by `just generate` from records/kubernetes.json, do not edit -->\n";
const END: &str = "<!-- end of faults -->";
/// What the figures are of: once it changes, they are of something else.
const MEASURED: [&str; 2] = ["crates/supervisor", "crates/host"];
const PENDING: &str = "Pending: `scripts/test-kubernetes --record`";

/// One run, as the scenes write it.
#[derive(Debug, Deserialize)]
pub struct Record {
    /// The day of the run.
    pub date: String,
    /// The commit that was run, with `-dirty` behind it where the tree was not committed.
    pub commit: String,
    kubernetes: String,
    nodes: u64,
    /// 0: one pod that runs everything.
    hosts: u64,
    tenants: u64,
    rows: Vec<Row>,
    total: Total,
    missed: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Row {
    words: String,
    bots: Option<u64>,
    messages: Option<u64>,
    next_reply_median_ms: Option<u64>,
    next_reply_worst_ms: Option<u64>,
    longest_wait_ms: Option<u64>,
    lost: Option<u64>,
    doubled: Option<u64>,
    #[serde(flatten)]
    besides: Map<String, Value>,
}

#[derive(Debug, Deserialize)]
struct Total {
    messages: u64,
    lost: u64,
    doubled: u64,
    /// Under an id that had come before. Not counted apart by runs of before 30 November 2026.
    repeated: Option<u64>,
}

impl Record {
    /// The last one that was written down, if any.
    ///
    /// # Errors
    /// Where there is a file that is no record.
    pub fn last() -> Result<Option<Self>, serde_json::Error> {
        std::fs::read_to_string(RECORD).ok().map(|text| serde_json::from_str(&text)).transpose()
    }

    /// Whether the commit that was run can be looked at: a copy of the tree without its history has none.
    #[must_use]
    pub fn is_known(&self) -> bool {
        git(&["cat-file", "-e", &format!("{}^{{commit}}", self.commit.trim_end_matches("-dirty"))])
    }

    /// Why it says nothing about the code that is here, if so.
    #[must_use]
    pub fn is_of_something_else(&self) -> Option<String> {
        let commit = self.commit.as_str();
        if commit.ends_with("-dirty") {
            return Some(format!("the last run was of a tree that is in no commit ({commit})"));
        }
        if !git(&["merge-base", "--is-ancestor", commit, "HEAD"]) {
            return Some(format!("the last run was of {commit}, which this version does not come from"));
        }
        let unchanged = git(&[&["diff", "--quiet", commit, "--"], &MEASURED[..]].concat());
        (!unchanged)
            .then(|| format!("{} have changed since the last run, of {commit}", MEASURED.join(" or ")))
    }
}

fn git(arguments: &[&str]) -> bool {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    Command::new("git").arg("-C").arg(root).args(arguments).output().is_ok_and(|done| done.status.success())
}

/// The page with the table of this record, or with the word that it is pending.
///
/// # Errors
/// Where the page has no place for it.
pub fn page(text: &str, record: Option<&Record>) -> Result<String, &'static str> {
    let no_place = "docs/many-machines.md has no place for the table of faults";
    let (before, rest) = text.split_once(BEGIN).ok_or(no_place)?;
    let (_, after) = rest.split_once(END).ok_or(no_place)?;
    Ok(format!("{before}{BEGIN}{}{END}{after}", faults(record)))
}

fn faults(record: Option<&Record>) -> String {
    let Some(record) = record else { return format!("{PENDING}.\n") };
    let Some(why) = record.is_of_something_else() else { return table(record) };
    format!("{PENDING}; {why}.\n")
}

fn table(record: &Record) -> String {
    let hosts = match record.hosts {
        0 => "one pod that runs everything (`hosts.replicas: 0`)".to_owned(),
        hosts => format!("{hosts} hosts at the beginning"),
    };
    let mut text = format!(
        "{} on {} nodes, {hosts}, {} tenants, on {}, commit `{}`.\n\n",
        record.kubernetes, record.nodes, record.tenants, record.date, record.commit
    );
    text += "| what | bots that it hits | messages | to the next reply, median (worst), ms | longest wait of a message, ms | lost | doubled | besides |\n";
    text += "|---|---|---|---|---|---|---|---|\n";
    for row in &record.rows {
        let next = match (row.next_reply_median_ms, row.next_reply_worst_ms) {
            (Some(median), Some(worst)) => format!("{median} ({worst})"),
            _ => "–".to_owned(),
        };
        let [bots, messages, longest, lost, doubled] =
            [row.bots, row.messages, row.longest_wait_ms, row.lost, row.doubled]
                .map(|count| count.map_or_else(|| "–".to_owned(), |count| count.to_string()));
        let besides = row.besides.iter().filter(|(name, _)| *name != "scene");
        let besides: Vec<_> = besides.map(|(name, value)| said(name, value)).collect();
        let _ = writeln!(
            text,
            "| {} | {bots} | {messages} | {next} | {longest} | {lost} | {doubled} | {} |",
            row.words,
            besides.join(", ")
        );
    }
    let Total { messages, lost, doubled, repeated } = &record.total;
    let _ = write!(text, "\nIn all {messages} messages: {lost} lost, {doubled} doubled.");
    if let Some(repeated) = repeated {
        let _ = write!(
            text,
            " {repeated} came again under an id that had come before, of which a phone shows one: what has left when a process ends or a \
             disk fills, and is not marked yet, leaves once more."
        );
    }
    text.push('\n');
    for missed in &record.missed {
        let _ = writeln!(text, "\n**Missed: {missed}.**");
    }
    text
}

/// A figure with its name, whose end is its unit: `ready_s` is a time in seconds.
fn said(name: &str, value: &Value) -> String {
    let (name, unit) = match name.rsplit_once('_') {
        Some((name, unit @ ("s" | "ms"))) => (name, format!(" {unit}")),
        _ => (name, String::new()),
    };
    format!("{} {}{unit}", name.replace('_', " "), plain(value))
}

/// A value without the marks of JSON.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(plain).collect::<Vec<_>>().join(" and "),
        Value::Object(all) => {
            all.iter().map(|(name, value)| format!("{name}: {}", plain(value))).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(commit: &str) -> Record {
        let text = serde_json::json!({
            "date": "2026-01-02", "commit": commit, "kubernetes": "Kubernetes v1.37.2", "flowhq": "flowhq 0.1.0", "nodes": 2, "hosts": 0, "tenants": 6,
            "rows": [
                { "scene": "install", "words": "the chart is installed", "ready_s": 20 },
                { "scene": "drain", "words": "drain of a node", "bots": 3, "messages": 100, "next_reply_median_ms": 900, "next_reply_worst_ms": 1200,
                  "longest_wait_ms": 1500, "lost": 0, "doubled": 0, "on": { "a": 3 } },
            ],
            "total": { "messages": 200, "lost": 0, "doubled": 1, "repeated": 2 }, "missed": ["drain: a bot was silent"],
        });
        serde_json::from_value(text).unwrap()
    }

    #[test]
    fn the_table_has_each_scene_and_says_what_was_missed() {
        let table = table(&record("abc"));
        assert!(table.contains("| the chart is installed | – | – | – | – | – | – | ready 20 s |"), "{table}");
        assert!(
            table.contains("| drain of a node | 3 | 100 | 900 (1200) | 1500 | 0 | 0 | on a: 3 |"),
            "{table}"
        );
        assert!(
            table.contains("200 messages: 0 lost, 1 doubled. 2 came again")
                && table.contains("**Missed: drain: a bot was silent.**"),
            "{table}"
        );
    }

    #[test]
    fn what_is_of_another_code_is_pending() {
        let of = |commit: &str| faults(Some(&record(commit)));
        assert!(faults(None).starts_with(PENDING));
        assert!(of("0123456789ab-dirty").contains("is in no commit"), "{}", of("0123456789ab-dirty"));
        assert!(of("0123456789ab").contains("does not come from"), "{}", of("0123456789ab"));
    }

    #[test]
    fn a_page_keeps_all_but_its_table() {
        let text = format!("# One\n{BEGIN}old\n{END}\n# Two\n");
        assert_eq!(page(&text, None).unwrap(), format!("# One\n{BEGIN}{PENDING}.\n{END}\n# Two\n"));
        assert!(page("# One\n", None).is_err());
    }
}
