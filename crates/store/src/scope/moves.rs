//! The tenant goes to another installation: from the commit of this on nothing here ever starts it again.

use domain::TenantEvent;
use serde_json::json;

use super::{TENANT, TenantScope, found, lifecycle::lock};
use crate::{
    StoreError,
    actor::note,
    rows::Reader,
    sql::{lifecycle, moves},
};

/// What whoever looks at it here reads.
const GONE: &str = "this tenant was moved to another installation of Flow HQ and runs there; it never starts here again. \
     Delete it here once it answers there";

impl TenantScope {
    /// Fences the tenant for good: no generation of it begins here any more. Done again for the same move key it changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where it was fenced for another move key.
    pub async fn fence(&self, move_key: &str) -> Result<(), StoreError> {
        let now = self.store.now();
        let mut tx = self.write_of_moved().await?;
        let old = lock(&mut tx, now).await?;
        let args = tx.args().time(now).text(move_key);
        let fenced = tx.execute(&moves::FENCE, args).await?;
        let args = tx.args();
        let row = tx.row(&moves::FENCED, args).await?.ok_or(TENANT)?;
        if Reader::new(&row).opt_text()?.as_deref() != Some(move_key) {
            let reason = "this tenant was moved out with another move key; only that move key's installation can take it in".to_owned();
            return Err(StoreError::Conflict { field: "key", reason });
        }
        if fenced > 0 {
            // As after a stop: whatever its worker still says until it has ended wakes nothing up.
            if let Ok(paused) = old.after(TenantEvent::Stopped) {
                let args = tx.args().label(paused);
                found(tx.execute(&lifecycle::SET_STATUS, args).await?)?;
                let args = tx.args().time(now);
                found(tx.execute(&moves::DISCONNECTED, args).await?)?;
            }
            let args = tx.args().text(GONE).time(now);
            found(tx.execute(&moves::STOP, args).await?)?;
            note(&mut tx, self.actor, "TENANT_MOVED_OUT", &json!({ "move_key": move_key }), now).await?;
        }
        Ok(tx.commit().await?)
    }
}
