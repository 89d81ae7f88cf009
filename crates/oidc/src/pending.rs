//! A sign-in that was begun, as the browser keeps it.

use domain::Timestamp;
use openidconnect::{CsrfToken, Nonce, PkceCodeVerifier};
use serde::{Deserialize, Serialize};

/// How long somebody may take at the provider.
pub(crate) const TIME_SECONDS: i64 = 600;

/// What a browser keeps between start and finish. Holds secrets (the nonce and the proof of PKCE): seal it, in a cookie
/// that scripts cannot read, and end the cookie when it was used.
#[derive(Clone, Serialize, Deserialize)]
pub struct Pending {
    /// The provider's id in our paths.
    pub(crate) provider: String,
    /// Its issuer, so that a setting that changes meanwhile mixes nothing up.
    pub(crate) issuer: String,
    pub(crate) state: String,
    pub(crate) nonce: String,
    pub(crate) verifier: String,
    /// When it began, in seconds since 1970.
    pub(crate) began: i64,
}

impl Pending {
    pub(crate) fn new(
        provider: &str,
        issuer: &str,
        secrets: (&CsrfToken, &Nonce, &PkceCodeVerifier),
        now: Timestamp,
    ) -> Self {
        let (state, nonce, verifier) = secrets;
        Self {
            provider: provider.to_owned(),
            issuer: issuer.to_owned(),
            state: state.secret().clone(),
            nonce: nonce.secret().clone(),
            verifier: verifier.secret().clone(),
            began: now.as_second(),
        }
    }

    /// Whose sign-in it is: the id of the provider that was asked.
    #[must_use]
    pub fn provider(&self) -> &str {
        &self.provider
    }

    /// When it is worth nothing any more, in seconds since 1970.
    pub(crate) const fn ends(&self) -> i64 {
        self.began.saturating_add(TIME_SECONDS)
    }
}

impl std::fmt::Debug for Pending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pending")
            .field("provider", &self.provider)
            .field("began", &self.began)
            .finish_non_exhaustive()
    }
}
