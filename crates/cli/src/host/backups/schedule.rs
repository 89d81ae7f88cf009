//! When backups are made by themselves, and what is wrong with them. Knows neither files nor tasks; the time comes from outside.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use alerts::BackupTrouble;
use domain::Timestamp;
use serde::{Deserialize, Serialize};

/// How soon one that failed is tried again.
const AGAIN: Duration = Duration::from_secs(3_600);
/// How much later than it should be one may come before somebody is told: a long one, a try or two that failed.
const GRACE: Duration = Duration::from_secs(2 * 3_600);

/// When they are made.
#[derive(Debug)]
pub(super) struct Schedule {
    every: Duration,
    /// Since when this control plane could have made one.
    since: Timestamp,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// When the last one was begun that is there.
    last: Option<Timestamp>,
    not_before: Option<Timestamp>,
    not_given_before: Option<Timestamp>,
    standing: Standing,
}

/// What outlives a control plane: what was wrong is wrong until it is mended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Standing {
    failed: Option<(Timestamp, String)>,
    /// The last one that was made lacks these.
    #[serde(default)]
    lacks: Option<(Timestamp, Vec<String>)>,
    waiting: Option<Waiting>,
}

/// A backup that BACKUP_COMMAND has yet to take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Waiting {
    name: String,
    at: Timestamp,
    /// Why it did not, where it was asked.
    why: Option<String>,
}

impl Schedule {
    /// One each `every`; none where that is nothing.
    pub(super) fn new(every: Duration, since: Timestamp) -> Self {
        Self { every, since, state: Mutex::default() }
    }

    /// The same after what was known before; `gives`: there is a command that takes them.
    pub(super) fn after(self, mut standing: Standing, gives: bool) -> Self {
        standing.waiting = standing.waiting.filter(|_| gives);
        if let Some(waiting) = &mut standing.waiting {
            waiting.why.get_or_insert_with(|| "flowhq serve has ended meanwhile".to_owned());
        }
        self.with(|state| state.standing = standing);
        self
    }

    pub(super) fn standing(&self) -> Standing {
        self.with(|state| state.standing.clone())
    }

    pub(super) fn last(&self) -> Option<Timestamp> {
        self.with(|state| state.last)
    }

    /// The last one that is there.
    pub(super) fn found(&self, last: Option<Timestamp>) {
        self.with(|state| state.last = last);
    }

    pub(super) const fn is_off(&self) -> bool {
        self.every.is_zero()
    }

    fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether one is to be made now. Then no other is for an hour, whatever becomes of it.
    pub(super) fn begins(&self, now: Timestamp) -> bool {
        if self.is_off() {
            return false;
        }
        self.with(|state| {
            let last = state.last.unwrap_or(Timestamp::MIN);
            let due = after(last, self.every).max(state.not_before.unwrap_or(Timestamp::MIN));
            // A clock that was set back makes none for ever.
            if now < due && last <= now {
                return false;
            }
            state.not_before = Some(after(now, AGAIN));
            true
        })
    }

    /// How the try of `now` went: what the one that was made lacks, or why there is none.
    pub(super) fn tried(&self, now: Timestamp, made: Result<&[String], &str>) {
        self.with(|state| {
            state.standing.failed = made.err().map(|why| (now, why.to_owned()));
            // One that was not made tells nothing of the one before.
            if let Ok(left_out) = made {
                state.last = Some(now);
                state.standing.lacks = (!left_out.is_empty()).then(|| (now, left_out.to_vec()));
            }
        });
    }

    /// This one is to be given to BACKUP_COMMAND, and none before it any more.
    pub(super) fn waits(&self, now: Timestamp, name: &str) {
        self.with(|state| {
            state.standing.waiting = Some(Waiting { name: name.to_owned(), at: now, why: None });
            state.not_given_before = None;
        });
    }

    /// The name of the one that is to be given now; again only after an hour.
    pub(super) fn to_give(&self, now: Timestamp) -> Option<String> {
        self.with(|state| {
            let waiting = state.standing.waiting.as_ref()?;
            if state.not_given_before.is_some_and(|not_before| now < not_before) {
                return None;
            }
            state.not_given_before = Some(after(now, AGAIN));
            Some(waiting.name.clone())
        })
    }

    /// How BACKUP_COMMAND took it.
    pub(super) fn given(&self, now: Timestamp, failed: Option<&str>) {
        self.with(|state| match (&mut state.standing.waiting, failed) {
            (Some(waiting), Some(why)) => (waiting.at, waiting.why) = (now, Some(why.to_owned())),
            (waiting, _) => *waiting = None,
        });
    }

    /// What is wrong, the gravest alone.
    pub(super) fn trouble(&self, now: Timestamp) -> Option<BackupTrouble> {
        let (Standing { failed, lacks, waiting }, last) =
            self.with(|state| (state.standing.clone(), state.last));
        if let Some((at, why)) = failed {
            return Some(BackupTrouble::Failed { at, why });
        }
        let wanted = after(last.unwrap_or(Timestamp::MIN), self.every).max(self.since);
        if !self.is_off() && now > after(wanted, GRACE) {
            return Some(BackupTrouble::Overdue { last });
        }
        if let Some((at, what)) = lacks {
            return Some(BackupTrouble::Lacks { at, what });
        }
        let waiting = waiting?;
        waiting.why.map(|why| BackupTrouble::NotGiven { at: waiting.at, why })
    }
}

