//! Whose people are to be told something.

use domain::{TenantId, Timestamp};

use super::Operator;
use crate::{StoreError, rows::Reader, sql::notices};

impl Operator {
    /// Tenants of which somebody is to be told a day's summary by now, those that wait longest first.
    pub async fn summaries_due(&self, now: Timestamp, limit: u32) -> Result<Vec<TenantId>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().time(now).int(limit.into());
        tx.rows(&notices::DUE, args).await?.iter().map(|row| Reader::new(row).id()).collect()
    }
}
