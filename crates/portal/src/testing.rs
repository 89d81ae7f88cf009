//! The portal with a control plane that only pretends: it checks each signature, answers what a test has told it, and
//! remembers what it was asked.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failed unwrap is a failed test")]

mod alone;
mod app;
pub(crate) mod documents;
mod guarded;
mod languages;
mod pages;
mod redirects;
mod settings;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use axum::{Router, body::Body};
use bytes::Bytes;
use claim::{Asked, Claim, Signer, Verifier};
use domain::{Clock, ManualClock};
use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;
use web::{Hosts, OwnOrigins, Proxies, Site, serve::Peer};

use crate::{Away, ControlPlane, Options, Portal, Transport};

pub(crate) const KEY: &str = "a key of 32 characters, at least";
/// What a browser says it takes.
pub(crate) const HTML: &str = "text/html,application/xhtml+xml,*/*;q=0.8";
/// The secret of the one session that there is.
pub(crate) const SECRET: &str = "the-secret-of-a-session";

/// What the control plane was asked.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) body: Value,
    pub(crate) claim: Claim,
}

/// A control plane that answers what it was told to.
pub(crate) struct Pretend {
    answers: Mutex<HashMap<(Method, String), (u16, Value)>>,
    seen: Mutex<Vec<Seen>>,
    away: AtomicBool,
    verifier: Verifier,
    clock: Arc<ManualClock>,
}

impl std::fmt::Debug for Pretend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pretend")
    }
}

#[async_trait]
impl Transport for Pretend {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, Away> {
        if self.away.load(Ordering::Relaxed) {
            return Err(Away("it is away".to_owned()));
        }
        let (parts, body) = request.into_parts();
        assert_eq!(parts.headers["x-portal-key"], KEY);
        let path = parts.uri.path_and_query().unwrap().as_str();
        let hash = claim::body_hash(&body);
        let asked = Asked { method: parts.method.as_str(), path, body_hash: &hash };
        let header = parts.headers["x-portal-claim"].to_str().unwrap();
        let claim = self.verifier.verify(header, asked, self.clock.now().as_millisecond()).unwrap();
        let known = claim.session.as_deref() == Some(&claim::body_hash(SECRET.as_bytes()));
        self.seen.lock().unwrap().push(Seen {
            method: parts.method.clone(),
            path: path.to_owned(),
            body: serde_json::from_slice(&body).unwrap_or_default(),
            claim,
        });
        let key = (parts.method, parts.uri.path().to_owned());
        let (status, document) = match self.answers.lock().unwrap().get(&key).cloned() {
            Some((200, _)) if key.1 == "/portal/session" && !known => (401, problem("unauthorized", "No.")),
            Some(answer) => answer,
            None => (404, problem("route-not-found", "Nothing.")),
        };
        let mut response = Response::new(Body::from(document.to_string()));
        *response.status_mut() = StatusCode::from_u16(status).unwrap();
        Ok(response)
    }
}

/// A problem document.
pub(crate) fn problem(word: &str, detail: &str) -> Value {
    json!({ "type": format!("urn:flowhq:problem:{word}"), "detail": detail })
}

/// A portal without a listener.
pub(crate) struct TestPortal {
    router: Router,
    plane: Arc<Pretend>,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: http::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        self.headers["location"].to_str().unwrap()
    }
}

impl TestPortal {
    pub(crate) fn new() -> Self {
        Self::by(|plane| plane)
    }

    /// One that asks by another way, which may lead to what only pretends.
    pub(crate) fn by<T: Transport + 'static>(way: impl FnOnce(Arc<Pretend>) -> Arc<T>) -> Self {
        let clock = Arc::new(ManualClock::new("2026-01-10T12:00:00Z".parse().unwrap()));
        let signer = Signer::generate().unwrap().0;
        let plane = Arc::new(Pretend {
            answers: Mutex::default(),
            seen: Mutex::default(),
            away: AtomicBool::new(false),
            verifier: Verifier::new([signer.public_key()], clock.now().as_millisecond()).unwrap(),
            clock: clock.clone(),
        });
        let site = Site {
            time_limit: Duration::from_secs(30),
            own_origins: OwnOrigins::default(),
            hosts: Hosts::default(),
            proxies: Proxies::default(),
            https: false,
            virtual_build: false,
            shell: None,
        };
        let options =
            Options { site, brand_name: None, logo: None, source_url: None, stop: CancellationToken::new() };
        let asks = ControlPlane::new(way(plane.clone()), SecretString::from(KEY), Arc::new(signer), clock);
        let portal = Portal::new(options, asks, Vec::new()).unwrap();
        let this = Self { router: crate::router(portal), plane };
        this.answers(
            Method::GET,
            "/portal/about",
            json!({ "brandName": "Flow HQ", "email": false, "autoApprove": false, "languages": ["SW", "EN"] }),
        );
        this
    }

    /// From now on the control plane answers this.
    pub(crate) fn answers(&self, method: Method, path: &str, document: Value) {
        self.refuses(method, path, 200, document);
    }

    /// The same with another status.
    pub(crate) fn refuses(&self, method: Method, path: &str, status: u16, document: Value) {
        self.plane.answers.lock().unwrap().insert((method, path.to_owned()), (status, document));
    }

    /// From now on nobody answers.
    pub(crate) fn goes_away(&self) {
        self.plane.away.store(true, Ordering::Relaxed);
    }

    /// Somebody is signed in by [`SECRET`]: an owner whose tenant is new, with what `change` changes.
    pub(crate) fn session(&self, change: impl FnOnce(&mut Value)) {
        let mut facts = json!({
            "user": {
                "id": "0198c1f2-7d3a-7000-8000-000000000001", "email": "amina@example.com", "name": "Amina Juma",
                "phone": null, "language": "SW", "passwordSet": true,
            },
            "tenants": [
                { "id": "0198c1f2-7d3a-7000-8000-000000000002", "name": "Saluni ya Amina", "role": "OWNER" },
            ],
            "tenant": {
                "id": "0198c1f2-7d3a-7000-8000-000000000002", "name": "Saluni ya Amina", "status": "NEW",
            },
            "role": "OWNER", "setupRequest": false, "looking": false, "operatorName": null, "via": "PASSWORD",
        });
        change(&mut facts);
        self.answers(Method::GET, "/portal/session", facts);
    }

    /// What was asked of the control plane so far, and is forgotten now.
    pub(crate) fn asked(&self) -> Vec<Seen> {
        std::mem::take(&mut self.plane.seen.lock().unwrap())
    }

    pub(crate) async fn send(&self, mut request: Request<Body>) -> Answer {
        request.headers_mut().entry("host").or_insert(http::HeaderValue::from_static("127.0.0.1:3001"));
        request.headers_mut().entry("accept").or_insert(http::HeaderValue::from_static(HTML));
        request.extensions_mut().insert(Peer::Tcp("127.0.0.1:1".parse().unwrap()));
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    /// A page, for a browser that nobody has signed in with.
    pub(crate) async fn visit(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// A page, for the session that there is.
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).header("cookie", cookie()).body(Body::empty()).unwrap()).await
    }

    /// A form of that session's.
    pub(crate) async fn post(&self, path: &str, form: &str) -> Answer {
        self.send(
            Request::post(path)
                .header("cookie", cookie())
                .header("content-type", "application/x-www-form-urlencoded")
                .header("origin", "http://127.0.0.1:3001")
                .body(Body::from(form.to_owned()))
                .unwrap(),
        )
        .await
    }
}

pub(crate) fn cookie() -> String {
    format!("flowhq_portal={SECRET}")
}
