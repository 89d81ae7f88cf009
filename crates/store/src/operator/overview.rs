//! All tenants at a glance: groups, the strips of a day, and the day's messages.

use std::collections::HashMap;

use domain::{TenantId, Timestamp};

use super::Operator;
use crate::{HeartbeatStrip, Overview, StoreError, rows::Reader, sql::strips, sql::tenants};

/// Cells of a strip: a day of five minutes each.
const CELLS: usize = 288;
/// Milliseconds of a cell.
const CELL_MS: i64 = 300_000;

impl Operator {
    /// The tenants that need a person. What was heard of before `stale_before` is stale, what was connected before
    /// `away_before` and is not is away for long.
    pub async fn needs(
        &self,
        stale_before: Timestamp,
        away_before: Timestamp,
    ) -> Result<Vec<TenantId>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().time(stale_before).time(away_before);
        tx.rows(&tenants::NEEDS, args).await?.iter().map(|row| Reader::new(row).id()).collect()
    }

    /// How many tenants are in each group; `needs` are those that need a person.
    pub async fn overview(
        &self,
        stale_before: Timestamp,
        needs: &[TenantId],
    ) -> Result<Overview, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().time(stale_before).text(&array(needs));
        let Some(row) = tx.row(&tenants::OVERVIEW, args).await? else { return Ok(Overview::default()) };
        let row = &mut Reader::new(&row);
        Ok(Overview {
            all: row.count()?,
            needs: needs.len() as u64,
            answering: row.count()?,
            reconnecting: row.count()?,
            waiting: row.count()?,
            paused: row.count()?,
            new: row.count()?,
            suspended: row.count()?,
            error: row.count()?,
            stale: row.count()?,
        })
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

/// Ids as the statements take a list of them: a JSON array.
pub(super) fn array(ids: &[TenantId]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| format!("\"{id}\"")).collect();
    format!("[{}]", ids.join(","))
}
