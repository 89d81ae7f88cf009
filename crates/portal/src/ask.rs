//! Asking the control plane: every request says who is acting, and every answer is a document or a problem in words.

use std::{sync::Arc, time::Duration};

use axum::body::Body;
use bytes::Bytes;
use claim::{Asked, Claim, Signer};
use domain::Clock;
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use rand::{TryRng, rngs::SysRng};
use secrecy::{ExposeSecret, SecretString};
use serde::{Serialize, de::DeserializeOwned};
use web::Problem;

use crate::transport::{Away, Transport};

/// Largest answer that is read whole.
const LARGEST: usize = 8 * 1024 * 1024;
/// How often what only reads is asked for again while nobody answers, and how long is waited before.
const AGAIN: [Duration; 2] = [Duration::from_millis(150), Duration::from_millis(600)];
/// The key that both sides know, and the signed words on who is acting.
const KEY: HeaderName = HeaderName::from_static("x-portal-key");
const CLAIM: HeaderName = HeaderName::from_static("x-portal-claim");
/// The language that an answer's sentences are to be in.
const LANGUAGE: HeaderName = HeaderName::from_static("x-language");

/// Why there is no answer, or not the one that was asked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AskError {
    /// Nobody answers.
    #[error(transparent)]
    Away(#[from] Away),
    /// The answer was no, in words for whoever reads the page.
    #[error("{}", .0.detail())]
    Refused(Box<Problem>),
    /// The answer was none that this portal understands.
    #[error("the control plane answered what the portal does not understand: {0}")]
    Unreadable(String),
}

impl AskError {
    /// The problem, where it was a refusal of this status.
    #[must_use]
    pub(crate) fn refusal(&self) -> Option<&Problem> {
        match self {
            Self::Refused(problem) => Some(problem),
            Self::Away(_) | Self::Unreadable(_) => None,
        }
    }
}

/// Who is acting, as the signature says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Who {
    /// SHA-256 of the session's secret, in hexadecimal; none for people who are not signed in.
    pub(crate) session: Option<String>,
    /// The person's id, once it is known.
    pub(crate) user: Option<String>,
    /// The tenant's id, once it is known.
    pub(crate) tenant: Option<String>,
}

/// The control plane, as the portal sees it. Cheap to clone.
#[derive(Clone)]
pub struct ControlPlane {
    transport: Arc<dyn Transport>,
    key: SecretString,
    signer: Arc<Signer>,
    clock: Arc<dyn Clock>,
}

/// Leaves key and clock out.
impl std::fmt::Debug for ControlPlane {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ControlPlane").field("transport", &self.transport).finish_non_exhaustive()
    }
}

impl ControlPlane {
    /// By a transport, with the key that both sides know and the one that only the portal has.
    #[must_use]
    pub fn new(
        transport: Arc<dyn Transport>,
        key: SecretString,
        signer: Arc<Signer>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { transport, key, signer, clock }
    }

    /// The time that claims are signed by.
    pub(crate) fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// Asks for a document.
    ///
    /// # Errors
    /// See [`AskError`]; so for all that follow.
    pub(crate) async fn get<T: DeserializeOwned>(&self, who: &Who, path: &str) -> Result<T, AskError> {
        self.document(self.send(who, Method::GET, path, None).await?).await
    }

    /// Sends a document and reads the one that comes back; `()` where none does.
    pub(crate) async fn send_json<T: DeserializeOwned>(
        &self,
        who: &Who,
        method: Method,
        path: &str,
        body: &(impl Serialize + Sync),
    ) -> Result<T, AskError> {
        let body = serde_json::to_vec(body).map_err(|error| AskError::Unreadable(error.to_string()))?;
        self.document(self.send(who, method, path, Some(body.into())).await?).await
    }

    /// Sends a request and answers what came, whatever it is.
    pub(crate) async fn send(
        &self,
        who: &Who,
        method: Method,
        path: &str,
        body: Option<Bytes>,
    ) -> Result<Response<Body>, Away> {
        let mut pauses = AGAIN.iter().take(if method.is_safe() { AGAIN.len() } else { 0 });
        loop {
            // Made anew each time: what was signed once is taken once.
            let request = self.request(who, &method, path, body.clone())?;
            match self.transport.send(request).await {
                Ok(response) => return Ok(response),
                Err(away) => {
                    let Some(pause) = pauses.next() else {
                        tracing::warn!(error = %away, "a request to the control plane failed");
                        return Err(away);
                    };
                    tokio::time::sleep(*pause).await;
                }
            }
        }
    }

    fn request(
        &self,
        who: &Who,
        method: &Method,
        path: &str,
        body: Option<Bytes>,
    ) -> Result<Request<Bytes>, Away> {
        let mut nonce = [0; 16];
        SysRng.try_fill_bytes(&mut nonce).map_err(|error| Away(format!("no random numbers: {error}")))?;
        let hash = claim::body_hash(body.as_deref().unwrap_or_default());
        let asked = Asked { method: method.as_str(), path, body_hash: &hash };
        let Who { session, user, tenant } = who.clone();
        let now = self.clock.now().as_millisecond();
        let claim = Claim { session, user, tenant, ..Claim::new(asked, nonce, now) };
        let secret = |text: &str| {
            let mut value = HeaderValue::from_str(text).map_err(|error| Away(error.to_string()))?;
            value.set_sensitive(true);
            Ok::<_, Away>(value)
        };
        let code = HeaderValue::from_static(words::code(words::language()));
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::ACCEPT, "application/json")
            .header(header::ACCEPT_LANGUAGE, code.clone())
            .header(LANGUAGE, code)
            .header(KEY, secret(self.key.expose_secret())?)
            .header(CLAIM, secret(&self.signer.sign(&claim))?);
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        request.body(body.unwrap_or_default()).map_err(|error| Away(error.to_string()))
    }

    async fn document<T: DeserializeOwned>(&self, response: Response<Body>) -> Result<T, AskError> {
        let status = response.status();
        let body = http_body_util::Limited::new(response.into_body(), LARGEST).collect().await;
        let body = body.map_err(|error| Away(format!("the answer broke off: {error}")))?.to_bytes();
        if !status.is_success() {
            return Err(refused(status, &body));
        }
        // "null" stands for an answer without a body.
        let text: &[u8] = if body.is_empty() { b"null" } else { &body };
        serde_json::from_slice(text).map_err(|error| AskError::Unreadable(error.to_string()))
    }
}

/// What an answer that is no success says.
pub(crate) fn refused(status: StatusCode, body: &[u8]) -> AskError {
    match Problem::read(body) {
        Some(problem) => AskError::Refused(Box::new(problem)),
        // What stands between answers for the control plane while that is away.
        None => AskError::Away(Away(format!("the answer was HTTP status {status}"))),
    }
}
