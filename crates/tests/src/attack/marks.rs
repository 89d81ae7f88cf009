//! What must hold afterwards, with its number.

use std::time::Duration;

use serde::Serialize;

use super::{
    Attacker,
    measure::{Figures, Peaks},
    neighbour::{Heard, millis},
    rightful::Done,
    stage::Stage,
};

/// What became of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It held.
    Met,
    /// It did not.
    Missed,
}

/// A mark, and what was seen.
#[derive(Debug, Clone, Serialize)]
pub struct Mark {
    /// What must hold.
    pub what: String,
    /// The number.
    pub at_most: f64,
    /// What was seen.
    pub seen: f64,
    /// Whether it held.
    pub verdict: Verdict,
    /// More about what was seen.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// All marks of one attack.
#[derive(Debug, Default)]
pub(super) struct Marks(Vec<(String, f64, f64, String)>, Vec<Mark>);

impl Marks {
    /// At most so much.
    pub(super) fn at_most(&mut self, what: impl Into<String>, most: f64, seen: f64, note: impl Into<String>) {
        self.0.push((what.into(), most, seen, note.into()));
    }

    /// Never.
    pub(super) fn never(&mut self, what: impl Into<String>, seen: u64, note: impl Into<String>) {
        self.at_most(what, 0.0, seen as f64, note);
    }

    /// A control: it must have happened at least once, or the denials beside it mean nothing.
    pub(super) fn control(&mut self, what: impl Into<String>, seen: u64) {
        let missing = if seen == 0 { 1.0 } else { 0.0 };
        self.at_most(format!("the control: {}", what.into()), 0.0, missing, format!("{seen} times"));
    }

    /// Guesses that were looked at, of so many: no more than places in eight seconds allow, see `accounts::line`. A place is
    /// taken at the first guess, before it costs eight seconds: some are quicker at the beginning.
    pub(super) fn guesses(&mut self, places: f64, time: Duration, looked_at: u64, of: impl Into<String>) {
        let rounds = time.as_secs_f64() / 8.0;
        self.at_most("guesses looked at", (places * (rounds + 4.0)).ceil(), looked_at as f64, of);
    }

    /// What the liar has written into its log, before its tenant is deleted.
    pub(super) fn liars_log(&mut self, now: &Figures) {
        self.at_most("the liar's log, MB", LIARS_LOG_MB, now.liars_log_mb, "");
    }

    /// How far the liar has filled its directory before it was ended.
    pub(super) fn liars_cell(&mut self, peaks: &Peaks) {
        // The control: it is stopped by its share, and by nothing before that.
        let filled = peaks.liars_cell_mb > CELL_SHARE_MB;
        self.control("the liar's directory has outgrown its share", u64::from(filled));
        self.at_most("the liar's own directory at most, MB", LIARS_CELL_MB, peaks.liars_cell_mb, "");
    }

