//! Carries out how long each tenant keeps its conversation log, and forgets sessions and idempotency keys that are over.

use std::time::Duration;

use domain::{Clock, SystemClock, Timestamp};
use store::Store;
use tokio_util::sync::CancellationToken;

/// How often old rows are looked for; days are what they are counted in.
const EVERY: Duration = Duration::from_secs(60 * 60);
/// How long answers are kept for requests that come again.
const ANSWERS_KEPT: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a move key waits for its tenant.
const MOVE_KEYS_KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// Deletes old rows now and then, until `stop`.
pub(super) async fn carry_out(store: Store, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        let oldest = SystemClock.now().checked_sub(ANSWERS_KEPT).unwrap_or(Timestamp::MIN);
        if let Err(error) = store.people().prune().await {
            tracing::warn!(%error, "sessions and links of the portal that are over could not be forgotten; tried again");
        }
        if let Err(error) = store.operator().prune_sessions(oldest).await {
            tracing::warn!(%error, "sessions that have ended could not be deleted; the next time they are");
        }
        let oldest = SystemClock.now().checked_sub(MOVE_KEYS_KEPT).unwrap_or(Timestamp::MIN);
        if let Err(error) = store.operator().void_old_move_keys(oldest).await {
            tracing::warn!(%error, "old move keys could not be forgotten; the next time they are");
        }
        let deleted = tokio::select! {
            () = stop.cancelled() => return,
            deleted = async { store.operator().carry_out_retention().await } => deleted,
        };
        match deleted {
            Ok(0) => {}
            Ok(rows) => {
                tracing::info!(
                    rows,
                    "old rows of conversation logs were deleted, as their tenants keep them"
                );
            }
            Err(error) => tracing::warn!(%error, "old rows could not be deleted; the next time they are"),
        }
    }
}
