//! What is looked at for all workers of this machine together, ten times a second: who takes the processors, and whether the disk
//! loses room so fast that one of them may have outgrown its directory. Directories themselves are looked at every two seconds,
//! since a thousand of them take a while; until then a worker could fill a disk.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{sync::Notify, task::spawn_blocking, time::MissedTickBehavior};

use super::process::Looks;
use crate::service::lock;

/// Between two rounds.
const EVERY: Duration = Duration::from_millis(100);
/// Room that a disk loses from one round to the next before directories are looked at, in bytes: some 60 MB a second, half of what
/// all bots of a machine with two cores write while they answer as fast as they can.
const FAST_BYTES: u64 = 6_000_000;

/// The room on a disk.
#[derive(Debug, Default)]
pub(super) struct Room {
    left: Mutex<Option<u64>>,
    /// Rung when it went fast.
    pub(super) shrinks: Notify,
}

impl Room {
    fn look(&self, beneath: &Path) {
        let Ok(disk) = rustix::fs::statvfs(beneath) else { return };
        self.is(disk.f_bfree.saturating_mul(disk.f_frsize));
    }

    fn is(&self, now: u64) {
        let before = lock(&self.left).replace(now);
        if before.is_some_and(|before| before.saturating_sub(now) >= FAST_BYTES) {
            self.shrinks.notify_waiters();
        }
    }
}

/// Goes round until this is dropped.
pub(super) async fn go(looks: Arc<Looks>, cells: PathBuf) {
    let mut rounds = tokio::time::interval(EVERY);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        rounds.tick().await;
        let (looks, cells) = (Arc::clone(&looks), cells.clone());
        let round = spawn_blocking(move || {
            looks.room.look(&cells);
            looks.throttle.look();
        });
        if let Err(error) = round.await {
            tracing::error!(%error, "a round of looks at all workers has failed");
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn it_rings_where_room_goes_fast() {
        let room = Room::default();
        let rings = |now| {
            let rung = room.shrinks.notified();
            room.is(now);
            rung.now_or_never().is_some()
        };
        assert!(!rings(100_000_000), "nothing to compare with");
        assert!(!rings(95_000_000) && !rings(110_000_000));
        assert!(rings(104_000_000));
        room.look(&std::env::temp_dir());
        assert!(lock(&room.left).is_some_and(|left| left != 104_000_000));
    }
}
