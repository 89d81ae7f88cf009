//! Contacts that are to be forgotten: written down before anything is erased, and gone once the worker's journal has
//! confirmed, so that a stop at any point between repeats it and loses nothing.

use domain::{RecordId, limits::PAGE_MAX_ROWS};
use serde_json::Value;
use sqlx::any::AnyRow;

use super::TenantScope;
use crate::{Actor, Erasure, StoreError, actor, rows::Reader, sql::erasures};

impl TenantScope {
    /// Writes down that a contact is to be forgotten, as ordered by this scope's actor. Ordered twice, it is one; true where
    /// it was not ordered before.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is no such tenant, [`StoreError::Unavailable`] where the database does not
    /// answer.
    pub async fn order_erasure(&self, contact: &str) -> Result<(Erasure, bool), StoreError> {
        let mut tx = self.write().await?;
        let args = tx
            .args()
            .id(RecordId::generate())
            .text(contact)
            .text(&self.actor.to_string())
            .time(self.store.now());
        let added = tx.execute(&erasures::ORDER, args).await? > 0;
        let args = tx.args().text(contact);
        let row = tx.row(&erasures::OF_CONTACT, args).await?.ok_or(super::TENANT)?;
        let erasure = erasure(&row)?;
        tx.commit().await?;
        Ok((erasure, added))
    }

    /// What is ordered and not done, the oldest first; at most a page of it.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn erasures(&self) -> Result<Vec<Erasure>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().int(i64::from(PAGE_MAX_ROWS));
        tx.rows(&erasures::WAITING, args).await?.iter().map(erasure).collect()
    }

    /// Keeps the names that the journal knows the contact by, before the journal forgets them.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn name_erasure(
        &self,
        id: RecordId,
        number: Option<&str>,
        lid: Option<&str>,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().id(id).opt_text(number).opt_text(lid);
        tx.execute(&erasures::NAME, args).await?;
        Ok(tx.commit().await?)
    }

    /// The contact is forgotten: the order goes, and the audit log says so in the words of who ordered it. Nothing is
    /// written where another has finished it meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn finish_erasure(&self, erasure: &Erasure, payload: &Value) -> Result<(), StoreError> {
        self.end_erasure(erasure, Some(payload)).await
    }

    /// The contact is not to be forgotten after all: whoever ordered it was told why.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn withdraw_erasure(&self, erasure: &Erasure) -> Result<(), StoreError> {
        self.end_erasure(erasure, None).await
    }

    async fn end_erasure(&self, erasure: &Erasure, payload: Option<&Value>) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let args = tx.args().id(erasure.id);
        let ended = tx.execute(&erasures::DONE, args).await?;
        if let Some(payload) = payload.filter(|_| ended > 0) {
            actor::note(&mut tx, erasure.ordered_by, "CONTACT_ERASED", payload, self.store.now()).await?;
        }
        tx.commit().await?;
        // Whom it was must not be kept.
        self.store.forget_deleted().await
    }
}

fn erasure(row: &AnyRow) -> Result<Erasure, StoreError> {
    let row = &mut Reader::new(row);
    Ok(Erasure {
        id: row.id()?,
        contact: row.text()?,
        number: row.opt_text()?,
        lid: row.opt_text()?,
        ordered_by: Actor::read(&row.text()?),
    })
}
