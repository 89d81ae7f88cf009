//! Whether backups are made and given on as they should be.

use domain::Timestamp;
use serde_json::json;
use store::AlertCause;
use words::alerts as say;

use crate::{AlertOptions, Watch};

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
            Self::NotGiven { at, why } => say::backup_not_given(when(at), why),
        }
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
