//! What the tenant tells its bot beside its settings.

use domain::RecordId;
use serde_json::Value;

use super::{TENANT, TenantScope};
use crate::{
    Profile, StoreError,
    actor::note,
    rows::Reader,
    sql::{lifecycle, profiles},
};

impl TenantScope {
    /// The business profile; of version 0 where nothing was ever told.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the database does not answer.
    pub async fn profile(&self) -> Result<Profile, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args();
        let row = tx.row(&profiles::GET, args).await?;
        row.map_or(Ok(Profile { version: 0, document: String::new() }), |row| {
            let mut row = Reader::new(&row);
            Ok(Profile { version: row.int()?, document: row.text()? })
        })
    }

    /// Saves a business profile over the version that was seen, with a line in the audit log that says `changed`. The
    /// document says its own version already: one more than `seen`, which is returned.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] in `version` where `seen` is not the version that stands, so that nobody saves over what
    /// somebody else has saved; [`StoreError::NotFound`] where there is no such tenant.
    pub async fn save_profile(&self, seen: i64, document: &str, changed: &Value) -> Result<i64, StoreError> {
        let now = self.store.now();
        let mut tx = self.write().await?;
        let args = tx.args().time(now);
        tx.row(&lifecycle::LOCK, args).await?.ok_or(TENANT)?;
        let args = tx.args();
        if tx.number(&profiles::VERSION, args).await? != seen {
            let reason = "somebody else has changed this business profile meanwhile".to_owned();
            return Err(StoreError::Conflict { field: "version", reason });
        }
        let version = seen + 1;
        let args = tx.args().id(RecordId::generate()).int(version).text(document).time(now);
        tx.execute(&profiles::SAVE, args).await?;
        note(&mut tx, self.actor, "PROFILE_CHANGED", changed, now).await?;
        tx.commit().await?;
        Ok(version)
    }
}
