//! People across tenants: one person may belong to several, or be an operator.

use domain::{MembershipId, Role, TenantId, Timestamp, UserId};
use serde_json::json;

use super::Operator;
use crate::{
    Member, Membership, NewEvent, NewMember, StoreError, User,
    db::Tx,
    error::{is_foreign_key_violation, is_unique_violation},
    rows,
    rows::Reader,
    sql::members,
};

impl Operator {
    /// Adds a person to a tenant, or with `None` to the operators. Whoever is known by this address already keeps
    /// name and number. Stands here and not in the tenant's scope, since addresses are looked up across tenants.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] where the role does not fit, [`StoreError::Conflict`] where the person is a member
    /// already, [`StoreError::NotFound`] where there is no such tenant.
    pub async fn add_member(&self, tenant: Option<TenantId>, new: &NewMember) -> Result<Member, StoreError> {
        if tenant.is_none() != (new.role == Role::Admin) {
            let reason = "ADMIN belongs to no tenant, OWNER and STAFF belong to one".to_owned();
            return Err(StoreError::Invalid { field: "role", reason });
        }
        let now = self.store.now();
        let mut tx = self.write().await?;
        let member = add(&mut tx, tenant, new, now).await?;
        if let Some(tenant) = tenant {
            let event = NewEvent {
                tenant_id: Some(tenant),
                user_id: self.actor.user(),
                actor: self.actor.to_string(),
                event_type: "MEMBER_ADDED",
                payload: json!({ "member": member.user.id, "role": new.role }),
            };
            super::events::insert(&mut tx, &event, now).await?;
        }
        tx.commit().await?;
        Ok(member)
    }

    /// The person with this address, letter case aside.
    pub async fn user_by_email(&self, email: &str) -> Result<Option<User>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().text(&email.trim().to_lowercase());
        let row = tx.row(&members::USER_BY_EMAIL, args).await?;
        row.map(|row| rows::user(&mut Reader::new(&row))).transpose()
    }

    /// The name of a person, whosever: of an operator, or of a tenant's; `None` where there is nobody of that id any more.
    pub async fn name_of(&self, user: UserId) -> Result<Option<String>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().id(user);
        tx.row(&members::USER_NAME, args).await?.map(|row| Reader::new(&row).text()).transpose()
    }

    /// What a person may do, in all tenants.
    pub async fn memberships(&self, user: UserId) -> Result<Vec<Membership>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args().id(user);
        let found = tx.rows(&members::OF_USER, args).await?;
        found.iter().map(|row| rows::membership(&mut Reader::new(row))).collect()
    }

    /// Deletes those of these people who belong to no tenant and are no operators.
    pub(crate) async fn forget_people(&self, people: impl Iterator<Item = UserId>) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        for user in people {
            let args = tx.args().id(user);
            tx.execute(&members::FORGET_USER, args).await?;
        }
        Ok(tx.commit().await?)
    }

    /// The operators.
    pub async fn operators(&self) -> Result<Vec<Member>, StoreError> {
        let mut tx = self.read().await?;
        let args = tx.args();
        tx.rows(&members::OPERATORS, args).await?.iter().map(rows::member).collect()
    }
}

/// Adds a person within a transaction.
pub(crate) async fn add(
    tx: &mut Tx,
    tenant: Option<TenantId>,
    new: &NewMember,
    now: Timestamp,
) -> Result<Member, StoreError> {
    let email = new.email.trim().to_lowercase();
    let args = tx
        .args()
        .id(UserId::generate())
        .text(&new.name)
        .text(&email)
        .opt_text(new.phone.as_deref())
        .time(now);
    tx.execute(&members::ADD_USER, args).await?;
    let args = tx.args().text(&email);
    let row = tx.row(&members::USER_BY_EMAIL, args).await?.ok_or(StoreError::NotFound("user"))?;
    let user = rows::user(&mut Reader::new(&row))?;

    let membership = MembershipId::generate();
    let args =
        tx.args().id(membership).id(user.id).opt_id(tenant).label(new.role).label(new.status).time(now);
    match tx.execute(&members::ADD_MEMBERSHIP, args).await {
        Ok(_) => {}
        Err(error) if is_unique_violation(&error) => {
            return Err(StoreError::Conflict {
                field: "email",
                reason: "this person is a member already".into(),
            });
        }
        Err(error) if is_foreign_key_violation(&error) => return Err(StoreError::NotFound("tenant")),
        Err(error) => return Err(error.into()),
    }
    let args = tx.args().id(user.id);
    let all = tx.rows(&members::OF_USER, args).await?;
    let all = all.iter().map(|row| rows::membership(&mut Reader::new(row))).collect::<Result<Vec<_>, _>>()?;
    let membership =
        all.into_iter().find(|one| one.id == membership).ok_or(StoreError::NotFound("membership"))?;
    Ok(Member { user, membership })
}
