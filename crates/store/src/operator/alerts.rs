//! Alerts: each cause is told once, with its all-clear, from a queue that outlives a restart.

use std::collections::HashMap;

use domain::{RecordId, Timestamp};
use serde_json::{Value, json};

use super::Operator;
use crate::{
    AlertCause, AlertDelivery, AlertResult, AlertTry, StoreError, db::Tx, records::tenant_of, rows::Reader,
    sql::alerts,
};

/// Results that are kept.
const RESULTS_KEPT: i64 = 100;
/// Deliveries taken from the queue at once.
const BATCH: i64 = 50;

impl Operator {
    /// Says what is wrong now. What was not wrong before is put into the queue of each channel, and so is the all-clear
    /// of what is no longer; all in one transaction.
    pub async fn set_alert_causes(&self, now: &[AlertCause], channels: &[&str]) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let at = self.store.now();
        let args = tx.args();
        let mut before = HashMap::new();
        for row in tx.rows(&alerts::CAUSES, args).await? {
            let row = &mut Reader::new(&row);
            before.insert(row.text()?, row.text()?);
        }
        for cause in now {
            if before.remove(&cause.id).is_none() {
                let args = tx.args().text(&cause.id).text(&cause.title).time(at);
                tx.execute(&alerts::RAISE, args).await?;
                enqueue(&mut tx, channels, &cause.payload, at).await?;
            }
        }
        for (id, title) in before {
            let args = tx.args().text(&id);
            tx.execute(&alerts::CLEAR, args).await?;
            let payload = json!({ "type": "alert.cleared", "cause": id, "title": title, "at": at });
            enqueue(&mut tx, channels, &payload, at).await?;
        }
        Ok(tx.commit().await?)
    }

    /// What is to be sent by now, the longest waiting first.
    pub async fn due_alerts(&self) -> Result<Vec<AlertDelivery>, StoreError> {
        self.due(None).await
    }

    /// The same by one channel: another that is stuck must not stand in its way.
    pub async fn due_alerts_by(&self, channel: &str) -> Result<Vec<AlertDelivery>, StoreError> {
        self.due(Some(channel)).await
    }

    async fn due(&self, channel: Option<&str>) -> Result<Vec<AlertDelivery>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().time(self.store.now()).int(BATCH).opt_text(channel);
        let found = tx.rows(&alerts::DUE, args).await?;
        found
            .iter()
            .map(|row| {
                let row = &mut Reader::new(row);
                Ok(AlertDelivery {
                    id: row.id()?,
                    channel: row.text()?,
                    payload: row.json()?,
                    attempts: row.count()?,
                    created_at: row.time()?,
                })
            })
            .collect()
    }

    /// Takes a delivery out of the queue: it was sent, or is given up.
    pub async fn finish_alert(&self, id: RecordId) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().id(id);
        tx.execute(&alerts::DONE, args).await?;
        Ok(tx.commit().await?)
    }

    /// Puts a delivery off that could not be sent.
    pub async fn retry_alert(&self, id: RecordId, at: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().id(id).time(at);
        tx.execute(&alerts::RETRY, args).await?;
        Ok(tx.commit().await?)
    }

    /// Writes down how a try went; `cause` is the alert's, which names the tenant that it is about. The newest 100 stay, and
    /// nothing of a tenant that is gone.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn record_alert(&self, tried: &AlertTry, cause: Option<&str>) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let args = tx
            .args()
            .id(tried.id)
            .opt_id(cause.and_then(tenant_of))
            .text(&tried.channel)
            .text(&tried.kind)
            .text(&tried.title)
            .text(tried.outcome.into())
            .opt_text(tried.detail.as_deref())
            .int(i64::try_from(tried.tries).unwrap_or(i64::MAX))
            .time(self.store.now());
        tx.execute(&alerts::RESULT, args).await?;
        let args = tx.args().int(RESULTS_KEPT);
        tx.execute(&alerts::PRUNE_RESULTS, args).await?;
        Ok(tx.commit().await?)
    }

    /// What became of the last alerts, the newest first.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn alert_results(&self, rows: u32) -> Result<Vec<AlertResult>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().int(i64::from(rows));
        let found = tx.rows(&alerts::RESULTS, args).await?;
        found
            .iter()
            .map(|row| {
                let row = &mut Reader::new(row);
                let tried = AlertTry {
                    id: row.id()?,
                    channel: row.text()?,
                    kind: row.text()?,
                    title: row.text()?,
                    outcome: row.label()?,
                    detail: row.opt_text()?,
                    tries: row.count()?,
                };
                Ok(AlertResult { tried, at: row.time()? })
            })
            .collect()
    }
}

async fn enqueue(tx: &mut Tx, channels: &[&str], payload: &Value, at: Timestamp) -> Result<(), StoreError> {
    for channel in channels {
        let args = tx.args().id(RecordId::generate()).text(channel).text(&payload.to_string()).time(at);
        tx.execute(&alerts::ENQUEUE, args).await?;
    }
    Ok(())
}
