//! Backups, as the control plane is given them: how one is made is the business of whoever starts it.

use std::{future::Future, pin::Pin};

use domain::Timestamp;

/// What makes backups.
pub trait Backups: alerts::BackupStanding + std::fmt::Debug {
    /// Makes one now, or waits for the one that is being made, and tells of it; else why there is none, in a sentence.
    fn make(&self) -> Pin<Box<dyn Future<Output = Result<api::BackedUp, String>> + Send + '_>>;

    /// When the last one was begun that is there.
    fn last(&self) -> Option<Timestamp>;
}

/// None at all.
#[derive(Debug)]
pub struct NoBackups;

impl alerts::BackupStanding for NoBackups {
    fn trouble(&self, _now: Timestamp) -> Option<alerts::BackupTrouble> {
        None
    }
}

impl Backups for NoBackups {
    fn make(&self) -> Pin<Box<dyn Future<Output = Result<api::BackedUp, String>> + Send + '_>> {
        Box::pin(std::future::ready(Err("this control plane makes no backups".to_owned())))
    }

    fn last(&self) -> Option<Timestamp> {
        None
    }
}
