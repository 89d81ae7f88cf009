//! Whether the database takes changes, as the last of them showed: one that can be read and not written answers every look,
//! and can do none of its work. A read that fails for the disk's sake speaks against it as well.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::Engine;
use crate::error::class;

/// On PostgreSQL one table's disk may be full and another's not: a change that is taken proves nothing until none was
/// refused for this long.
const LASTS: Duration = Duration::from_secs(10);

/// The last failure for a reason of the database's own, until a change was taken.
#[derive(Default)]
pub(crate) struct Refused(Mutex<Option<(Instant, String)>>);

impl Refused {
    /// Something has failed.
    pub(super) fn note(&self, error: &sqlx::Error) {
        if class::refuses_writes(error) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) =
                Some((Instant::now(), error.to_string()));
        }
    }

    /// A change was taken.
    pub(super) fn taken(&self, engine: Engine) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take_if(|(at, _)| engine == Engine::Sqlite || at.elapsed() >= LASTS);
    }

    /// Why the last one was refused, where nothing speaks for another outcome now.
    pub(super) fn why(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|(_, why)| why.clone())
    }
}
