//! What a run of the driver says: a table, and a folder for each failure.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    path::{Path, PathBuf},
};

use super::{Counts, Finding, Kind, Outcome, Plan, generate::Sort};

/// The sums of one sort of tries.
#[derive(Debug, Default, Clone)]
pub struct Tally {
    /// Tries that were carried out.
    pub tries: u64,
    /// Kills at points, besides those at instants.
    pub stops: u64,
    /// Messages that customers wrote.
    pub messages: u64,
    /// What is counted and is no finding.
    pub counts: Counts,
    /// Tries in which something was shown to be false.
    pub failed: u64,
    /// Findings by kind.
    pub findings: BTreeMap<Kind, u64>,
    /// Damages that were looked at besides those that were lived through.
    pub damages: u64,
}

impl Tally {
    fn absorb(&mut self, other: &Self) {
        self.tries += other.tries;
        self.stops += other.stops;
        self.messages += other.messages;
        self.failed += other.failed;
        self.damages += other.damages;
        self.counts += other.counts;
        for (kind, count) in &other.findings {
            *self.findings.entry(*kind).or_default() += count;
        }
    }

    /// Findings of a kind.
    #[must_use]
    pub fn of(&self, kind: Kind) -> u64 {
        self.findings.get(&kind).copied().unwrap_or_default()
    }

    /// Findings that are neither lost nor doubled messages.
    #[must_use]
    pub fn other(&self) -> u64 {
        let other = self.findings.iter().filter(|(kind, _)| !matches!(kind, Kind::Lost | Kind::Doubled));
        other.map(|(_, count)| count).sum()
    }
}

/// Sums of a whole run.
#[derive(Debug, Default, Clone)]
pub struct Report {
    /// By sort.
    pub tallies: BTreeMap<Sort, Tally>,
    /// From each kill of a worker to the next reply, in milliseconds.
    pub recoveries: Vec<u64>,
    /// What was sent, by what it was.
    pub kinds: BTreeMap<String, u64>,
    /// The highest hit of each point that was seen.
    pub passed: BTreeMap<String, u32>,
    /// Points whose enumeration has come to an end.
    pub enumerated: usize,
}

impl Report {
    /// Adds a try.
    pub fn add(&mut self, sort: Sort, outcome: &Outcome) {
        let tally = self.tallies.entry(sort).or_default();
        tally.tries += 1;
        tally.stops += outcome.stopped as u64;
        tally.messages += outcome.messages;
        tally.counts += outcome.counts;
        tally.damages += outcome.damages;
        tally.failed += u64::from(!outcome.findings.is_empty());
        for finding in &outcome.findings {
            *tally.findings.entry(finding.kind).or_default() += 1;
        }
        for (kind, count) in &outcome.kinds {
            *self.kinds.entry(kind.clone()).or_default() += count;
        }
        self.recoveries.extend(&outcome.recoveries);
        for (point, hit) in &outcome.passed {
            let most = self.passed.entry(point.clone()).or_default();
            *most = (*most).max(*hit);
        }
    }

    /// Adds what another run came to.
    pub fn absorb(&mut self, other: Self) {
        for (sort, tally) in other.tallies {
            let ours = self.tallies.entry(sort).or_default();
            ours.absorb(&tally);
        }
        self.recoveries.extend(other.recoveries);
        for (kind, count) in other.kinds {
            *self.kinds.entry(kind).or_default() += count;
        }
        for (point, hit) in other.passed {
            let most = self.passed.entry(point).or_default();
            *most = (*most).max(hit);
        }
        self.enumerated += other.enumerated;
    }

    /// Tries with findings.
    #[must_use]
    pub fn failed(&self) -> u64 {
        self.tallies.values().map(|tally| tally.failed).sum()
    }

    /// All sorts together.
    #[must_use]
    pub fn sum(&self) -> Tally {
        let mut all = Tally::default();
        self.tallies.values().for_each(|tally| all.absorb(tally));
        all
    }

