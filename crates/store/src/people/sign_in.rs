//! What happens at a sign-in, all or nothing: a person becomes known, invitations are accepted, and somebody new gets a tenant.

use domain::{Language, MembershipId, MembershipStatus, RecordId, Role, TenantId, Timestamp, UserId};
use serde_json::json;

use super::{PERSON, People, account, seats};
use crate::{
    Actor, FirstSignIn, NewTenant, ProviderPerson, StoreError,
    db::Tx,
    operator::insert_tenant,
    rows::{self, Reader},
    sql::{members, people},
};

impl People {
    /// Signs somebody in for whom a provider vouches. Whoever is known by this name with the provider is that person; else
    /// whoever has the address. Invitations that were made since `invited_since` are accepted, and whoever belongs to no
    /// tenant then gets `tenant`, as its owner. Two at once make one.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] in `operator` where an operator without a tenant would get one.
    pub async fn sign_in_by_provider(
        &self,
        person: &ProviderPerson,
        tenant: &NewTenant,
        invited_since: Timestamp,
    ) -> Result<FirstSignIn, StoreError> {
        let now = self.store.now();
        let mut tx = self.write().await?;
        let known = by_identity(&mut tx, person).await?;
        let (user, dropped_password) = match known {
            Some(user) => {
                lock(&mut tx, user).await?;
                (user, false)
            }
            None => self.by_address(&mut tx, person, now).await?,
        };
        ensure(&mut tx, user, person.language, now).await?;
        let mut by = self.clone();
        by.actor = Actor::User(user);
        let joined = by.accept(&mut tx, user, None, invited_since, now).await?;
        let belongs = |seat: &crate::PersonSeat| seat.status == MembershipStatus::Active;
        let mut created = None;
        if !seats(&mut tx, user).await?.iter().any(belongs) {
            let args = tx.args().id(user);
            for row in tx.rows(&members::OF_USER, args).await? {
                if rows::membership(&mut Reader::new(&row))?.role == Role::Admin {
                    let reason = "an operator has no tenant".to_owned();
                    return Err(StoreError::Conflict { field: "operator", reason });
                }
            }
            created = Some(by.found(&mut tx, user, tenant, now).await?);
        }
        tx.commit().await?;
        Ok(FirstSignIn { user, created, joined, dropped_password })
    }

    /// The person with the address that a provider has verified.
    async fn by_address(
        &self,
        tx: &mut Tx,
        person: &ProviderPerson,
        now: Timestamp,
    ) -> Result<(UserId, bool), StoreError> {
        let args =
            tx.args().id(UserId::generate()).text(&person.name).text(&person.email).opt_text(None).time(now);
        tx.execute(&members::ADD_USER, args).await?;
        let args = tx.args().text(&person.email);
        let row = tx.row(&members::USER_BY_EMAIL, args).await?.ok_or(PERSON)?;
        let user = rows::user(&mut Reader::new(&row))?.id;
        lock(tx, user).await?;
        // Whoever came first under the same name with the provider has made it known meanwhile.
        if let Some(known) = by_identity(tx, person).await? {
            return Ok((known, false));
        }
        let dropped_password = prove(tx, user, person.language, now).await?;
        let args = tx
            .args()
            .id(RecordId::generate())
            .id(user)
            .text(&person.provider)
            .text(&person.issuer)
            .text(&person.subject)
            .time(now);
        tx.execute(&people::ADD_IDENTITY, args).await?;
        Ok((user, dropped_password))
    }

    /// Signs in a person who has shown who they are by a password or a link: invitations since `invited_since` are accepted.
    /// `proved` says that the address is shown to be theirs by that. As long as nobody has shown it, the account belongs to
    /// whoever had the first link to it: no invitation is accepted for it then but that of `tenant`, whose link has led here.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is no such person.
    pub async fn sign_in_known(
        &self,
        user: UserId,
        proved: bool,
        tenant: Option<TenantId>,
        language: Language,
        invited_since: Timestamp,
    ) -> Result<FirstSignIn, StoreError> {
        let now = self.store.now();
        let mut tx = self.write().await?;
        if lock(&mut tx, user).await? == 0 {
            return Err(PERSON);
        }
        let dropped_password = if proved {
            prove(&mut tx, user, language, now).await?
        } else {
            ensure(&mut tx, user, language, now).await?;
            false
        };
        let by = self.clone().by(Actor::User(user));
        let joined = by.accept(&mut tx, user, tenant, invited_since, now).await?;
        tx.commit().await?;
        Ok(FirstSignIn { user, created: None, joined, dropped_password })
    }

