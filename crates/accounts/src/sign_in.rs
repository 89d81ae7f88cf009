//! A password that is sent to be let in by.

use domain::{MembershipStatus, UserId};
use secrecy::SecretString;
use store::{Actor, OperatorAccount, StoreError};

use crate::{
    Accounts, Asker, SignInError,
    gate::{Denied, Worth},
    guesses::What,
};

/// The user name that goes with the admin password.
pub const ADMIN: &str = "admin";

/// Who has proved to be who.
#[derive(Debug, Clone)]
pub struct Proved {
    /// Who.
    pub actor: Actor,
    /// The name for pages.
    pub name: String,
    /// What sessions, streams and known browsers are bound to: the account with its password and second factor.
    pub version: String,
    /// Whether a second factor belongs to it.
    pub has_factor: bool,
}

/// A password that was right, and whether a second factor has to follow.
#[derive(Debug)]
pub enum Passed {
    /// It is enough.
    Enough(Proved),
    /// The account has a second factor.
    NeedsCode(Proved),
}

impl Accounts {
    /// Checks a password on its own: the admin's under the name `admin`, an operator's under the account's address. Where
    /// a second factor belongs to the account, the answer is that of a wrong one, as late and as well written down,
    /// whether it is right or not.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn sign_in_at_once(
        &self,
        user: &str,
        password: &SecretString,
        asker: &Asker,
    ) -> Result<Proved, SignInError> {
        match self.check(user, password, asker, true).await? {
            Passed::Enough(proved) => Ok(proved),
            Passed::NeedsCode(_) => Err(SignInError::Wrong),
        }
    }

    /// Checks a password that a second factor may follow.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn sign_in(
        &self,
        user: &str,
        password: &SecretString,
        asker: &Asker,
    ) -> Result<Passed, SignInError> {
        self.check(user, password, asker, false).await
    }

    async fn check(
        &self,
        user: &str,
        password: &SecretString,
        asker: &Asker,
        alone: bool,
    ) -> Result<Passed, SignInError> {
        let (proved, hash) = if user.eq_ignore_ascii_case(ADMIN) {
            (Some(self.admin().await?), None)
        } else {
            let found = self.0.store.operator().operator_by_email(user).await?.filter(in_force);
            found.map_or((None, None), |account| {
                let hash = account.password_hash.clone();
                (Some(person(account)), Some(hash))
            })
        };
        let admitted = self.admit(proved.as_ref(), hash.as_ref(), password, asker, alone).await;
        match (admitted, proved) {
            (Ok(()), Some(proved)) if proved.has_factor => Ok(Passed::NeedsCode(proved)),
            (Ok(()), Some(proved)) => Ok(Passed::Enough(proved)),
            (Ok(()) | Err(Denied::Wrong), proved) => {
                let what = match &proved {
                    Some(proved) if alone && proved.has_factor => What::PasswordWithoutCode,
                    _ => What::Password,
                };
                self.failed(proved.map(|proved| proved.actor), what, asker.address()).await;
                Err(SignInError::Wrong)
            }
            (Err(Denied::TooMany), _) => Err(SignInError::TooMany),
        }
    }

    async fn admit(
        &self,
        proved: Option<&Proved>,
        hash: Option<&SecretString>,
        password: &SecretString,
        asker: &Asker,
        alone: bool,
    ) -> Result<(), Denied> {
        let account = proved.map(|proved| (proved.actor, proved.version.as_str()));
        let from = asker.source(self, account);
        let missing = alone && proved.is_some_and(|proved| proved.has_factor);
        let worth = if missing { Worth::Nothing } else { Worth::Entry };
        match proved.map(|proved| proved.actor) {
            Some(Actor::Admin) => self.0.gate.admit(password, from, worth).await,
            _ => self.0.gate.admit_account(hash, password, from, worth).await,
        }
    }

    /// Checks the password of whoever is signed in already, once more.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn check_again(
        &self,
        actor: Actor,
        password: &SecretString,
        asker: &Asker,
    ) -> Result<(), SignInError> {
        let (proved, hash) = match actor {
            Actor::User(id) => match self.0.store.operator().operator_by_id(id).await?.filter(in_force) {
                Some(account) => {
                    let hash = account.password_hash.clone();
                    (Some(person(account)), Some(hash))
                }
                None => (None, None),
            },
            Actor::Admin => (Some(self.admin().await?), None),
            Actor::System | Actor::Worker => (None, None),
        };
        match self.admit(proved.as_ref(), hash.as_ref(), password, asker, false).await {
            Ok(()) => Ok(()),
            Err(Denied::Wrong) => {
                self.failed(Some(actor), What::PasswordAgain, asker.address()).await;
                Err(SignInError::Wrong)
            }
            Err(Denied::TooMany) => Err(SignInError::TooMany),
        }
    }

    /// An account as it is now; `None` where it is not in force.
    pub async fn account(&self, actor: Actor) -> Result<Option<Proved>, SignInError> {
        match actor {
            Actor::Admin => Ok(Some(self.admin().await?)),
            Actor::User(id) => {
                Ok(self.0.store.operator().operator_by_id(id).await?.filter(in_force).map(person))
            }
            Actor::System | Actor::Worker => Ok(None),
        }
    }

    /// The ids of all operators, those who may not sign in included.
    pub async fn operators(&self) -> Result<Vec<UserId>, StoreError> {
        let listed = self.0.store.operator().list_operators().await?;
        Ok(listed.into_iter().map(|operator| operator.member.user.id).collect())
    }

    /// The bearer of the admin password.
    async fn admin(&self) -> Result<Proved, SignInError> {
        let factor = self.0.store.operator().admin_factor().await?;
        let epoch = self.0.gate.epoch();
        // Without a change of its factor it is what sessions of earlier versions carry.
        let version =
            if factor.version == 0 { epoch.to_owned() } else { format!("{epoch}.{}", factor.version) };
        Ok(Proved {
            actor: Actor::Admin,
            name: ADMIN.to_owned(),
            version,
            has_factor: factor.totp_secret.is_some(),
        })
    }
}

fn in_force(account: &OperatorAccount) -> bool {
    account.member.membership.status == MembershipStatus::Active
}

fn person(account: OperatorAccount) -> Proved {
    Proved {
        actor: Actor::User(account.user_id()),
        version: account.password_version.to_string(),
        has_factor: account.totp_secret.is_some(),
        name: account.member.user.name,
    }
}