    /// The table.
    #[must_use]
    pub fn table(&self) -> String {
        let mut text = String::from(
            "| sort | tries | kills at points | messages | turns answered | lost | doubled | other | sent again under its \
             id | never readable | forgotten by a kill |\n\
             |---|---|---|---|---|---|---|---|---|---|---|\n",
        );
        for (sort, tally) in &self.tallies {
            row(&mut text, sort.words(), tally);
        }
        let all = self.sum();
        row(&mut text, "all", &all);
        let mut times = self.recoveries.clone();
        times.sort_unstable();
        if let (Some(median), Some(worst)) = (times.get(times.len() / 2), times.last()) {
            let _ = writeln!(
                text,
                "\nFrom kill -9 of a worker that left somebody waiting to the next reply: median {median} ms, worst \
                 {worst} ms, of {}.",
                times.len()
            );
        }
        if all.damages > 0 {
            let _ = writeln!(text, "\nDamages looked at besides those lived through: {}.", all.damages);
        }
        let _ = writeln!(
            text,
            "\nBookings, orders and blocked hours: {}; reminders: {}.",
            all.counts.records, all.counts.reminders
        );
        let _ = writeln!(text, "\nKinds of messages: {}.", self.kinds.len());
        let _ = writeln!(
            text,
            "\nPoints: {} of {} reached, {} enumerated until a run without a hit.",
            self.passed.keys().filter(|name| crash::POINTS.iter().any(|point| point.name == *name)).count(),
            crash::POINTS.len(),
            self.enumerated
        );
        text
    }
}

fn row(text: &mut String, name: &str, tally: &Tally) {
    let _ = writeln!(
        text,
        "| {name} | {} | {} | {} | {} | {} | {} | {} | {} | {} | {} |",
        tally.tries,
        tally.stops,
        tally.messages,
        tally.counts.turns,
        tally.of(Kind::Lost),
        tally.of(Kind::Doubled),
        tally.other(),
        tally.counts.repeated,
        tally.counts.unread,
        tally.counts.forgotten
    );
}

/// Writes down all that another person needs to see a failure again; where.
pub fn failure(out: &Path, plan: &Plan, shortest: &Plan, findings: &[Finding], kept: &Path) -> PathBuf {
    let name =
        if plan.seed > 0 { format!("seed-{}", plan.seed) } else { plan.name().replace([' ', ':', ','], "-") };
    let folder = out.join(name);
    let _ = std::fs::create_dir_all(&folder);
    let json = |plan: &Plan| serde_json::to_string_pretty(plan).unwrap_or_default();
    let _ = std::fs::write(folder.join("plan.json"), json(plan));
    let _ = std::fs::write(folder.join("shortest.json"), json(shortest));
    let mut text = format!("commit {}\nseed {}\nplan: {}\n\n", commit(), plan.seed, plan.name());
    findings.iter().for_each(|finding| text.push_str(&format!("{finding}\n")));
    text.push_str(&format!(
        "\nAgain: just crash --plan {0}/plan.json\nThe shortest: just crash --plan {0}/shortest.json\n",
        folder.display()
    ));
    let _ = std::fs::write(folder.join("findings.txt"), text);
    let _ = super::base::copy(kept, &folder.join("state"));
    folder
}

/// The commit of this tree, where it is one; `-dirty` where anything differs from it but `docs`, which runs write themselves.
#[must_use]
pub fn commit() -> String {
    let git = |arguments: &[&str]| {
        let mut command = std::process::Command::new("git");
        command.args(arguments).current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).output().ok()
    };
    let text = git(&["rev-parse", "--short=12", "HEAD"]).filter(|output| output.status.success());
    let Some(text) = text else { return "unknown".to_owned() };
    let same = git(&["diff", "--quiet", "HEAD", "--", ".", ":(exclude)docs"]);
    let dirty = if same.is_some_and(|output| output.status.success()) { "" } else { "-dirty" };
    format!("{}{dirty}", String::from_utf8_lossy(&text.stdout).trim())
}
