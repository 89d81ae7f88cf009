//! One tenant's rows: every method binds that tenant's id and no other.

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

    async fn write(&self) -> Result<Tx, StoreError> {
        self.store.begin(Access { tenant: Some(self.tenant), write: true }).await
    }
}

/// A statement that changes a tenant's one-to-one row must have changed one.
fn found(changed: u64) -> Result<(), StoreError> {
    if changed == 0 { Err(TENANT) } else { Ok(()) }
}
