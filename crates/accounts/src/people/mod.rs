//! How owners and staff sign in, and what a session of theirs is. Operators have a way of their own: a person may be both, and
//! neither way leads into the other.

use domain::{MembershipStatus, TenantId, Timestamp};
use store::{Actor, StoreError};

use crate::Accounts;

/// Everything about the people of tenants. Cheap to clone.
#[derive(Debug, Clone)]
pub struct People(pub(crate) Accounts);

impl Accounts {
    /// The people of tenants.
    #[must_use]
    pub fn people(&self) -> People {
        People(self.clone())
    }
}

impl People {
    /// Until when somebody is a person of a tenant by a session, without news; `None` where they are none any more.
    pub(crate) async fn holds(
        &self,
        actor: Actor,
        _session: Option<&str>,
        tenant: TenantId,
    ) -> Result<Option<Timestamp>, StoreError> {
        let Some(user) = actor.user() else { return Ok(None) };
        let memberships = self.0.0.store.operator().memberships(user).await?;
        let active = memberships
            .iter()
            .any(|one| one.tenant_id == Some(tenant) && one.status == MembershipStatus::Active);
        Ok(active.then_some(Timestamp::MAX))
    }
}
