//! What is carried out for all tenants by itself, and the proof that a deletion was whole.

use domain::TenantId;
use sqlx::{AssertSqlSafe, Row as _};

use super::Operator;
use crate::{
    StoreError,
    db::{Rows, TABLES},
    rows::Reader,
    sql::tenants,
};

/// Rows that are deleted in one transaction: few, so that nobody waits for them.
const BATCH: u32 = 500;
const DAY: std::time::Duration = std::time::Duration::from_secs(24 * 60 * 60);

impl Operator {
    /// Deletes what is older than its tenant keeps it, in small batches, and tells how many rows went.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer; the next call goes on.
    pub async fn carry_out_retention(&self) -> Result<u64, StoreError> {
        self.carry_out_retention_by(BATCH).await
    }

    /// The same with so many rows in one transaction.
    pub(crate) async fn carry_out_retention_by(&self, rows: u32) -> Result<u64, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args();
        let kept = tx.rows(&tenants::RETENTION, args).await?;
        drop(tx);
        let mut deleted = 0;
        for row in kept {
            let row = &mut Reader::new(&row);
            let (tenant, days): (TenantId, u64) = (row.id()?, row.count()?);
            let age = DAY.saturating_mul(u32::try_from(days).unwrap_or(u32::MAX));
            let Ok(before) = self.store.now().checked_sub(age) else { continue };
            let scope = self.store.tenant(tenant);
            loop {
                let (logs, records) =
                    (scope.prune_logs(before, rows).await?, scope.prune_records(before, rows).await?);
                // What is noted of a customer goes when nothing else is left of the customer.
                let customers = scope.prune_customers(before, rows).await?;
                deleted += logs + records + customers;
                if logs.max(records).max(customers) < u64::from(rows) {
                    break;
                }
                tokio::task::yield_now().await;
            }
        }
        loop {
            let spans = self.prune_standings(rows).await?;
            deleted += spans;
            if spans < u64::from(rows) {
                break;
            }
            tokio::task::yield_now().await;
        }
        self.store.forget_deleted().await?;
        Ok(deleted)
    }

    /// How many rows each table still has of a tenant, the audit log left out: nothing after its deletion.
    pub async fn rows_left(&self, tenant: TenantId) -> Result<Vec<(&'static str, u64)>, StoreError> {
        let mut tx = self.read().await?;
        let mut left = Vec::new();
        for table in TABLES.iter().filter(|table| table.name != "portal_event_logs") {
            let Rows::OfTenant(column) = table.rows else { continue };
            // Safe: names of our own schema; the id is bound.
            let sql = AssertSqlSafe(format!("SELECT COUNT(*) FROM {} WHERE {column} = $1", table.name));
            let row = sqlx::query(sql).bind(tenant.to_string()).fetch_one(tx.connection()).await?;
            let rows = row.try_get::<i64, _>(0).map(|rows| u64::try_from(rows).unwrap_or_default())?;
            if rows > 0 {
                left.push((table.name, rows));
            }
        }
        Ok(left)
    }
}
