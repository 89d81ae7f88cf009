//! How far messages of ours have come, as a worker's journal has learnt it of receipts.

use domain::{DeliveryRow, JournalId};
use link::{DownSender, message::Down};
use tokio::time::Instant;

use super::Downlink;
use crate::{ChangeKind, Stream, error::Cut, service::lock};

impl Downlink {
    /// Writes a batch and acknowledges it. A worker that lies can mark its own tenant's messages alone, and each of them a few
    /// times before there is nothing farther to say.
    pub(super) async fn deliveries(
        &mut self,
        journal: JournalId,
        rows: &[DeliveryRow],
        down: &mut DownSender<Box<dyn Stream>>,
    ) -> Result<(), Cut> {
        crash::point("deliveries_received");
        let due = lock(&self.share).deliveries(&self.shared.options.shares, rows, Instant::now());
        // The link is read on meanwhile, so that a heartbeat still counts.
        tokio::time::sleep_until(due).await;
        let (sequence, changed) =
            self.stored(|scope| async move { scope.note_deliveries(rows).await }).await?;
        crash::point("deliveries_stored");
        // Only now: the store has committed and synced them.
        self.say(down, Down::AcknowledgeDeliveries { journal, sequence }).await?;
        crash::point("deliveries_confirmed");
        if changed {
            self.shared.changed(self.tenant, ChangeKind::Deliveries);
        }
        Ok(())
    }
}
