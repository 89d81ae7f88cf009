//! Machines on which bots run.

use domain::HostOrder;
use serde_json::json;
use sqlx::any::AnyRow;

use super::{Operator, insert_event};
use crate::{HostFacts, HostRecord, NewEvent, StoreError, rows::Reader, sql::hosts};

/// What it is called that is not there.
const HOST: StoreError = StoreError::NotFound("host");

impl Operator {
    /// Knows a host that the settings name; one that has never answered is away.
    pub async fn know_host(&self, name: &str, address: &str) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().text(name).text(address).time(self.store.now());
        tx.execute(&hosts::KNOWN, args).await?;
        Ok(tx.commit().await?)
    }

    /// Notes that a host has answered: it is away no more.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where a newer incarnation of it has answered before.
    pub async fn host_answered(&self, facts: &HostFacts) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let args = tx
            .args()
            .text(&facts.name)
            .text(&facts.address)
            .int(facts.incarnation)
            .text(&facts.version)
            .count(facts.capacity)
            .time(self.store.now());
        if tx.execute(&hosts::SEEN, args).await? == 0 {
            let reason = format!("host {} has answered with a newer incarnation before", facts.name);
            return Err(StoreError::Conflict { field: "incarnation", reason });
        }
        Ok(tx.commit().await?)
    }

    /// Notes that a host does not answer; since when is kept from the first time on.
    pub async fn host_away(&self, name: &str) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().text(name).time(self.store.now());
        tx.execute(&hosts::AWAY, args).await?;
        Ok(tx.commit().await?)
    }

    /// Orders something of a host, with a line in the audit log where that is new; the host as it then is.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is no such host.
    pub async fn order_host(&self, name: &str, order: HostOrder) -> Result<HostRecord, StoreError> {
        let now = self.store.now();
        let mut tx = self.write().await?;
        let args = tx.args().text(name).label(order).time(now);
        if tx.execute(&hosts::ORDER, args).await? > 0 {
            let event = NewEvent {
                tenant_id: None,
                user_id: self.actor().user(),
                actor: self.actor().to_string(),
                event_type: match order {
                    HostOrder::Ready => "HOST_READIED",
                    HostOrder::Draining => "HOST_DRAINED",
                    HostOrder::Lost => "HOST_LOST",
                },
                payload: json!({ "host": name }),
            };
            insert_event(&mut tx, &event, now).await?;
        }
        let args = tx.args().text(name);
        let row = tx.row(&hosts::GET, args).await?.ok_or(HOST)?;
        let host = read(&row)?;
        tx.commit().await?;
        Ok(host)
    }

    /// All hosts that are known, by their names.
    pub async fn hosts(&self) -> Result<Vec<HostRecord>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args();
        tx.rows(&hosts::LIST, args).await?.iter().map(read).collect()
    }

    /// One host.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is no such host.
    pub async fn host(&self, name: &str) -> Result<HostRecord, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(name);
        read(&tx.row(&hosts::GET, args).await?.ok_or(HOST)?)
    }

    /// How many tenants have their place there.
    pub async fn tenants_on(&self, name: &str) -> Result<u64, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(name);
        Ok(u64::try_from(tx.number(&hosts::TENANTS_ON, args).await?).unwrap_or_default())
    }

    /// Forgets a host on which nothing is; whether it was forgotten.
    pub async fn forget_host(&self, name: &str) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().text(name);
        let gone = tx.execute(&hosts::FORGET, args).await?;
        tx.commit().await?;
        Ok(gone > 0)
    }
}

pub(super) fn read(row: &AnyRow) -> Result<HostRecord, StoreError> {
    let row = &mut Reader::new(row);
    Ok(HostRecord {
        name: row.text()?,
        address: row.text()?,
        incarnation: row.int()?,
        version: row.text()?,
        capacity: row.count()?,
        ordered: row.label()?,
        since: row.time()?,
        away_at: row.opt_time()?,
        seen_at: row.opt_time()?,
    })
}
