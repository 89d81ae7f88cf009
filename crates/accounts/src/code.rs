//! Second factors: codes of an app and recovery codes.

use secrecy::SecretString;
use store::{AccountChange, Actor, CodeTry, SecondFactor, StoreError};

use crate::{Accounts, Asker, Proved, SignInError, guesses::What, totp};

impl Accounts {
    /// Checks a second factor and uses it up. A code of an app is counted on the account before it is looked at, whatever
    /// session and address it comes from; a right password renews nothing. Recovery codes are too long to be guessed
    /// and are not counted, so that whoever is locked out by guesses of others has a way in.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn check_code(&self, proved: &Proved, code: &str, asker: &Asker) -> Result<(), SignInError> {
        let from = asker.source(self, Some((proved.actor, &proved.version)));
        let place = self.0.gate.place(from).await?;
        let recovery = !totp::looks_like_code(code);
        if !recovery && let CodeTry::NotBefore(at) = self.0.store.operator().count_code(proved.actor).await? {
            self.failed(Some(proved.actor), What::SecondFactor, asker.address()).await;
            // It is told at once, and the next one from there waits all the same.
            self.0.gate.penance_later(place);
            return Err(SignInError::NotBefore(at));
        }
        if self.uses(proved.actor, code, recovery).await? {
            if !recovery {
                self.0.store.operator().forget_codes(proved.actor).await?;
            }
            return Ok(());
        }
        self.failed(Some(proved.actor), What::SecondFactor, asker.address()).await;
        self.0.gate.penance(place).await;
        Err(SignInError::Wrong)
    }

    /// Whether the code is right; it is then used up.
    async fn uses(&self, actor: Actor, code: &str, recovery: bool) -> Result<bool, StoreError> {
        let Some(secret) = self.secret(actor).await? else { return Ok(false) };
        let factor = if recovery {
            SecondFactor::Recovery(totp::recovery_hash(code))
        } else {
            match totp::step(&secret, code, self.now()) {
                Some(step) => SecondFactor::Step(step),
                None => return Ok(false),
            }
        };
        self.use_up(actor, &factor).await
    }

    async fn use_up(&self, actor: Actor, factor: &SecondFactor) -> Result<bool, StoreError> {
        match actor {
            Actor::Admin => self.0.store.operator().use_admin_factor(factor).await,
            Actor::User(id) => self.0.store.operator().use_second_factor(id, factor).await,
            Actor::System | Actor::Worker => Ok(false),
        }
    }

    async fn secret(&self, actor: Actor) -> Result<Option<SecretString>, StoreError> {
        match actor {
            Actor::Admin => Ok(self.0.store.operator().admin_factor().await?.totp_secret),
            Actor::User(id) => {
                let account = self.0.store.operator().operator_by_id(id).await?;
                Ok(account.and_then(|account| account.totp_secret))
            }
            Actor::System | Actor::Worker => Ok(None),
        }
    }

    /// Gives whoever asks a second factor whose first code has come, and answers the recovery codes. `None` where the code
    /// is not right. All that goes on for the account ends.
    pub async fn set_factor(
        &self,
        actor: Actor,
        secret: SecretString,
        code: &str,
    ) -> Result<Option<Vec<SecretString>>, SignInError> {
        let Some(step) = totp::step(&secret, code, self.now()) else { return Ok(None) };
        let (codes, recovery) = totp::recovery_codes();
        self.change(actor, actor, &AccountChange::Totp { secret, recovery }).await?;
        // This code has been seen: it signs nobody in any more.
        self.use_up(actor, &SecondFactor::Step(step)).await?;
        Ok(Some(codes))
    }

    /// Changes how somebody signs in; `by` is who does it. All that goes on for the account ends.
    ///
    /// # Errors
    /// [`SignInError::Store`] where the database does not answer, or there is no such account.
    pub async fn change(&self, by: Actor, whose: Actor, change: &AccountChange) -> Result<(), SignInError> {
        let store = self.0.store.operator().by(by);
        match whose {
            Actor::Admin => store.change_admin_factor(change).await?,
            Actor::User(id) => store.change_account(id, change).await?,
            Actor::System | Actor::Worker => return Err(StoreError::NotFound("operator").into()),
        }
        self.take_back();
        Ok(())
    }
}
