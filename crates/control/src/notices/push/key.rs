//! The key by which push services know this installation: made once, sealed in the database.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::Timestamp;
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use seal::{SealError, Sealer};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use store::{Store, StoreError};

/// The setting that holds it.
const SETTING: &str = "push.key";
/// For how long a push service may believe a signature; RFC 8292 allows 24 hours.
const GOOD_FOR_SECONDS: i64 = 12 * 60 * 60;

/// Why nothing was pushed, or no key could be made.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// The browser's keys are none.
    #[error("the browser's keys cannot be read")]
    Keys,
    /// The message does not fit.
    #[error("the message is longer than a push message may be")]
    TooLong,
    /// The system has no random numbers, or a key cannot be used.
    #[error("the system cannot encrypt or sign")]
    System,
    /// What is stored is no key of ours.
    #[error("the key of web push in the database cannot be read")]
    Stored,
    /// It was sealed by another master key.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The key by which push services know this installation. `Debug` shows what is public.
pub struct PushKey {
    pair: EcdsaKeyPair,
    public: String,
}

impl fmt::Debug for PushKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushKey").field("public", &self.public).finish_non_exhaustive()
    }
}

fn made() -> Result<Vec<u8>, PushError> {
    let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
    made.map(|made| made.as_ref().to_vec()).map_err(|_| PushError::System)
}

impl PushKey {
    /// A new key that is kept nowhere.
    ///
    /// # Errors
    /// [`PushError::System`] where there are no random numbers.
    pub fn generate() -> Result<Self, PushError> {
        Self::from_pkcs8(&made()?)
    }

    /// Reads the key of this database, or makes it.
    ///
    /// # Errors
    /// See [`PushError`].
    pub async fn load(store: &Store, sealer: &Sealer) -> Result<Self, PushError> {
        let operator = store.operator();
        let stored = match operator.setting(SETTING).await? {
            Some(stored) => stored,
            None => {
                let text = SecretString::from(URL_SAFE_NO_PAD.encode(made()?));
                let sealed = sealer.seal(&text, SETTING)?;
                operator.init_setting(SETTING, sealed.expose_secret()).await?
            }
        };
        let opened = sealer.open(&SecretString::from(stored), SETTING)?;
        let bytes = URL_SAFE_NO_PAD.decode(opened.expose_secret()).map_err(|_| PushError::Stored)?;
        Self::from_pkcs8(&bytes)
    }

    fn from_pkcs8(bytes: &[u8]) -> Result<Self, PushError> {
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, bytes, &random);
        let pair = pair.map_err(|_| PushError::Stored)?;
        let public = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
        Ok(Self { pair, public })
    }

    /// What a browser subscribes with: an uncompressed point as base64url.
    #[must_use]
    pub fn public(&self) -> &str {
        &self.public
    }

    /// The header `Authorization` for a push service (RFC 8292): `origin` is the service's, `contact` is ours.
    pub(super) fn authorization(
        &self,
        origin: &str,
        contact: &str,
        now: Timestamp,
    ) -> Result<String, PushError> {
        let encoded = |document: serde_json::Value| URL_SAFE_NO_PAD.encode(document.to_string());
        let head = encoded(json!({ "typ": "JWT", "alg": "ES256" }));
        let claims = json!({ "aud": origin, "exp": now.as_second() + GOOD_FOR_SECONDS, "sub": contact });
        let signed = format!("{head}.{}", encoded(claims));
        let signature =
            self.pair.sign(&SystemRandom::new(), signed.as_bytes()).map_err(|_| PushError::System)?;
        let signature = URL_SAFE_NO_PAD.encode(signature.as_ref());
        Ok(format!("vapid t={signed}.{signature}, k={}", self.public))
    }
}

#[cfg(test)]
mod tests {
    use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

    use super::*;

    #[tokio::test]
    async fn the_key_is_made_once_sealed_and_signs_so_that_anybody_can_check() {
        let app = crate::testing::TestApp::new().await;
        let sealer = &app.app.accounts.options().sealer;
        let (one, again) = (
            PushKey::load(&app.store, sealer).await.unwrap(),
            PushKey::load(&app.store, sealer).await.unwrap(),
        );
        assert_eq!(one.public(), again.public());
        let stored = app.store.operator().setting(SETTING).await.unwrap().unwrap();
        assert!(Sealer::is_sealed(&stored), "no key stands in plain");
        assert!(format!("{one:?}").contains(one.public()) && !format!("{one:?}").contains("pair"));
        let now: Timestamp = "2026-01-10T12:00:00Z".parse().unwrap();
        let header = one.authorization("https://push.example.com", "mailto:a@example.com", now).unwrap();
        let token = header.strip_prefix("vapid t=").unwrap().split(", k=").next().unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let (head, claims) = signed.split_once('.').unwrap();
        let read = |part: &str| -> serde_json::Value {
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
        };
        assert_eq!(read(head)["alg"], "ES256");
        assert_eq!(read(claims)["aud"], "https://push.example.com");
        assert_eq!(read(claims)["exp"], now.as_second() + GOOD_FOR_SECONDS);
        let point = URL_SAFE_NO_PAD.decode(one.public()).unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
        key.verify(signed.as_bytes(), &signature).unwrap();
    }
}
