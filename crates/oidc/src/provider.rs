//! What a provider publishes about itself: fetched when it is first needed, kept for an hour, and fetched anew when a
//! token is signed with a key that is not there (which is how providers change their keys).

use std::sync::Arc;

use domain::{Clock, Timestamp};
use jiff::SignedDuration;
use openidconnect::{
    AdditionalProviderMetadata, DiscoveryError, IssuerUrl, ProviderMetadata,
    core::{
        CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType,
        CoreSubjectIdentifierType,
    },
};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use crate::{
    OidcError, endpoint,
    error::said,
    http::{Http, HttpError},
};

/// How long it is believed without looking again.
const FRESH: SignedDuration = SignedDuration::from_hours(1);
/// How long it is believed where the provider does not answer any more.
const STALE: SignedDuration = SignedDuration::from_hours(24);
/// Keys are not fetched more often than this, whoever sends tokens with keys that nobody has.
const RENEW: SignedDuration = SignedDuration::from_secs(30);
/// For so long nobody waits again for a provider that did not answer.
const AWAY: SignedDuration = SignedDuration::from_secs(5);

/// What the library does not read by itself.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct More {
    /// RFC 9207: whether each answer names its issuer.
    #[serde(default)]
    pub(crate) authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for More {}

/// The discovery document and the keys.
pub(crate) type Metadata = ProviderMetadata<
    More,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

#[derive(Default)]
struct Known {
    /// What was read last, and when.
    read: Option<(Arc<Metadata>, Timestamp)>,
    /// When the provider last did not answer, or with what cannot be used.
    failed: Option<Timestamp>,
}

pub(crate) struct Provider {
    issuer: IssuerUrl,
    plain: bool,
    http: Http,
    clock: Arc<dyn Clock>,
    known: Mutex<Known>,
}

impl Provider {
    pub(crate) fn new(issuer: IssuerUrl, plain: bool, clock: Arc<dyn Clock>) -> Self {
        Self { issuer, plain, http: Http::new(plain), clock, known: Mutex::default() }
    }

    pub(crate) const fn http(&self) -> &Http {
        &self.http
    }

    /// What the provider published at most an hour ago; at most a day ago where it does not answer now.
    pub(crate) async fn metadata(&self) -> Result<Arc<Metadata>, OidcError> {
        let mut known = self.known.lock().await;
        let now = self.clock.now();
        let age = |at: Timestamp| now.duration_since(at);
        if let Some((metadata, _)) = known.read.as_ref().filter(|(_, at)| age(*at) < FRESH) {
            return Ok(Arc::clone(metadata));
        }
        let stale =
            known.read.as_ref().filter(|(_, at)| age(*at) < STALE).map(|(known, _)| Arc::clone(known));
        if known.failed.is_some_and(|at| age(at) < AWAY) {
            return stale.ok_or(OidcError::AwayStill);
        }
        match (self.read(&mut known).await, stale) {
            (Err(error), Some(stale)) => {
                tracing::warn!(%error, "an OpenID provider cannot be read: what it said before is used");
                Ok(stale)
            }
            (read, _) => read,
        }
    }

    /// What the provider publishes now, where that may be newer than `seen`; `None` where it was read a moment ago.
    pub(crate) async fn renewed(&self, seen: &Arc<Metadata>) -> Result<Option<Arc<Metadata>>, OidcError> {
        let mut known = self.known.lock().await;
        let now = self.clock.now();
        if let Some((metadata, at)) = &known.read {
            if !Arc::ptr_eq(metadata, seen) {
                return Ok(Some(Arc::clone(metadata)));
            }
            if now.duration_since(*at) < RENEW {
                return Ok(None);
            }
        }
        if known.failed.is_some_and(|at| now.duration_since(at) < AWAY) {
            return Err(OidcError::AwayStill);
        }
        self.read(&mut known).await.map(Some)
    }

    async fn read(&self, known: &mut Known) -> Result<Arc<Metadata>, OidcError> {
        let ask = self.http.asks();
        let read = Metadata::discover_async(self.issuer.clone(), &ask).await;
        let now = self.clock.now();
        match read.map_err(discovery).and_then(|metadata| self.check(metadata)) {
            Ok(metadata) => {
                let metadata = Arc::new(metadata);
                *known = Known { read: Some((Arc::clone(&metadata), now)), failed: None };
                Ok(metadata)
            }
            Err(error) => {
                known.failed = Some(now);
                Err(error)
            }
        }
    }

    /// Whether what was read is of use, and nothing in it leads where secrets could be overheard.
    fn check(&self, metadata: Metadata) -> Result<Metadata, OidcError> {
        let wrong = |what: &str| Err(OidcError::Discovery(what.to_owned()));
        if !endpoint::may_be_asked(metadata.authorization_endpoint().url(), self.plain) {
            return wrong("its authorization_endpoint is not https://");
        }
        match metadata.token_endpoint() {
            None => return wrong("it has no token_endpoint"),
            Some(token) if !endpoint::may_be_asked(token.url(), self.plain) => {
                return wrong("its token_endpoint is not https://");
            }
            Some(_) => {}
        }
        if metadata.userinfo_endpoint().is_some_and(|place| !endpoint::may_be_asked(place.url(), self.plain))
        {
            return wrong("its userinfo_endpoint is not https://");
        }
        if metadata.jwks().keys().is_empty() {
            return wrong("it publishes no key that is understood");
        }
        Ok(metadata)
    }
}

/// What went wrong, without the body, which may be long and anything.
fn discovery(error: DiscoveryError<HttpError>) -> OidcError {
    match error {
        DiscoveryError::Request(error @ (HttpError::Transport(_) | HttpError::Busy)) => {
            OidcError::Away(error)
        }
        DiscoveryError::Request(error) => OidcError::Discovery(error.to_string()),
        DiscoveryError::Response(status, _, _) if status.is_server_error() => {
            OidcError::Away(HttpError::Transport(format!("it answered {status}")))
        }
        DiscoveryError::Response(_, _, what) | DiscoveryError::Validation(what) => {
            OidcError::Discovery(said(&what))
        }
        DiscoveryError::Parse(error) => OidcError::Discovery(said(&error.to_string())),
        other => OidcError::Discovery(said(&other.to_string())),
    }
}