    async fn accept(
        &self,
        tx: &mut Tx,
        user: UserId,
        tenant: Option<TenantId>,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Vec<TenantId>, StoreError> {
        let args = tx.args().id(user).time(since).time(now).opt_id(tenant);
        let joined = tx.rows(&people::ACCEPT, args).await?;
        let joined = joined.iter().map(|row| Reader::new(row).id()).collect::<Result<Vec<TenantId>, _>>()?;
        for tenant in &joined {
            let payload = json!({ "member": user, "status": MembershipStatus::Active });
            self.note(tx, Some(*tenant), "INVITATION_ACCEPTED", payload).await?;
        }
        Ok(joined)
    }

    /// Makes a tenant with its rows, and its first owner.
    async fn found(
        &self,
        tx: &mut Tx,
        owner: UserId,
        new: &NewTenant,
        now: Timestamp,
    ) -> Result<TenantId, StoreError> {
        let tenant = TenantId::generate();
        insert_tenant(tx, tenant, new, now).await?;
        let args = tx
            .args()
            .id(MembershipId::generate())
            .id(owner)
            .id(tenant)
            .label(Role::Owner)
            .label(MembershipStatus::Active)
            .time(now);
        tx.execute(&members::ADD_MEMBERSHIP, args).await?;
        let payload = json!({ "template_type": new.template_type, "language": new.language });
        self.note(tx, Some(tenant), "TENANT_CREATED", payload).await?;
        let payload = json!({ "member": owner, "role": Role::Owner });
        self.note(tx, Some(tenant), "MEMBER_ADDED", payload).await?;
        Ok(tenant)
    }
}

async fn by_identity(tx: &mut Tx, person: &ProviderPerson) -> Result<Option<UserId>, StoreError> {
    let args = tx.args().text(&person.issuer).text(&person.subject);
    tx.row(&people::BY_IDENTITY, args).await?.map(|row| Reader::new(&row).id()).transpose()
}

/// How many there are: one, or none.
pub(super) async fn lock(tx: &mut Tx, user: UserId) -> Result<u64, StoreError> {
    let args = tx.args().id(user);
    Ok(tx.execute(&people::LOCK, args).await?)
}

pub(super) async fn ensure(
    tx: &mut Tx,
    user: UserId,
    language: Language,
    now: Timestamp,
) -> Result<(), StoreError> {
    let args = tx.args().id(user).label(language).time(now);
    tx.execute(&people::ENSURE, args).await?;
    Ok(())
}

/// Notes that an address is shown to be its person's. What was set up under it before anybody had shown that may be somebody
/// else's: password and identities go, and the browsers and links that came by them. Whether a password went.
async fn prove(tx: &mut Tx, user: UserId, language: Language, now: Timestamp) -> Result<bool, StoreError> {
    let before = account(tx, user).await?.ok_or(PERSON)?;
    let doubtful = before.is_known && before.verified_at.is_none();
    if doubtful {
        let args = tx.args().id(user);
        tx.execute(&people::DROP_IDENTITIES, args).await?;
        let args = tx.args().id(user).opt_text(None).time(now);
        tx.execute(&people::SET_PASSWORD, args).await?;
        end_all(tx, user, now).await?;
    }
    ensure(tx, user, language, now).await?;
    let args = tx.args().id(user).time(now);
    tx.execute(&people::VERIFY, args).await?;
    Ok(doubtful && before.password_hash.is_some())
}

/// Ends all that was opened for a person.
pub(super) async fn end_all(tx: &mut Tx, user: UserId, now: Timestamp) -> Result<(), StoreError> {
    let args = tx.args().id(user).text("");
    tx.execute(&people::SESSIONS_END, args).await?;
    let args = tx.args().id(user).time(now);
    tx.execute(&people::LINKS_VOID, args).await?;
    Ok(())
}
