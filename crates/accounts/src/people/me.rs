//! What a person changes of their own.

use domain::{Language, Phone, UserId};
use secrecy::SecretString;
use store::PersonSeat;

use super::{Found, People, PeopleError};
use crate::{Asker, guesses::What};

/// Tenants that somebody who has gone leaves without an owner.
pub type Gone = Vec<PersonSeat>;

impl People {
    /// Changes name, number and language.
    pub async fn update(
        &self,
        user: UserId,
        name: &str,
        phone: Option<&Phone>,
        language: Language,
    ) -> Result<(), PeopleError> {
        Ok(self.store().update(user, name, phone, language).await?)
    }

    /// Whether a new password may be set: the one of until now is asked for where there is one, unless the session came by
    /// a link to set another.
    ///
    /// # Errors
    /// [`PeopleError::PasswordNeeded`], [`PeopleError::Wrong`], [`PeopleError::TooMany`].
    pub async fn may_set_password(
        &self,
        found: &Found,
        current: Option<&SecretString>,
        asker: &Asker,
    ) -> Result<(), PeopleError> {
        let Some(hash) = &found.account.password_hash else { return Ok(()) };
        if found.session.new_password {
            return Ok(());
        }
        let current = current.ok_or(PeopleError::PasswordNeeded)?;
        self.check_password(Some(found.account.user.id), Some(hash), current, asker, What::PasswordAgain)
            .await
    }

    /// Sets a password, by its argon2id hash. The person's other sessions end.
    pub async fn set_password(&self, found: &Found, hash: &SecretString) -> Result<(), PeopleError> {
        let user = found.account.user.id;
        let people = self.store().by(store::Actor::User(user));
        people.set_password(user, hash, &found.session.id).await?;
        self.0.take_back();
        Ok(())
    }

    /// Deletes a person, and ends all that goes on for them. Answers the tenants that have no owner by that.
    pub async fn delete(&self, user: UserId) -> Result<Gone, PeopleError> {
        let gone = self.store().delete(user).await?;
        self.0.take_back();
        Ok(gone)
    }
}
