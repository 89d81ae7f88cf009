//! One tenant's rows: every method binds that tenant's id and no other.

mod append;
mod around;
mod customers;
mod deliveries;
mod erasures;
mod lifecycle;
mod logs;
mod members;
mod moves;
mod notes;
mod notices;
mod profile;
mod records;
mod standings;
mod tenant;
mod worker;

pub use around::Around;
pub(crate) use notes::changed as changed_notes;
pub(crate) use tenant::{declared, hours_json};

use domain::TenantId;

use crate::{
    Actor, Store, StoreError,
    db::{Access, Tx},
    rows::Reader,
    sql,
};

/// One tenant's rows and nothing else. Another tenant's ids look like missing ones.
#[derive(Debug, Clone)]
pub struct TenantScope {
    store: Store,
    tenant: TenantId,
    actor: Actor,
}

/// What is missing where a tenant's rows are not there.
const TENANT: StoreError = StoreError::NotFound("tenant");

impl TenantScope {
    pub(crate) fn new(store: Store, tenant: TenantId) -> Self {
        Self { store, tenant, actor: Actor::System }
    }

    /// The same rows, with changes written down as made by `actor`; otherwise they are the system's own.
    #[must_use]
    pub fn by(mut self, actor: Actor) -> Self {
        self.actor = actor;
        self
    }

    /// Whose rows these are.
    #[must_use]
    pub fn id(&self) -> TenantId {
        self.tenant
    }

    async fn read(&self) -> Result<Tx, StoreError> {
        self.store.begin(Access { tenant: Some(self.tenant), write: false }).await
    }

    /// What somebody changes of a tenant that was moved to another installation would be lost: it is refused.
    async fn write(&self) -> Result<Tx, StoreError> {
        let mut tx = self.write_of_moved().await?;
        let by_somebody = matches!(self.actor, Actor::Admin | Actor::User(_));
        if by_somebody && is_moved(&mut tx).await? == Some(true) {
            return Err(StoreError::Moved);
        }
        Ok(tx)
    }

    /// For what goes on where a tenant was moved from: its worker ends, and it is deleted.
    async fn write_of_moved(&self) -> Result<Tx, StoreError> {
        self.store.begin(Access { tenant: Some(self.tenant), write: true }).await
    }
}

/// Whether the tenant was moved to another installation; nothing where there is none.
async fn is_moved(tx: &mut Tx) -> Result<Option<bool>, StoreError> {
    let args = tx.args();
    let row = tx.row(&sql::moves::WHEN, args).await?;
    row.map(|row| Ok(Reader::new(&row).opt_time()?.is_some())).transpose()
}

/// A statement that changes a tenant's one-to-one row must have changed one.
fn found(changed: u64) -> Result<(), StoreError> {
    if changed == 0 { Err(TENANT) } else { Ok(()) }
}
