//! How long a tenant's bot answered while it was meant to, and the times when it did not.

use domain::Timestamp;
use jiff::SignedDuration;
use sqlx::any::AnyRow;

use super::TenantScope;
use crate::{Incident, StoreError, Uptime, rows::Reader, sql::standings};

/// The times that are told of, in days.
const DAYS: [u32; 3] = [7, 30, 90];

impl TenantScope {
    /// How the last 7, 30 and 90 days were.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn uptime(&self) -> Result<[Uptime; 3], StoreError> {
        let now = self.store.now();
        let from = DAYS.map(|days| {
            let ago = SignedDuration::from_hours(24 * i64::from(days));
            now.checked_sub(ago).unwrap_or(Timestamp::MIN)
        });
        let mut tx = self.read().await?;
        let args = tx.args().time(now).time(from[0]).time(from[1]).time(from[2]);
        let rows = tx.rows(&standings::SUMS, args).await?;
        let mut times = DAYS.map(|days| Uptime { days, ..Uptime::default() });
        let mut first = now;
        for row in rows {
            let row = &mut Reader::new(&row);
            let standing = row.label()?;
            first = first.min(row.time()?);
            for time in &mut times {
                let ms = row.count()?;
                match standing {
                    domain::Standing::Up => time.up_ms = ms,
                    domain::Standing::Down => time.down_ms = ms,
                    domain::Standing::Off => time.off_ms = ms,
                }
            }
        }
        for (time, from) in times.iter_mut().zip(from) {
            let watched = now.duration_since(from.max(first)).as_millis();
            let watched = u64::try_from(watched).unwrap_or_default();
            time.unknown_ms = watched.saturating_sub(time.up_ms + time.down_ms + time.off_ms);
        }
        Ok(times)
    }

    /// The times when it was meant to answer and did not, the newest first.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn incidents(&self, rows: u32) -> Result<Vec<Incident>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().int(i64::from(rows));
        tx.rows(&standings::INCIDENTS, args).await?.iter().map(incident).collect()
    }
}

fn incident(row: &AnyRow) -> Result<Incident, StoreError> {
    let row = &mut Reader::new(row);
    Ok(Incident {
        id: row.id()?,
        condition: row.label()?,
        why: row.opt_text()?,
        until: row.opt_time()?,
        began_at: row.time()?,
        ended_at: row.opt_time()?,
        ended_by: row.opt_label()?,
    })
}