fn after(at: Timestamp, time: Duration) -> Timestamp {
    at.checked_add(time).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(1_767_225_600 + hour * 3_600).unwrap()
    }

    #[test]
    fn one_is_made_each_time_the_hours_are_over_and_tried_again_after_an_hour_where_it_failed() {
        let schedule = Schedule::new(Duration::from_secs(6 * 3_600), at(0));
        let begins = |now: i64, last: Option<i64>| {
            schedule.found(last.map(at));
            schedule.begins(at(now))
        };
        assert!(begins(0, None), "there is none yet");
        assert!(!begins(0, None), "it is being made");
        // It failed: an hour later, and each hour again.
        assert!(begins(1, None) && begins(2, None));
        let made: Vec<_> = (3..=24)
            .scan(Some(2), |last, hour| {
                let begins = begins(hour, *last);
                if begins {
                    *last = Some(hour);
                }
                Some((hour, begins))
            })
            .filter_map(|(hour, begins)| begins.then_some(hour))
            .collect();
        assert_eq!(made, [8, 14, 20]);
        // A clock that was set back a day makes one, and then by its own hours.
        assert!(begins(-4, Some(20)));
        assert!(!begins(-3, Some(-4)) && !begins(1, Some(-4)));
        assert!(begins(2, Some(-4)));
        let off = Schedule::new(Duration::ZERO, at(0));
        assert!(!off.begins(at(1_000_000)) && off.trouble(at(1_000_000)).is_none());
    }

    #[test]
    fn what_is_wrong_is_told_until_it_is_mended() {
        let schedule = Schedule::new(Duration::from_secs(6 * 3_600), at(0));
        let trouble = |now: i64, last: Option<i64>| {
            schedule.found(last.map(at));
            schedule.trouble(at(now))
        };
        let overdue = |last: Option<i64>| Some(BackupTrouble::Overdue { last: last.map(at) });
        assert_eq!(trouble(1, None), None);
        // This control plane was away for days: it has time to make one.
        assert_eq!(trouble(2, Some(-100)), None);
        assert_eq!(trouble(3, Some(-100)), overdue(Some(-100)));
        assert_eq!(trouble(3, None), overdue(None));
        assert_eq!(trouble(8, Some(0)), None, "two hours late is not told yet");
        assert_eq!(trouble(9, Some(0)), overdue(Some(0)));
        schedule.waits(at(9), "flowhq-9.backup");
        schedule.given(at(9), Some("it ended with exit status: 1"));
        schedule.tried(at(9), Err("the disk is full"));
        let failed = BackupTrouble::Failed { at: at(9), why: "the disk is full".to_owned() };
        assert_eq!(trouble(9, Some(0)), Some(failed));
        schedule.tried(at(10), Ok(&[]));
        assert_eq!(schedule.last(), Some(at(10)));
        let not_given = BackupTrouble::NotGiven { at: at(9), why: "it ended with exit status: 1".to_owned() };
        assert_eq!(trouble(10, Some(10)), Some(not_given));
        schedule.given(at(16), None);
        assert_eq!(trouble(16, Some(16)), None);
    }

    #[test]
    fn one_that_lacks_journals_is_told_of_until_one_lacks_none() {
        let new = || Schedule::new(Duration::from_secs(6 * 3_600), at(0));
        let (schedule, busy) = (new(), vec!["the journal of tenant 1: it is busy".to_owned()]);
        let lacks = || Some(BackupTrouble::Lacks { at: at(1), what: busy.clone() });
        schedule.tried(at(1), Ok(&busy));
        assert_eq!(
            (schedule.trouble(at(1)), schedule.last()),
            (lacks(), Some(at(1))),
            "it counts all the same"
        );
        // Another control plane tells of it too, and one that a version before has remembered lacks nothing.
        assert_eq!(new().after(schedule.standing(), false).trouble(at(1)), lacks());
        let before: Standing = serde_json::from_str(r#"{"failed":null,"waiting":null}"#).unwrap();
        assert_eq!(before, Standing::default());
        // One that is not made is worse, and mends nothing.
        schedule.tried(at(2), Err("the disk is full"));
        assert!(matches!(schedule.trouble(at(2)), Some(BackupTrouble::Failed { .. })));
        schedule.tried(at(3), Ok(&[]));
        assert_eq!(schedule.trouble(at(3)), None);
    }

    #[test]
    fn what_was_not_given_is_given_again_and_no_restart_makes_it_well() {
        let new = || Schedule::new(Duration::from_secs(6 * 3_600), at(0));
        let schedule = new();
        assert_eq!(schedule.to_give(at(0)), None);
        schedule.waits(at(0), "flowhq-0.backup");
        assert_eq!(schedule.trouble(at(0)), None, "it is being given");
        assert_eq!(schedule.to_give(at(0)).as_deref(), Some("flowhq-0.backup"));
        assert_eq!(schedule.to_give(at(0)), None);
        // It ended there.
        let schedule = new().after(schedule.standing(), true);
        assert!(matches!(schedule.trouble(at(0)), Some(BackupTrouble::NotGiven { .. })));
        assert_eq!(schedule.to_give(at(0)).as_deref(), Some("flowhq-0.backup"));
        schedule.given(at(0), Some("no"));
        assert!(schedule.to_give(at(0)).is_none() && schedule.to_give(at(1)).is_some());
        // The next one takes its place, and waits for nothing.
        schedule.waits(at(1), "flowhq-1.backup");
        assert_eq!(schedule.to_give(at(1)).as_deref(), Some("flowhq-1.backup"));
        schedule.given(at(1), None);
        assert_eq!((schedule.to_give(at(9)), schedule.standing()), (None, Standing::default()));
        schedule.tried(at(2), Err("the disk is full"));
        let after = new().after(schedule.standing(), true);
        assert!(matches!(after.trouble(at(2)), Some(BackupTrouble::Failed { .. })));
        schedule.tried(at(3), Ok(&[]));
        schedule.waits(at(3), "flowhq-3.backup");
        assert_eq!(
            new().after(schedule.standing(), false).trouble(at(2)),
            None,
            "nobody takes them any more"
        );
    }
}
