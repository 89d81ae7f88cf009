//! Who is invited to a tenant, and who goes.

use domain::{MembershipStatus, Role, TenantId, UserId};
use serde_json::json;

use super::{People, sign_in::lock};
use crate::{
    Member, NewMember, StoreError,
    operator::add_member,
    rows::{self, Reader},
    sql::{members, people},
};

impl People {
    /// Invites a person to a tenant, or once more whoever has not come yet or has gone. A person who is known keeps name and
    /// number.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] in `email` where the person is a member in force, [`StoreError::NotFound`] where there is no
    /// such tenant.
    pub async fn invite(
        &self,
        tenant: TenantId,
        name: &str,
        email: &str,
        role: Role,
    ) -> Result<Member, StoreError> {
        let now = self.store.now();
        let mut tx = self.write().await?;
        let args = tx.args().text(&email.trim().to_lowercase());
        let known = tx.row(&members::USER_BY_EMAIL, args).await?;
        let known = known.map(|row| rows::user(&mut Reader::new(&row))).transpose()?;
        if let Some(user) = known {
            lock(&mut tx, user.id).await?;
            let args =
                tx.args().id(user.id).id(tenant).label(role).label(MembershipStatus::Invited).time(now);
            if tx.execute(&people::INVITE_AGAIN, args).await? > 0 {
                // What was passed on before led to what the person was to be then, and perhaps to other hands.
                let args = tx.args().id(user.id).id(tenant).time(now);
                tx.execute(&people::LINKS_VOID_OF_TENANT, args).await?;
                let args = tx.args().id(user.id);
                let all = tx.rows(&members::OF_USER, args).await?;
                let all = all.iter().map(|row| rows::membership(&mut Reader::new(row)));
                let all = all.collect::<Result<Vec<_>, _>>()?;
                let membership = all.into_iter().find(|one| one.tenant_id == Some(tenant));
                let membership = membership.ok_or(StoreError::NotFound("membership"))?;
                tx.commit().await?;
                return Ok(Member { user, membership });
            }
        }
        let new = NewMember {
            name: name.to_owned(),
            email: email.to_owned(),
            phone: None,
            role,
            status: MembershipStatus::Invited,
        };
        let member = add_member(&mut tx, Some(tenant), &new, now).await?;
        tx.commit().await?;
        Ok(member)
    }

    /// Ends what a person is to a tenant, with their sessions of it and the links to it.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where the person is none of this tenant, [`StoreError::Conflict`] in `owner` where the person
    /// is an owner: those go by an operator alone.
    pub async fn remove(&self, tenant: TenantId, user: UserId) -> Result<(), StoreError> {
        let now = self.store.now();
        let mut tx = self.write().await?;
        let args = tx.args().id(user).id(tenant);
        let seat = tx.row(&people::SEAT_OF, args).await?.map(|row| rows::seat(&row)).transpose()?;
        let seat = seat.filter(|seat| seat.status != MembershipStatus::Removed);
        match seat.ok_or(StoreError::NotFound("member"))?.role {
            Role::Owner => {
                return Err(StoreError::Conflict { field: "owner", reason: "an owner stays".into() });
            }
            Role::Staff | Role::Admin => {}
        }
        let args = tx.args().id(user).id(tenant).label(MembershipStatus::Removed).time(now);
        tx.execute(&people::SET_STATUS, args).await?;
        let args = tx.args().id(user).id(tenant);
        tx.execute(&people::SESSIONS_END_OF_TENANT, args).await?;
        let args = tx.args().id(user).id(tenant).time(now);
        tx.execute(&people::LINKS_VOID_OF_TENANT, args).await?;
        let payload = json!({ "member": user, "status": MembershipStatus::Removed });
        self.note(&mut tx, Some(tenant), "MEMBER_STATUS_CHANGED", payload).await?;
        Ok(tx.commit().await?)
    }
}
