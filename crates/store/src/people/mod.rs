//! How the people of tenants sign in: accounts, identities, sessions and links. A person may belong to several tenants, so
//! this crosses them; it reaches no row of a tenant but its name and who belongs to it.

mod links;
mod me;
mod members;
mod sessions;
mod sign_in;

use domain::{TenantId, UserId};
use serde_json::Value;

use crate::{
    Actor, NewEvent, PersonAccount, PersonSeat, Store, StoreError,
    db::{Access, Tx},
    operator::insert_event,
    rows,
    sql::people,
};

/// What belongs to persons.
#[derive(Debug, Clone)]
pub struct People {
    store: Store,
    actor: Actor,
}

/// What is missing where a person is not there.
const PERSON: StoreError = StoreError::NotFound("person");

impl People {
    pub(crate) fn new(store: Store) -> Self {
        Self { store, actor: Actor::System }
    }

    /// The same, with changes written down as made by `actor`; otherwise they are the system's own.
    #[must_use]
    pub fn by(mut self, actor: Actor) -> Self {
        self.actor = actor;
        self
    }

    /// A person by id.
    pub async fn account(&self, user: UserId) -> Result<Option<PersonAccount>, StoreError> {
        let mut tx = self.read().await?;
        account(&mut tx, user).await
    }

    /// A person by address, letter case aside.
    pub async fn account_by_email(&self, email: &str) -> Result<Option<PersonAccount>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(&email.trim().to_lowercase());
        tx.row(&people::BY_EMAIL, args).await?.map(|row| rows::person(&row)).transpose()
    }

    /// What a person is to tenants, those included where it is no more or not yet, in the order in which they came.
    pub async fn seats(&self, user: UserId) -> Result<Vec<PersonSeat>, StoreError> {
        let mut tx = self.read().await?;
        seats(&mut tx, user).await
    }

    /// What a person is to one tenant.
    pub async fn seat(&self, user: UserId, tenant: TenantId) -> Result<Option<PersonSeat>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().id(user).id(tenant);
        tx.row(&people::SEAT_OF, args).await?.map(|row| rows::seat(&row)).transpose()
    }

    async fn read(&self) -> Result<Tx, StoreError> {
        self.store.begin(Access { tenant: None, write: false }).await
    }

    async fn write(&self) -> Result<Tx, StoreError> {
        self.store.begin(Access { tenant: None, write: true }).await
    }

    /// A line in the audit log that stands or falls with the transaction.
    async fn note(
        &self,
        tx: &mut Tx,
        tenant: Option<TenantId>,
        event_type: &'static str,
        payload: Value,
    ) -> Result<(), StoreError> {
        let event = NewEvent {
            tenant_id: tenant,
            user_id: self.actor.user(),
            actor: self.actor.to_string(),
            event_type,
            payload,
        };
        insert_event(tx, &event, self.store.now()).await.map(drop)
    }
}

async fn account(tx: &mut Tx, user: UserId) -> Result<Option<PersonAccount>, StoreError> {
    let args = tx.args().id(user);
    tx.row(&people::BY_ID, args).await?.map(|row| rows::person(&row)).transpose()
}

async fn seats(tx: &mut Tx, user: UserId) -> Result<Vec<PersonSeat>, StoreError> {
    let args = tx.args().id(user);
    tx.rows(&people::SEATS, args).await?.iter().map(rows::seat).collect()
}
