//! The figures of a heartbeat, kept while nothing changes: most workers are silent most of the time, and are not to wake a thread
//! of theirs to count the same again.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use domain::Timestamp;

use super::Figures;

/// After so long they are counted again: some of them run out with time.
const KEPT_MS: i64 = 5 * 60 * 1000;

#[derive(Default)]
pub(super) struct Counted {
    /// Rows that were ever changed, as of the last commit.
    changes: AtomicU64,
    kept: Mutex<Option<Kept>>,
}

struct Kept {
    changes: u64,
    at: Timestamp,
    figures: Figures,
}

impl Counted {
    /// So many rows were ever changed.
    pub(super) fn changed(&self, changes: u64) {
        self.changes.store(changes, Ordering::Release);
    }

    /// The figures; or, where they are to be counted, what to keep them under.
    pub(super) fn look(&self, now: Timestamp) -> Result<Figures, u64> {
        let changes = self.changes.load(Ordering::Acquire);
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let fits = |kept: &&Kept| {
            // A clock that was set back is no reason to keep them longer.
            let age = now.as_millisecond().abs_diff(kept.at.as_millisecond());
            kept.changes == changes && age < KEPT_MS.unsigned_abs()
        };
        kept.as_ref().filter(fits).map(|kept| kept.figures).ok_or(changes)
    }

    /// Keeps what was counted after [`Self::look`] had named `changes`.
    pub(super) fn keep(&self, changes: u64, at: Timestamp, figures: Figures) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(Kept { changes, at, figures });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use domain::Timestamp;

    use super::{Counted, Figures, KEPT_MS};

    #[test]
    fn figures_are_counted_again_after_a_change_or_some_minutes() {
        let counted = Counted::default();
        let at = |ms: i64| Timestamp::from_millisecond(1_800_000_000_000 + ms).unwrap();
        let figures = Figures { queued: 3, ..Figures::default() };
        counted.changed(7);
        assert_eq!(counted.look(at(0)), Err(7));
        counted.keep(7, at(0), figures);
        assert_eq!(counted.look(at(KEPT_MS - 1)), Ok(figures));
        assert_eq!(counted.look(at(KEPT_MS)), Err(7));
        assert_eq!(counted.look(at(-KEPT_MS)), Err(7), "the clock was set back");
        // What is changed while they are counted is not in them.
        counted.changed(8);
        counted.keep(7, at(0), figures);
        assert_eq!(counted.look(at(1)), Err(8));
    }
}
