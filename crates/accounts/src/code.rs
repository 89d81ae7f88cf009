//! Second factors: codes of an app and recovery codes.

use seal::Sealer;
use secrecy::{ExposeSecret as _, SecretString};
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
        let factor = if recovery {
            // Without a second factor there are none, and they are good although its secret cannot be opened.
            SecondFactor::Recovery(totp::recovery_hash(code))
        } else {
            let Some(secret) = self.secret(actor).await? else { return Ok(false) };
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
        let kept = match actor {
            Actor::Admin => self.0.store.operator().admin_factor().await?.totp_secret,
            Actor::User(id) => {
                let account = self.0.store.operator().operator_by_id(id).await?;
                account.and_then(|account| account.totp_secret)
            }
            Actor::System | Actor::Worker => None,
        };
        Ok(kept.and_then(|kept| self.opened(actor, kept)))
    }

    /// A secret as apps know it; `None` where it was sealed with another key.
    fn opened(&self, actor: Actor, kept: SecretString) -> Option<SecretString> {
        if !Sealer::is_sealed(kept.expose_secret()) {
            return Some(kept);
        }
        match self.0.options.sealer.open(&kept, &actor.to_string()) {
            Ok(secret) => Some(secret),
            Err(error) => {
                tracing::error!(%actor, %error, "a second factor cannot be read; its recovery codes are good all the same");
                None
            }
        }
    }

    /// Seals the second factors that stand in plain in the database, and tells how many.
    ///
    /// # Errors
    /// [`SignInError::Store`] where the database does not answer, [`SignInError::Seal`] where nothing can be sealed.
    pub async fn seal_factors(&self) -> Result<usize, SignInError> {
        let mut changes = Vec::new();
        for (actor, kept) in self.0.store.operator().factor_secrets().await? {
            if Sealer::is_sealed(kept.expose_secret()) {
                // Told at the start, and not only to whoever tries to sign in.
                let _readable = self.opened(actor, kept);
            } else {
                let sealed = self.0.options.sealer.seal(&kept, &actor.to_string())?;
                changes.push((actor, kept, sealed));
            }
        }
        if !changes.is_empty() {
            self.0.store.operator().reseal_factors(&changes).await?;
        }
        Ok(changes.len())
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

    /// Changes how somebody signs in; `by` is who does it. All that goes on for the account ends. The secret of a second
    /// factor is sealed here, for the account alone.
    ///
    /// # Errors
    /// [`SignInError::Store`] where the database does not answer, or there is no such account.
    pub async fn change(&self, by: Actor, whose: Actor, change: &AccountChange) -> Result<(), SignInError> {
        let store = self.0.store.operator().by(by);
        let sealed = match change {
            AccountChange::Totp { secret, recovery } => {
                let secret = self.0.options.sealer.seal(secret, &whose.to_string())?;
                Some(AccountChange::Totp { secret, recovery: recovery.clone() })
            }
            AccountChange::Password(_) | AccountChange::NoTotp => None,
        };
        let change = sealed.as_ref().unwrap_or(change);
        match whose {
            Actor::Admin => store.change_admin_factor(change).await?,
            Actor::User(id) => store.change_account(id, change).await?,
            Actor::System | Actor::Worker => return Err(StoreError::NotFound("operator").into()),
        }
        self.take_back();
        Ok(())
    }
}
