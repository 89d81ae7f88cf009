//! What the operator says about a provider.

use openidconnect::{IssuerUrl, RedirectUrl};
use secrecy::SecretString;

use crate::endpoint;

/// The longest id of a provider.
const ID_MAX: usize = 32;

/// A provider, and how we are registered with it.
#[derive(Debug, Clone)]
pub struct ProviderOptions {
    /// What stands for it in paths: `google`. Lower-case letters, digits and hyphens.
    pub id: String,
    /// Its issuer, exactly as its discovery document says it, like `https://accounts.google.com`.
    pub issuer: String,
    /// The id that it gave us.
    pub client_id: String,
    /// The secret that it gave us.
    pub client_secret: SecretString,
    /// Where it sends browsers back to: our address with `/api/auth/callback/{id}`.
    pub redirect_url: String,
}

/// Why a provider cannot be used; the words name what is wrong, for whoever sets it.
#[derive(Debug, thiserror::Error)]
pub enum OptionsError {
    /// The id is no part of a path.
    #[error("the provider's id {0:?} must be 1 to {ID_MAX} lower-case letters, digits and hyphens")]
    Id(String),
    /// The issuer is no address.
    #[error("the issuer {0:?} must be an address like https://accounts.google.com")]
    Issuer(String),
    /// The issuer could be overheard.
    #[error("the issuer {0:?} must begin with https:// (http:// is for addresses of this machine alone)")]
    Plain(String),
    /// The client's id is empty.
    #[error("the client id is empty: take it from the provider's console")]
    ClientId,
    /// The way back is no address.
    #[error("the redirect address {0:?} must be an address of this site")]
    Redirect(String),
}

/// What was checked, in the library's types.
pub(crate) struct Checked {
    pub(crate) issuer: IssuerUrl,
    pub(crate) redirect: RedirectUrl,
    /// Whether the provider lies on this machine, where plain HTTP is overheard by nobody else.
    pub(crate) plain: bool,
}

impl ProviderOptions {
    /// Google, by what its console shows; `portal_url` is our address without a slash at the end.
    #[must_use]
    pub fn google(client_id: String, client_secret: SecretString, portal_url: &str) -> Self {
        Self {
            id: "google".to_owned(),
            issuer: "https://accounts.google.com".to_owned(),
            client_id,
            client_secret,
            redirect_url: format!("{portal_url}/api/auth/callback/google"),
        }
    }

    pub(crate) fn check(&self) -> Result<Checked, OptionsError> {
        let plain_id = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if self.id.is_empty() || self.id.len() > ID_MAX || !self.id.bytes().all(plain_id) {
            return Err(OptionsError::Id(self.id.clone()));
        }
        if self.client_id.is_empty() {
            return Err(OptionsError::ClientId);
        }
        let wrong = |_| OptionsError::Issuer(self.issuer.clone());
        let issuer = IssuerUrl::new(self.issuer.clone()).map_err(wrong)?;
        let plain = endpoint::is_local(issuer.url());
        if !endpoint::may_be_asked(issuer.url(), plain) {
            return Err(OptionsError::Plain(self.issuer.clone()));
        }
        let wrong = |_| OptionsError::Redirect(self.redirect_url.clone());
        let redirect = RedirectUrl::new(self.redirect_url.clone()).map_err(wrong)?;
        Ok(Checked { issuer, redirect, plain })
    }
}
