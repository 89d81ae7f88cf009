//! All tenants at a glance: groups, the strips of a day, and the day's messages.

use std::collections::{HashMap, HashSet};

use domain::{TenantId, Timestamp};
use sqlx::any::AnyRow;

use super::Operator;
use crate::{
    HeartbeatStrip, StoreError,
    groups::{Aged, Stands},
    rows::Reader,
    sql::{strips, tenants},
};

/// Cells of a strip: a day of five minutes each.
const CELLS: usize = 288;
/// Milliseconds of a cell.
const CELL_MS: i64 = 300_000;

impl Operator {
    /// Those that time alone has moved; of `away` alone it is asked whether they are away for long.
    pub(crate) async fn aged(
        &self,
        stale_before: Timestamp,
        away_before: Timestamp,
        away: &[TenantId],
    ) -> Result<Aged, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().time(stale_before);
        let stale = ids(&tx.rows(&tenants::STALE, args).await?)?;
        let args = tx.args().time(away_before).text(&array(away));
        let away =
            if away.is_empty() { HashSet::new() } else { ids(&tx.rows(&tenants::AWAY, args).await?)? };
        Ok(Aged { stale, away })
    }

    /// The tenants that need a person for another reason than their age.
    pub(crate) async fn needs_beside_age(&self) -> Result<HashSet<TenantId>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args();
        ids(&tx.rows(&tenants::NEEDS, args).await?)
    }

    /// How tenants stand, in the order of their ids: so many after one.
    pub(crate) async fn stands_after(
        &self,
        after: Option<TenantId>,
        rows: u32,
    ) -> Result<Vec<Stands>, StoreError> {
        let mut tx = self.read().await?;
        let after = after.map(|tenant| tenant.to_string()).unwrap_or_default();
        let args = tx.args().text(&after).int(i64::from(rows));
        tx.rows(&tenants::STANDS_AFTER, args).await?.iter().map(stands).collect()
    }

    /// The same of these.
    pub(crate) async fn stands_of(&self, tenants: &[TenantId]) -> Result<Vec<Stands>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(&array(tenants));
        tx.rows(&tenants::STANDS_OF, args).await?.iter().map(stands).collect()
    }

    /// Writes down how every bot does now, for the strips of the day. To be called about once a minute.
    pub async fn watch_heartbeats(&self, stale_before: Timestamp) -> Result<(), StoreError> {
        let now = self.store.now();
        let slot = now.as_millisecond().div_euclid(CELL_MS);
        let mut tx = self.write().await?;
        let args = tx.args().int(slot).time(stale_before).text(&"-".repeat(CELLS)).time(now);
        tx.execute(&strips::WATCH, args).await?;
        Ok(tx.commit().await?)
    }

    /// The strips of these tenants, as they were last written down.
    pub async fn heartbeat_strips(
        &self,
        ids: &[TenantId],
    ) -> Result<HashMap<TenantId, HeartbeatStrip>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(&array(ids));
        let found = tx.rows(&strips::OF, args).await?;
        found
            .iter()
            .map(|row| {
                let row = &mut Reader::new(row);
                Ok((row.id()?, HeartbeatStrip { cells: row.text()?, slot: row.int()? }))
            })
            .collect()
    }

    /// How many messages each of these tenants has had since a moment, both ways.
    pub async fn messages_since(
        &self,
        ids: &[TenantId],
        since: Timestamp,
    ) -> Result<HashMap<TenantId, u64>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(&array(ids)).time(since);
        let found = tx.rows(&tenants::MESSAGES_SINCE, args).await?;
        found
            .iter()
            .map(|row| {
                let row = &mut Reader::new(row);
                Ok((row.id()?, row.count()?))
            })
            .collect()
    }
}

fn ids(rows: &[AnyRow]) -> Result<HashSet<TenantId>, StoreError> {
    rows.iter().map(|row| Reader::new(row).id()).collect()
}

fn stands(row: &AnyRow) -> Result<Stands, StoreError> {
    let row = &mut Reader::new(row);
    Ok(Stands {
        tenant: row.id()?,
        status: row.label()?,
        session: row.label()?,
        worker: row.label()?,
        suspended: row.int()? == 1,
    })
}

/// Ids as the statements take a list of them: a JSON array.
pub(super) fn array(ids: &[TenantId]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| format!("\"{id}\"")).collect();
    format!("[{}]", ids.join(","))
}
