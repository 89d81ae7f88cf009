//! Whether there is room on the disk of this machine on which workers live. Where there is little, they take nothing more from WhatsApp, which
//! keeps it, while there is still room for what they have to finish.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use supervisor::is_disk_short;
use tokio::{sync::watch, time::interval};
use tokio_util::sync::CancellationToken;

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
        let (short, told) = watch::channel(free(cells).is_some_and(|free| is_disk_short(false, free)));
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
                let now = is_disk_short(*short, free);
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

/// Free bytes on the disk beneath these directories, where it says so.
pub(super) fn free(cells: &Path) -> Option<u64> {
    crash::free_bytes().or_else(|| {
        let figures = rustix::fs::statvfs(cells).ok()?;
        Some(figures.f_bavail.saturating_mul(figures.f_frsize))
    })
}
