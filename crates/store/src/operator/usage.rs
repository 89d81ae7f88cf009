//! What tenants used, for invoices.

use domain::{TenantId, Timestamp};

use super::Operator;
use crate::{StoreError, db::Args, rows::Reader, sql::logs};

/// Messages of one tenant within a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// The tenant.
    pub tenant_id: TenantId,
    /// Its name.
    pub name: String,
    /// Messages of customers.
    pub received: u64,
    /// Replies.
    pub sent: u64,
}

impl Operator {
    /// What each tenant's log holds from one time until before another. Rows that were deleted do not count.
    pub async fn usage(&self, from: Timestamp, until: Timestamp) -> Result<Vec<Usage>, StoreError> {
        let args = Args::default().time(from).time(until);
        let found = self.store.seek(None, &logs::USAGE, args).await?;
        found
            .iter()
            .map(|row| {
                let row = &mut Reader::new(row);
                Ok(Usage {
                    tenant_id: row.id()?,
                    name: row.text()?,
                    received: row.count()?,
                    sent: row.count()?,
                })
            })
            .collect()
    }
}
