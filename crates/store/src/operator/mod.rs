//! Everything that crosses tenants, in this module and nowhere else: for operators and the supervisor.
//! A handler that serves a tenant's own people must never call it.

mod events;
mod people;
mod settings;
mod tenants;

use crate::{
    Store, StoreError,
    db::{Access, Tx},
};

/// Access to all tenants' rows and to what belongs to none.
#[derive(Debug, Clone)]
pub struct Operator {
    store: Store,
}

impl Operator {
    pub(crate) fn new(store: Store) -> Self {
        Self { store }
    }

    async fn read(&self) -> Result<Tx, StoreError> {
        self.store.begin(Access { tenant: None, write: false }).await
    }

    async fn write(&self) -> Result<Tx, StoreError> {
        self.store.begin(Access { tenant: None, write: true }).await
    }
}
