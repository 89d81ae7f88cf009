//! The admin password: from the settings, or generated on the first start and kept as an argon2id hash.

use secrecy::SecretString;
use store::{Store, StoreError};

use crate::{
    Gate,
    password::{PasswordError, epoch_of, generate, hash, is_hash_of},
};

/// The setting in the database that holds the hash.
const SETTING: &str = "admin.password_hash";
/// The setting that holds a hash of the configured password, by which it is seen whether that was changed.
const CONFIGURED: &str = "admin.configured_hash";

/// A password that could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The hash.
    #[error(transparent)]
    Password(#[from] PasswordError),
}

/// The gate for the admin password, and on the first start without `ADMIN_PASSWORD` the password itself, which is
/// kept nowhere and so has to be shown now.
///
/// # Errors
/// See [`SetupError`].
pub async fn set_up(
    store: &Store,
    configured: Option<&SecretString>,
) -> Result<(Gate, Option<SecretString>), SetupError> {
    let operator = store.operator();
    if let Some(password) = configured {
        let kept = operator.setting(CONFIGURED).await?.filter(|kept| is_hash_of(kept, password));
        let kept = match kept {
            Some(kept) => kept,
            None => {
                let made = hash(password)?;
                operator.set_setting(CONFIGURED, &made).await?;
                made
            }
        };
        return Ok((Gate::plain(password, epoch_of(&kept)), None));
    }
    if let Some(kept) = operator.setting(SETTING).await? {
        return Ok((Gate::hashed(kept)?, None));
    }
    let password = generate();
    let made = hash(&password)?;
    let kept = operator.init_setting(SETTING, &made).await?;
    // Where somebody else was first, theirs holds.
    let shown = (kept == made).then_some(password);
    Ok((Gate::hashed(kept)?, shown))
}

/// Forgets the kept password, so that [`set_up`] makes a new one.
pub async fn forget(store: &Store) -> Result<(), SetupError> {
    Ok(store.operator().delete_setting(SETTING).await?)
}
