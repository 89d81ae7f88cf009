//! Whether backups are made and given on as they should be.

use domain::Timestamp;
use serde_json::json;
use store::AlertCause;
use words::alerts as say;

use crate::{AlertOptions, Watch};

/// So many journals are named, which is what a person reads in an alert.
const MOST: usize = 3;

/// What is wrong with the backups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BackupTrouble {
    /// The last one was not made.
    Failed {
        /// When it was tried.
        at: Timestamp,
        /// Why, in words.
        why: String,
    },
    /// None was made for longer than there should be between two.
    Overdue {
        /// When the last one was made, where there is one.
        last: Option<Timestamp>,
    },
    /// The last one lacks journals: what those tenants' workers alone know is in no backup.
    Lacks {
        /// When it was made.
        at: Timestamp,
        /// What it lacks, each with why, in words.
        what: Vec<String>,
    },
    /// BACKUP_COMMAND did not take the last one, which lies in BACKUP_DIR.
    NotGiven {
        /// When it was tried.
        at: Timestamp,
        /// Why, in words.
        why: String,
    },
}

impl BackupTrouble {
    /// In a sentence, with what to do.
    #[must_use]
    pub fn sentence(&self) -> String {
        let when = |at: &Timestamp| at.strftime("%Y-%m-%d %H:%M UTC").to_string();
        match self {
            Self::Failed { at, why } => say::backup_failed(when(at), why),
            Self::Overdue { last: Some(last) } => say::backup_overdue(when(last)),
            Self::Overdue { last: None } => say::backup_never().to_owned(),
            Self::Lacks { at, what } => say::backup_lacks(when(at), listed(what)),
            Self::NotGiven { at, why } => say::backup_not_given(when(at), why),
        }
    }
}

/// The first of them in words; the control plane's log has them all.
fn listed(what: &[String]) -> String {
    let first = what[..what.len().min(MOST)].join("; ");
    match what.len().saturating_sub(MOST) {
        0 => first,
        more => say::and_more(first, more),
    }
}

/// Who knows.
pub trait BackupStanding: Send + Sync {
    /// What is wrong now, where anything is.
    fn trouble(&self, now: Timestamp) -> Option<BackupTrouble>;
}

/// One cause, whatever of it is wrong: it is cleared when the next one is made and taken.
pub(super) fn cause(watch: &Watch, options: &AlertOptions) -> Option<AlertCause> {
    let trouble = watch.backups.trouble(watch.now())?;
    let title = say::backups().to_owned();
    let payload = json!({
        "type": "alert.raised",
        "cause": "backups",
        "title": title,
        "detail": trouble.sentence(),
        "url": format!("{}/admin/system", options.admin_url),
        "at": watch.now(),
    });
    Some(AlertCause { id: "backups".to_owned(), title, payload })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_journals_that_a_backup_lacks_a_few_are_named_and_the_others_counted() {
        let lacks = |tenants: std::ops::Range<u8>| {
            let what = tenants.map(|n| format!("the journal of tenant {n}: it is busy")).collect();
            BackupTrouble::Lacks { at: Timestamp::UNIX_EPOCH, what }.sentence()
        };
        let one = lacks(1..2);
        assert!(one.contains("1970-01-01 00:00 UTC") && one.contains("tenant 1: it is busy"), "{one}");
        let three = lacks(1..4);
        assert!(three.contains("tenant 3") && !three.contains("more"), "{three}");
        let five = lacks(1..6);
        assert!(five.contains("tenant 3") && !five.contains("tenant 4") && five.contains("2 more"), "{five}");
    }
}
