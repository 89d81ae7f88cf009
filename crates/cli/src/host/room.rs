//! Whether there is room on the disk on which workers live. Where there is little, they take nothing more from WhatsApp, which
//! keeps it, while there is still room for what they have to finish.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{sync::watch, time::interval};
use tokio_util::sync::CancellationToken;

/// Less is too little.
const SHORT_BYTES: u64 = 16_000_000;
/// This much is enough again.
const ENOUGH_BYTES: u64 = 24_000_000;
/// Time between two looks.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Looks at the disk, and goes on looking.
pub(super) struct Room {
    cells: PathBuf,
    short: watch::Sender<bool>,
}

impl Room {
    /// Takes a first look at the disk beneath the workers' directories.
    pub(super) fn look(cells: &Path) -> (Self, watch::Receiver<bool>) {
        let (short, told) = watch::channel(free(cells).is_some_and(|free| is_short(false, free)));
        (Self { cells: cells.to_owned(), short }, told)
    }

    /// Tells whenever there is too little room, or enough again, until the end.
    pub(super) async fn watch(self, stop: CancellationToken) {
        let mut looks = interval(crash::hurried(LOOK_EVERY));
        loop {
            tokio::select! {
                _ = looks.tick() => {}
                () = stop.cancelled() => return,
            }
            // A disk that does not say is not taken for full.
            let Some(free) = free(&self.cells) else { continue };
            self.short.send_if_modified(|short| {
                let now = is_short(*short, free);
                let has_changed = *short != now;
                if has_changed && now {
                    tracing::error!(
                        free,
                        "the disk is almost full: workers take nothing from WhatsApp until there is room"
                    );
                } else if has_changed {
                    tracing::info!(free, "there is room on the disk again");
                }
                *short = now;
                has_changed
            });
        }
    }
}

const fn is_short(was: bool, free: u64) -> bool {
    free < if was { ENOUGH_BYTES } else { SHORT_BYTES }
}

/// Free bytes on the disk beneath these directories, where it says so.
pub(super) fn free(cells: &Path) -> Option<u64> {
    crash::free_bytes().or_else(|| {
        let figures = rustix::fs::statvfs(cells).ok()?;
        Some(figures.f_bavail.saturating_mul(figures.f_frsize))
    })
}

#[cfg(test)]
mod tests {
    use super::is_short;

    #[test]
    fn what_is_almost_full_is_so_until_there_is_clearly_more_room() {
        assert!(is_short(false, 15_999_999) && !is_short(false, 16_000_000));
        assert!(is_short(true, 23_999_999) && !is_short(true, 24_000_000));
    }
}
