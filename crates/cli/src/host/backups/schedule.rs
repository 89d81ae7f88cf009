//! When backups are made by themselves, and what is wrong with them. Knows neither files nor tasks; the time comes from outside.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use alerts::BackupTrouble;
use domain::Timestamp;

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
    not_before: Option<Timestamp>,
    failed: Option<(Timestamp, String)>,
    not_given: Option<(Timestamp, String)>,
}

impl Schedule {
    /// One each `every`; none where that is nothing.
    pub(super) fn new(every: Duration, since: Timestamp) -> Self {
        Self { every, since, state: Mutex::default() }
    }

    pub(super) const fn is_off(&self) -> bool {
        self.every.is_zero()
    }

    fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether one is to be made now, where the last one is of `last`. Then no other is for an hour, whatever becomes of it.
    pub(super) fn begins(&self, now: Timestamp, last: Option<Timestamp>) -> bool {
        if self.is_off() {
            return false;
        }
        let last = last.unwrap_or(Timestamp::MIN);
        self.with(|state| {
            let due = after(last, self.every).max(state.not_before.unwrap_or(Timestamp::MIN));
            // A clock that was set back makes none for ever.
            if now < due && last <= now {
                return false;
            }
            state.not_before = Some(after(now, AGAIN));
            true
        })
    }

    /// How the try of `now` went.
    pub(super) fn tried(&self, now: Timestamp, failed: Option<&str>) {
        self.with(|state| state.failed = failed.map(|why| (now, why.to_owned())));
    }

    /// How BACKUP_COMMAND took it.
    pub(super) fn given(&self, now: Timestamp, failed: Option<&str>) {
        self.with(|state| state.not_given = failed.map(|why| (now, why.to_owned())));
    }

    /// What is wrong, the gravest alone.
    pub(super) fn trouble(&self, now: Timestamp, last: Option<Timestamp>) -> Option<BackupTrouble> {
        let (failed, not_given) = self.with(|state| (state.failed.clone(), state.not_given.clone()));
        if let Some((at, why)) = failed {
            return Some(BackupTrouble::Failed { at, why });
        }
        let wanted = after(last.unwrap_or(Timestamp::MIN), self.every).max(self.since);
        if !self.is_off() && now > after(wanted, GRACE) {
            return Some(BackupTrouble::Overdue { last });
        }
        not_given.map(|(at, why)| BackupTrouble::NotGiven { at, why })
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
        assert!(schedule.begins(at(0), None), "there is none yet");
        assert!(!schedule.begins(at(0), None), "it is being made");
        // It failed: an hour later, and each hour again.
        assert!(schedule.begins(at(1), None) && schedule.begins(at(2), None));
        let made: Vec<_> = (3..=24)
            .scan(Some(at(2)), |last, hour| {
                let begins = schedule.begins(at(hour), *last);
                if begins {
                    *last = Some(at(hour));
                }
                Some((hour, begins))
            })
            .filter_map(|(hour, begins)| begins.then_some(hour))
            .collect();
        assert_eq!(made, [8, 14, 20]);
        // A clock that was set back a day makes one, and then by its own hours.
        assert!(schedule.begins(at(-4), Some(at(20))));
        assert!(!schedule.begins(at(-3), Some(at(-4))) && !schedule.begins(at(1), Some(at(-4))));
        assert!(schedule.begins(at(2), Some(at(-4))));
        let off = Schedule::new(Duration::ZERO, at(0));
        assert!(!off.begins(at(1_000_000), None) && off.trouble(at(1_000_000), None).is_none());
    }

    #[test]
    fn what_is_wrong_is_told_until_it_is_mended() {
        let schedule = Schedule::new(Duration::from_secs(6 * 3_600), at(0));
        assert_eq!(schedule.trouble(at(1), None), None);
        // This control plane was away for days: it has time to make one.
        assert_eq!(schedule.trouble(at(2), Some(at(-100))), None);
        assert_eq!(
            schedule.trouble(at(3), Some(at(-100))),
            Some(BackupTrouble::Overdue { last: Some(at(-100)) })
        );
        assert_eq!(schedule.trouble(at(3), None), Some(BackupTrouble::Overdue { last: None }));
        assert_eq!(schedule.trouble(at(8), Some(at(0))), None, "two hours late is not told yet");
        assert_eq!(schedule.trouble(at(9), Some(at(0))), Some(BackupTrouble::Overdue { last: Some(at(0)) }));
        schedule.given(at(9), Some("it ended with exit status: 1"));
        schedule.tried(at(9), Some("the disk is full"));
        let failed = BackupTrouble::Failed { at: at(9), why: "the disk is full".to_owned() };
        assert_eq!(schedule.trouble(at(9), Some(at(0))), Some(failed));
        schedule.tried(at(10), None);
        let not_given = BackupTrouble::NotGiven { at: at(9), why: "it ended with exit status: 1".to_owned() };
        assert_eq!(schedule.trouble(at(10), Some(at(10))), Some(not_given));
        schedule.given(at(16), None);
        assert_eq!(schedule.trouble(at(16), Some(at(16))), None);
    }
}
