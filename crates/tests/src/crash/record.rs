//! `docs/records/crash-kinds.json`: what the last run over all kinds found. The specification is made from it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Kind, report::Report, sending::Sending};

/// The file.
pub const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/records/crash-kinds.json");

/// A run over all kinds, written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The day, like `2026-11-28`.
    pub date: String,
    /// The commit that was tried.
    pub commit: String,
    /// The first seed; further ones count up from it.
    pub seed: u64,
    /// For how long tries were begun, in seconds.
    pub seconds: u64,
    /// Tries.
    pub tries: u64,
    /// Tries in which something was shown to be false.
    pub failed: u64,
    /// Processes that were ended at a point.
    pub kills_at_points: u64,
    /// Messages that customers sent.
    pub messages: u64,
    /// Turns that were answered: one list of replies each.
    pub turns: u64,
    /// Messages that were acknowledged and have no outcome, no answer, or are nowhere.
    pub lost: u64,
    /// Second ids, second rows, second requests.
    pub doubled: u64,
    /// Everything else that was shown to be false.
    pub other: u64,
    /// Replies that went out again under their id, which phones show once.
    pub repeated: u64,
    /// Messages that no device can read.
    pub never_readable: u64,
    /// Messages that no device can read, or not said to the business itself, that a kill made it forget.
    pub forgotten_by_a_kill: u64,
    /// What was sent, by what it was.
    pub kinds: BTreeMap<String, u64>,
}

impl Record {
    /// What a report says, of a run of a commit on a day.
    #[must_use]
    pub fn of(report: &Report, date: String, commit: String, seed: u64, seconds: u64) -> Self {
        let all = report.sum();
        Self {
            date,
            commit,
            seed,
            seconds,
            tries: all.tries,
            failed: all.failed,
            kills_at_points: all.stops,
            messages: all.messages,
            turns: all.counts.turns,
            lost: all.of(Kind::Lost),
            doubled: all.of(Kind::Doubled),
            other: all.other(),
            repeated: all.counts.repeated,
            never_readable: all.counts.unread,
            forgotten_by_a_kill: all.counts.forgotten,
            kinds: report.kinds.clone(),
        }
    }

    /// Reads the one that stands in the tree.
    #[must_use]
    pub fn last() -> Option<Self> {
        serde_json::from_str(&std::fs::read_to_string(PATH).ok()?).ok()
    }

    /// What is drawn from and was never sent.
    #[must_use]
    pub fn unsent(&self) -> Vec<String> {
        let all = Sending::all().iter().map(Sending::name);
        all.filter(|name| !self.kinds.contains_key(name)).collect()
    }

    /// The part of the specification that it makes.
    #[must_use]
    pub fn words(&self) -> String {
        let Self { date, commit, seed, seconds, tries, messages, turns, .. } = self;
        format!(
            "{date}, commit {commit}, seeds from {seed}, {seconds} s: {tries} tries with {} kinds of messages, {messages} \
             messages in {turns} answered turns; {} lost, {} doubled, {} other findings; {} replies sent again under their \
             id; {} messages that no device can read; {} of these, and of what was said elsewhere than to the business, \
             forgotten by a kill.\n",
            self.kinds.len(),
            self.lost,
            self.doubled,
            self.other,
            self.repeated,
            self.never_readable,
            self.forgotten_by_a_kill
        )
    }
}