    fn judge(&mut self) {
        for (what, at_most, seen, note) in self.0.drain(..) {
            let verdict = if seen <= at_most { Verdict::Met } else { Verdict::Missed };
            self.1.push(Mark { what, at_most, seen, verdict, note });
        }
    }
}

impl From<Marks> for Vec<Mark> {
    fn from(marks: Marks) -> Self {
        marks.1
    }
}

/// Memory that may stay, beside what was there before, in MB.
const MEMORY_STAYS_MB: f64 = 10.0;
/// The same beside a control plane that nobody has asked anything yet: caches, threads, and what two passwords at once are
/// compared in.
const MEMORY_COMES_MB: f64 = 80.0;
/// Memory that may be taken meanwhile, beside what was there before, in MB.
const MEMORY_MEANWHILE_MB: f64 = 150.0;
/// What the rightful operator's own rows and lines may take, with what of an attack is written down.
const DISK_MB: f64 = 16.0;
/// What a message of the neighbour's customers with its reply takes of the database, and of its worker's directory.
const MESSAGE_MB: f64 = 0.002;
/// What one tenant's worker may put into the database that all share: its share for long, `supervisor::Shares`, with what
/// rows take beside their texts.
const SHARE_MB: f64 = 80.0;
const SHARE_MB_A_SECOND: f64 = 0.02;
/// The log of a tenant's worker with its older ones: six files of 10 MB, cut as they are written, and what is read at once.
const LIARS_LOG_MB: f64 = 62.0;
/// A worker's own directory: what the stage sets, and what is written at the liar's pace until the supervisor has looked again
/// and the worker has ended (2 s, and what a busy machine takes). It tries 2,000 MB.
const LIARS_CELL_MB: f64 = CELL_SHARE_MB + 600.0;
/// What the stage lets a worker's directory hold.
const CELL_SHARE_MB: f64 = 60.0;
/// The longest a customer of the neighbour's waits for a reply.
const REPLY_MS: f64 = 5_000.0;
/// The longest the rightful operator waits for an answer, and to be let in.
const ANSWER_MS: f64 = 10_000.0;

#[expect(clippy::too_many_arguments, reason = "everything that was seen, in one place")]
pub(super) fn hold(
    marks: &mut Marks,
    attacker: Attacker,
    stage: &Stage,
    [cold, warm]: [&Figures; 2],
    peaks: &Peaks,
    after: &Figures,
    neighbour: &Heard,
    rightful: &Done,
    seconds: u64,
) {
    let more = |after: f64, before: f64| (after - before).max(0.0);
    // What a control plane allocates once is not all there after a few seconds.
    let stays = if seconds < 60 { MEMORY_COMES_MB } else { MEMORY_STAYS_MB };
    marks.at_most(
        "memory that stays, MB more than before",
        stays,
        more(after.anonymous_mb, warm.anonymous_mb),
        format!("{:.1} before, {:.1} after", warm.anonymous_mb, after.anonymous_mb),
    );
    marks.at_most(
        "memory that stays, MB more than before anybody came",
        MEMORY_COMES_MB,
        more(after.anonymous_mb, cold.anonymous_mb),
        format!("{:.1} before, {:.1} after", cold.anonymous_mb, after.anonymous_mb),
    );
    marks.at_most(
        "memory meanwhile, MB more than before",
        MEMORY_MEANWHILE_MB,
        more(peaks.anonymous_mb, warm.anonymous_mb),
        format!("{:.1} at most", peaks.anonymous_mb),
    );
    let share = match attacker {
        Attacker::Worker => SHARE_MB + SHARE_MB_A_SECOND * seconds as f64,
        Attacker::Stranger | Attacker::Operator => 0.0,
    };
    let own = MESSAGE_MB * neighbour.messages as f64;
    marks.at_most(
        "the database, MB more than before",
        DISK_MB + own + share,
        more(after.database_mb, cold.database_mb),
        format!("{:.1} before, {:.1} after", cold.database_mb, after.database_mb),
    );
    marks.at_most("logs, MB more than before", DISK_MB, more(after.logs_mb, cold.logs_mb), "");
    marks.at_most(
        "other workers' directories, MB more than before",
        DISK_MB + own,
        more(after.cells_mb, cold.cells_mb),
        "",
    );
    marks.at_most(
        "descriptors more than before",
        16.0,
        more(after.descriptors as f64, warm.descriptors as f64),
        "",
    );
    marks.at_most("threads more than before", 16.0, more(after.tasks as f64, warm.tasks as f64), "");
    marks.never("processes left", after.processes as u64, "");
    marks.at_most(
        "series in /metrics more than before",
        24.0,
        more(after.series as f64, warm.series as f64),
        "",
    );
    let log = std::fs::read_to_string(stage.place.data().join("logs/control-plane.log")).unwrap_or_default();
    let first = u64::from(!log.contains("the control plane answers"));
    marks.never("earlier lines of the log that are gone", first, "");

    marks.control("the neighbour's messages", neighbour.messages);
    marks.never("neighbour's messages lost", neighbour.lost, "");
    marks.never("neighbour's replies doubled", neighbour.doubled, "");
    marks.never("neighbour's rows missing from the log", neighbour.unrecorded, "");
    marks.at_most("neighbour's worst reply, ms", REPLY_MS, millis(neighbour.worst) as f64, "");
    marks.never("neighbour's worker restarted", u64::from(!neighbour.same_worker), "");
    marks.never("neighbour's number lost", u64::from(!neighbour.linked), "");

    marks.control(
        "the rightful operator's requests",
        rightful.requests - rightful.requests.min(rightful.failures),
    );
    marks.never("rightful operator's requests failed", rightful.failures, rightful.failed.join("; "));
    marks.at_most("rightful operator's worst answer, ms", ANSWER_MS, millis(rightful.worst) as f64, "");
    marks.control("the rightful operator signs in anew", rightful.sign_ins);
    marks.at_most(
        "rightful operator's slowest sign-in, ms",
        ANSWER_MS,
        millis(rightful.sign_in_worst) as f64,
        format!("{} times", rightful.sign_ins),
    );
    marks.never("/readyz not ready", rightful.unready, "");
    marks.judge();
}
