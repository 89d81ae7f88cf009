//! How far the tenant's own messages have come.

use domain::DeliveryRow;

use super::TenantScope;
use crate::{StoreError, sql::logs};

impl TenantScope {
    /// Notes how far messages of ours have come. Each only ever comes farther, so that the same batch may come any number of
    /// times and in any order; what is no row of ours (any more) is passed over: it was erased or is too old. The highest
    /// number of the batch, which is committed and synced then; and whether any row has changed.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer. Nothing is written then.
    pub async fn note_deliveries(&self, batch: &[DeliveryRow]) -> Result<(u64, bool), StoreError> {
        let mut tx = self.write().await?;
        let mut changed = 0;
        for row in batch {
            let args = tx
                .args()
                .id(row.log)
                .label(row.delivery)
                .opt_text(row.reason.as_deref())
                .text(&row.delivery.nearer());
            changed += tx.execute(&logs::DELIVERED, args).await?;
        }
        crash::point("deliveries_store_before_commit");
        tx.commit().await?;
        crash::point("deliveries_store_after_commit");
        Ok((batch.iter().map(|row| row.sequence).max().unwrap_or_default(), changed > 0))
    }
}
