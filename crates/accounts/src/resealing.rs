//! What is sealed in the database, taken from one master key to another: second factors, each for its account, and settings,
//! each for its name.

use seal::{SealError, Sealer};
use secrecy::{ExposeSecret as _, SecretString};
use store::{Actor, Store};

use crate::SignInError;

/// What is sealed in a database, by which of two keys.
#[derive(Debug, Default)]
pub struct Sealed {
    /// By the former one: whose, what is kept, and the same by the new one.
    factors: Vec<(Actor, SecretString, SecretString)>,
    settings: Vec<(String, SecretString, SecretString)>,
    /// How many are sealed by the new one already.
    pub before: usize,
    /// Of whom it is sealed by neither.
    pub foreign: Vec<String>,
}

impl Sealed {
    /// Looks at all of it and changes nothing.
    ///
    /// # Errors
    /// [`SignInError::Store`] where the database does not answer, [`SignInError::Seal`] where nothing can be sealed.
    pub async fn look(store: &Store, from: &Sealer, to: &Sealer) -> Result<Self, SignInError> {
        let (operator, mut found) = (store.operator(), Self::default());
        for (actor, kept) in operator.factor_secrets().await? {
            if let Some(anew) = found.anew(&kept, &actor.to_string(), from, to)? {
                found.factors.push((actor, kept, anew));
            }
        }
        for (key, kept) in operator.settings().await? {
            if let Some(anew) = found.anew(&kept, &key, from, to)? {
                found.settings.push((key, kept, anew));
            }
        }
        Ok(found)
    }

    fn anew(
        &mut self,
        kept: &SecretString,
        whose: &str,
        from: &Sealer,
        to: &Sealer,
    ) -> Result<Option<SecretString>, SealError> {
        // What was never sealed is sealed by the next start.
        if !Sealer::is_sealed(kept.expose_secret()) {
            return Ok(None);
        }
        if to.open(kept, whose).is_ok() {
            self.before += 1;
            return Ok(None);
        }
        let Ok(secret) = from.open(kept, whose) else {
            self.foreign.push(whose.to_owned());
            return Ok(None);
        };
        to.seal(&secret, whose).map(Some)
    }

    /// How many are sealed by the former key.
    #[must_use]
    pub const fn former(&self) -> usize {
        self.factors.len() + self.settings.len()
    }

    /// Whether neither key has ever sealed anything here although something is sealed.
    #[must_use]
    pub const fn is_foreign(&self) -> bool {
        self.former() == 0 && self.before == 0 && !self.foreign.is_empty()
    }

    /// Keeps all of it by the new key from now on, with a line of the audit log; at once, or nothing of it. Nothing where nothing
    /// is sealed by the former one.
    ///
    /// # Errors
    /// [`SignInError::Store`] where the database does not answer.
    pub async fn keep(&self, store: &Store, payload: serde_json::Value) -> Result<(), SignInError> {
        if self.former() > 0 {
            store.operator().change_master_key(&self.factors, &self.settings, payload).await?;
        }
        Ok(())
    }
}
