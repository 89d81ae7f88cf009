//! Carries out how long each tenant keeps its conversation log.

use std::time::Duration;

use store::Store;
use tokio_util::sync::CancellationToken;

/// How often old rows are looked for; days are what they are counted in.
const EVERY: Duration = Duration::from_secs(60 * 60);

/// Deletes old rows now and then, until `stop`.
pub(super) async fn carry_out(store: Store, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
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
