//! Everything that crosses tenants, in this module and nowhere else: for operators and the supervisor.
//! A handler that serves a tenant's own people must never call it.

mod accounts;
mod alerts;
mod events;
mod factors;
mod hosts;
mod new_tenant;
mod notes;
mod notices;
mod overview;
mod people;
mod places;
mod sessions;
mod settings;
mod standings;
mod tenants;
mod traffic;
mod upkeep;
mod usage;

pub(crate) use events::insert as insert_event;
pub(crate) use new_tenant::insert as insert_tenant;
pub(crate) use people::add as add_member;
pub use traffic::Traffic;
pub use usage::Usage;

use crate::{
    Actor, Store, StoreError,
    db::{Access, Tx},
};

/// Access to all tenants' rows and to what belongs to none.
#[derive(Debug, Clone)]
pub struct Operator {
    pub(crate) store: Store,
    actor: Actor,
}

impl Operator {
    pub(crate) fn new(store: Store) -> Self {
        Self { store, actor: Actor::System }
    }

    /// The same, with changes written down as made by `actor`; otherwise they are the system's own.
    #[must_use]
    pub fn by(mut self, actor: Actor) -> Self {
        self.actor = actor;
        self
    }

    pub(crate) const fn actor(&self) -> Actor {
        self.actor
    }

    pub(crate) async fn read(&self) -> Result<Tx, StoreError> {
        self.store.begin(Access { tenant: None, write: false }).await
    }

    pub(crate) async fn write(&self) -> Result<Tx, StoreError> {
        self.store.begin(Access { tenant: None, write: true }).await
    }
}
