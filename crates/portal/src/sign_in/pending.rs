//! What a browser keeps while somebody is at a provider: sealed, for ten minutes, and for the way back alone.

use http::{HeaderMap, HeaderValue, header};
use oidc::Pending;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

/// Sent with the way back alone.
const PATH: &str = "/api/auth/callback";
const NAME: &str = "flowhq_signing_in";
const SECONDS: u32 = 600;
/// For whom it is sealed.
const WHOSE: &str = "browser";

/// What was begun, and where to go then.
#[derive(Serialize, Deserialize)]
pub(super) struct Begun {
    pub(super) pending: Pending,
    pub(super) next: String,
}

/// Seals it, by a key that lives as long as the process: whoever was at the provider while that began anew begins again.
#[derive(Debug, Clone)]
pub(crate) struct Keeper(seal::Sealer);

impl Keeper {
    /// With a new key.
    ///
    /// # Errors
    /// Where the system gives no random numbers.
    pub(crate) fn new() -> Result<Self, seal::SealError> {
        use rand::{TryRng, rngs::SysRng};

        let mut key = [0; 32];
        SysRng.try_fill_bytes(&mut key).map_err(|_| seal::SealError::System)?;
        let key = seal::MasterKey::from_setting(&SecretString::from(hex::encode(key)));
        key.map_err(|_| seal::SealError::System)?.sealer("signing in by a provider").map(Self)
    }

    /// The cookie that keeps it.
    pub(super) fn keep(&self, begun: &Begun, https: bool) -> Option<HeaderValue> {
        let text = SecretString::from(serde_json::to_string(begun).ok()?);
        let sealed = self.0.seal(&text, WHOSE).ok()?;
        // Base64's signs beyond letters and numbers that a cookie may not hold: none without padding.
        cookie(&sealed.expose_secret().replace(':', "~"), SECONDS, https)
    }

    /// What a browser kept, where it kept any of ours.
    pub(super) fn kept(&self, headers: &HeaderMap) -> Option<Begun> {
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let (_, value) = pairs.find(|(name, _)| *name == NAME)?;
        let opened = self.0.open(&SecretString::from(value.replace('~', ":")), WHOSE).ok()?;
        serde_json::from_str(opened.expose_secret()).ok()
    }
}

/// Has the browser forget it.
pub(super) fn forget(https: bool) -> Option<HeaderValue> {
    cookie("", 0, https)
}

fn cookie(value: &str, seconds: u32, https: bool) -> Option<HeaderValue> {
    let secure = if https { "; Secure" } else { "" };
    // Lax, and not strict: the provider's page leads back here.
    let text = format!("{NAME}={value}; Path={PATH}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}
