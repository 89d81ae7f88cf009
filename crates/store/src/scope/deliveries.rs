//! How far the tenant's own messages have come.

use domain::{DeliveryRow, TenantId};

use super::TenantScope;
use crate::{StoreError, db::Tx, sql::logs, together::Change};

impl TenantScope {
    /// Notes how far messages of ours have come. Each only ever comes farther, so that the same batch may come any number of
    /// times and in any order; what is no row of ours (any more) is passed over: it was erased or is too old. The highest
    /// number of the batch, which is committed and synced then; and whether any row has changed.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer. Nothing is written then.
    pub async fn note_deliveries(&self, batch: &[DeliveryRow]) -> Result<(u64, bool), StoreError> {
        let change = Deliveries { tenant: self.tenant, batch: batch.to_vec() };
        let changed = self.store.together(change).await?;
        crash::point("deliveries_store_after_commit");
        Ok((batch.iter().map(|row| row.sequence).max().unwrap_or_default(), changed))
    }
}

struct Deliveries {
    tenant: TenantId,
    batch: Vec<DeliveryRow>,
}

impl Change for Deliveries {
    /// Whether any row has changed.
    type Done = bool;

    fn tenant(&self) -> TenantId {
        self.tenant
    }

    async fn carry_out(&self, tx: &mut Tx) -> Result<bool, StoreError> {
        let mut changed = 0;
        for row in &self.batch {
            let args = tx
                .args()
                .id(row.log)
                .label(row.delivery)
                .opt_text(row.reason.as_deref())
                .text(&row.delivery.nearer());
            changed += tx.execute(&logs::DELIVERED, args).await?;
        }
        crash::point("deliveries_store_before_commit");
        Ok(changed > 0)
    }
}
