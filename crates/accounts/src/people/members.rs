//! Who is invited to serve a tenant, and who goes.

use domain::{LinkKind, Role, TenantId, UserId};
use jiff::SignedDuration;
use store::{Actor, Member, StoreError};

use super::{Address, INVITED, Made, People, PeopleError, links::Link};

/// Invitations that one person may make within an hour.
const AN_HOUR: u64 = 30;

impl People {
    /// Invites somebody to serve a tenant. `emailed` says that the link goes to the address by letter, so that whoever uses
    /// it has shown that the address is theirs.
    ///
    /// # Errors
    /// [`PeopleError::NoAddress`], [`PeopleError::MemberAlready`], [`PeopleError::TooManyLinks`].
    pub async fn invite(
        &self,
        by: UserId,
        tenant: TenantId,
        name: &str,
        email: &str,
        emailed: bool,
    ) -> Result<(Member, Made), PeopleError> {
        let address = Address::read(email).ok_or(PeopleError::NoAddress)?;
        let by = Actor::User(by);
        let hour = self.ago(SignedDuration::from_hours(1));
        if self.store().invitations_since(by, hour).await? >= AN_HOUR {
            return Err(PeopleError::TooManyLinks);
        }
        let member = self.store().by(by).invite(tenant, name, address.as_str(), Role::Staff).await;
        let member = member.map_err(|error| match error {
            StoreError::Conflict { field: "email", .. } => PeopleError::MemberAlready,
            other => other.into(),
        })?;
        let link = Link {
            kind: LinkKind::Invitation,
            user: member.user.id,
            tenant: Some(tenant),
            email: address.as_str(),
            proves: emailed,
            lasts: INVITED,
        };
        let made = self.make(link, (by, None)).await?;
        Ok((member, made))
    }

    /// Ends what a person is to a tenant, and what goes on for them.
    ///
    /// # Errors
    /// [`PeopleError::NoMember`], [`PeopleError::OwnerStays`].
    pub async fn remove(&self, by: UserId, tenant: TenantId, user: UserId) -> Result<(), PeopleError> {
        let removed = self.store().by(Actor::User(by)).remove(tenant, user).await;
        removed.map_err(|error| match error {
            StoreError::NotFound("member") => PeopleError::NoMember,
            StoreError::Conflict { field: "owner", .. } => PeopleError::OwnerStays,
            other => other.into(),
        })?;
        self.0.take_back();
        Ok(())
    }
}
