//! How a portal may ask, and where it is.

use std::{fmt, sync::Arc};

use claim::Verifier;
use mail::Mailer;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};
use tokio::sync::Semaphore;

/// Letters that are sent at once; more are dropped, and asked for again.
const LETTERS_AT_ONCE: usize = 16;

/// How a portal may ask, and where it is.
#[derive(Clone)]
pub struct PortalOptions {
    /// The keys in the settings: one, or two while one takes the place of the other; none where nothing is set.
    pub keys: Vec<SecretString>,
    /// The key of the portal in this process, made at the start.
    pub own_key: Option<SecretString>,
    /// Who may say who asks.
    pub claims: Arc<Verifier>,
    /// Whether the key and an address are enough, for old clients.
    pub plain: bool,
    /// Whether setup requests are approved as they come.
    pub auto_approve: bool,
    /// Where owners reach it, without a slash at the end.
    pub url: String,
    /// What sends emails to owners and staff, where it is set up.
    pub mailer: Option<Mailer>,
    /// How many letters are under way.
    pub letters: Arc<Semaphore>,
}

/// Leaves the keys out.
impl fmt::Debug for PortalOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PortalOptions")
            .field("url", &self.url)
            .field("plain", &self.plain)
            .finish_non_exhaustive()
    }
}

impl PortalOptions {
    /// Takes nobody in, until keys are put in: for a control plane without a portal at `url`.
    #[must_use]
    pub fn new(claims: Verifier, url: String) -> Self {
        Self {
            keys: Vec::new(),
            own_key: None,
            claims: Arc::new(claims),
            plain: false,
            auto_approve: false,
            url,
            mailer: None,
            letters: Arc::new(Semaphore::new(LETTERS_AT_ONCE)),
        }
    }

    /// Whether this is one of the keys in the settings, and not the one of this process alone.
    pub(crate) fn is_configured(&self, given: &[u8]) -> bool {
        same_as_any(self.keys.iter(), given)
    }

    /// Whether this is one of the keys. Compares hashes, of one length, each to its end.
    pub(crate) fn takes(&self, given: &[u8]) -> bool {
        same_as_any(self.keys.iter().chain(&self.own_key), given)
    }
}

fn same_as_any<'a>(keys: impl Iterator<Item = &'a SecretString>, given: &[u8]) -> bool {
    let given = Sha256::digest(given);
    let same = keys.map(|key| Sha256::digest(key.expose_secret()).ct_eq(&given));
    same.fold(Choice::from(0), |found, same| found | same).into()
}
