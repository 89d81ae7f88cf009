//! SQLite's log is written back to its file beside the writer, not by it: a writer that does it itself is held up by a whole
//! log's pages and another sync. It still does where this one does not come along.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use tokio_util::task::TaskTracker;

use super::sqlite;

/// After so many changes of rows by workers the log is written back; about six pages each.
const EVERY: usize = 250;

/// When to write back next.
#[derive(Default)]
pub(super) struct Checkpoints {
    changes: AtomicUsize,
    under_way: AtomicBool,
}

impl Checkpoints {
    /// So many changes were committed.
    pub(super) fn committed(self: &Arc<Self>, changes: usize, file: &Path, tasks: &TaskTracker) {
        let before = self.changes.fetch_add(changes, Ordering::Relaxed);
        if before + changes < EVERY || self.under_way.swap(true, Ordering::Acquire) {
            return;
        }
        self.changes.store(0, Ordering::Relaxed);
        let (checkpoints, file) = (Arc::clone(self), file.to_owned());
        tasks.spawn(async move {
            if let Err(error) = sqlite::write_back(&file).await {
                tracing::debug!(%error, "the database's log was not written back; its writer does it later");
            }
            checkpoints.under_way.store(false, Ordering::Release);
        });
    }
}
