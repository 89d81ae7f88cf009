//! The ways in: a provider, a password.

use domain::{Language, TenantId, Timestamp, UserId, Via};
use jiff::SignedDuration;
use secrecy::SecretString;
use store::{Actor, NewTenant, ProviderPerson, StoreError};

use super::{Address, Found, INVITED, People, PeopleError, Token};
use crate::{
    Asker,
    gate::{Denied, Worth},
    guesses::What,
};

/// The longest text of a provider that is kept.
const LONGEST: usize = 255;

/// A session that has begun.
#[derive(Debug)]
pub struct Begun {
    /// Its secret, for the cookie.
    pub token: Token,
    /// Who is signed in, and to what.
    pub found: Found,
    /// Whether the person is to set a password now.
    pub set_password: bool,
}

impl People {
    /// Signs in whom a provider vouches for; an invitation of that address is accepted by it.
    ///
    /// # Errors
    /// [`PeopleError::Provider`] where what it said cannot be used, [`PeopleError::NoAddress`], [`PeopleError::IsOperator`].
    pub async fn by_provider(
        &self,
        person: &ProviderPerson,
        tenant: &NewTenant,
    ) -> Result<Begun, PeopleError> {
        let usable =
            |text: &str| !text.trim().is_empty() && text.len() <= LONGEST && !text.contains(char::is_control);
        if !usable(&person.issuer) {
            return Err(PeopleError::Provider("issuer"));
        }
        if !usable(&person.subject) {
            return Err(PeopleError::Provider("subject"));
        }
        let named = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_';
        if !(1..=40).contains(&person.provider.len()) || !person.provider.bytes().all(named) {
            return Err(PeopleError::Provider("provider"));
        }
        let address = Address::read(&person.email).ok_or(PeopleError::NoAddress)?;
        let person = ProviderPerson { email: address.as_str().to_owned(), ..person.clone() };
        let signed = self.store().sign_in_by_provider(&person, tenant, self.invited_since()).await;
        let signed = signed.map_err(|error| match error {
            StoreError::Conflict { field: "operator", .. } => PeopleError::IsOperator,
            other => other.into(),
        })?;
        if signed.dropped_password {
            self.0.take_back();
        }
        let tenant = signed.created.or(signed.joined.first().copied());
        self.begun(signed.user, Via::Provider, tenant, false).await
    }

    /// Signs in by address and password. Whoever is not known is told the same, as late, as whoever is wrong.
    ///
    /// # Errors
    /// [`PeopleError::Wrong`], [`PeopleError::TooMany`].
    pub async fn by_password(
        &self,
        email: &str,
        password: &SecretString,
        asker: &Asker,
    ) -> Result<Begun, PeopleError> {
        let known = self.store().account_by_email(email).await?;
        let (user, hash) = match known {
            Some(account) => (Some(account.user.id), account.password_hash),
            None => (None, None),
        };
        self.check_password(user, hash.as_ref(), password, asker, What::PortalPassword).await?;
        // A password that is right is somebody's.
        let user = user.ok_or(PeopleError::Wrong)?;
        // Whoever has a password has an account, with a language of its own.
        let signed =
            self.store().sign_in_known(user, false, None, Language::Sw, self.invited_since()).await?;
        self.begun(user, Via::Password, signed.joined.first().copied(), false).await
    }

    /// Looks at a password in the line, and writes down where it is wrong.
    pub(super) async fn check_password(
        &self,
        user: Option<UserId>,
        hash: Option<&SecretString>,
        password: &SecretString,
        asker: &Asker,
        what: What,
    ) -> Result<(), PeopleError> {
        let from = asker.source(&self.0, None);
        match self.0.0.gate.admit_account(hash, password, from, Worth::Entry).await {
            Ok(()) => Ok(()),
            Err(Denied::TooMany) => Err(PeopleError::TooMany),
            Err(Denied::Wrong) => {
                // Whoever has no password is guessed at like somebody who is not there.
                let whose = user.filter(|_| hash.is_some()).map(Actor::User);
                self.0.failed_in_passing(whose, what, asker.address());
                Err(PeopleError::Wrong)
            }
        }
    }

    /// Begins a session for a person.
    pub(super) async fn begun(
        &self,
        user: UserId,
        via: Via,
        tenant: Option<TenantId>,
        new_password: bool,
    ) -> Result<Begun, PeopleError> {
        let token = self.begin(user, via, tenant, None, new_password).await?;
        let found = self.session(&token.id).await?;
        let set_password = new_password && via == Via::Link;
        Ok(Begun { token, found, set_password })
    }

    /// Invitations from before that are over.
    pub(super) fn invited_since(&self) -> Timestamp {
        self.0.now().checked_sub(INVITED).unwrap_or(Timestamp::MIN)
    }

    /// A moment so much before now.
    pub(super) fn ago(&self, by: SignedDuration) -> Timestamp {
        self.0.now().checked_sub(by).unwrap_or(Timestamp::MIN)
    }
}
