//! What a person changes of their own.

use domain::{Language, Phone, UserId};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::{
    PERSON, People, account, seats,
    sign_in::{end_all, ensure, lock},
};
use crate::{
    Actor, PersonSeat, StoreError,
    sql::{members, people},
};

impl People {
    /// Changes name, number and language.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is no such person.
    pub async fn update(
        &self,
        user: UserId,
        name: &str,
        phone: Option<&Phone>,
        language: Language,
    ) -> Result<(), StoreError> {
        let now = self.store.now();
        let mut tx = self.write().await?;
        let args = tx.args().id(user).text(name).opt_text(phone.map(Phone::as_str)).time(now);
        if tx.execute(&people::UPDATE_USER, args).await? == 0 {
            return Err(PERSON);
        }
        ensure(&mut tx, user, language, now).await?;
        let args = tx.args().id(user).label(language).time(now);
        tx.execute(&people::UPDATE_ACCOUNT, args).await?;
        Ok(tx.commit().await?)
    }

    /// Sets a password by its argon2id hash. All other sessions end, and links that were not used are void.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is no such person.
    pub async fn set_password(
        &self,
        user: UserId,
        hash: &SecretString,
        session: &str,
    ) -> Result<(), StoreError> {
        let now = self.store.now();
        let mut tx = self.write().await?;
        let before = account(&mut tx, user).await?.ok_or(PERSON)?;
        ensure(&mut tx, user, before.language, now).await?;
        let args = tx.args().id(user).text(hash.expose_secret()).time(now);
        tx.execute(&people::SET_PASSWORD, args).await?;
        let args = tx.args().text(session);
        tx.execute(&people::SESSION_PASSWORD_SET, args).await?;
        let args = tx.args().id(user).text(session);
        tx.execute(&people::SESSIONS_END, args).await?;
        let args = tx.args().id(user).time(now);
        tx.execute(&people::LINKS_VOID, args).await?;
        self.note(&mut tx, None, "PASSWORD_SET", json!({ "member": user })).await?;
        Ok(tx.commit().await?)
    }

    /// Deletes a person: what they are to tenants, how they sign in, and, unless an operator, the person. Tenants that are
    /// left without an owner by that are answered; for each there is a line that its deletion is asked for.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where there is no such person.
    pub async fn delete(&self, user: UserId) -> Result<Vec<PersonSeat>, StoreError> {
        let mut tx = self.write().await?;
        if lock(&mut tx, user).await? == 0 {
            return Err(PERSON);
        }
        let before = seats(&mut tx, user).await?;
        let args = tx.args().id(user);
        tx.execute(&people::DROP_MEMBERSHIPS, args).await?;
        end_all(&mut tx, user, self.store.now()).await?;
        let by = self.clone().by(Actor::User(user));
        let mut left = Vec::new();
        for seat in before {
            if seat.status != domain::MembershipStatus::Active {
                continue;
            }
            let payload = json!({ "member": user, "role": seat.role });
            by.note(&mut tx, Some(seat.tenant), "ACCOUNT_DELETED", payload).await?;
            let args = tx.args().id(seat.tenant);
            let owners = tx.number(&people::OWNERS_OF, args).await?;
            if seat.role == domain::Role::Owner && owners == 0 {
                by.note(&mut tx, Some(seat.tenant), "TENANT_DELETION_ASKED", json!({})).await?;
                left.push(seat);
            }
        }
        let args = tx.args().id(user);
        tx.execute(&people::DROP_IDENTITIES, args).await?;
        let args = tx.args().id(user).opt_text(None).time(self.store.now());
        tx.execute(&people::SET_PASSWORD, args).await?;
        let args = tx.args().id(user);
        tx.execute(&members::FORGET_USER, args).await?;
        tx.commit().await?;
        self.store.forget_deleted().await?;
        Ok(left)
    }
}
