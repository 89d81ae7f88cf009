//! The portal's side: signed requests, and what people do by them.

mod claims;
mod links;
mod people;
mod sign_in;

use accounts::{Means, Proof, people::session_id};
use axum::body::Body;
use claim::{Asked, Claim, body_hash};
use http::{Method, Request};
use serde_json::{Value, json};
use store::Actor;

use super::{Answer, PORTAL_KEY, TestApp};

/// For whom the portal asks.
#[derive(Debug, Clone, Default)]
pub(crate) struct Who {
    /// The token in the browser's cookie.
    pub(crate) token: Option<String>,
    pub(crate) user: Option<String>,
    pub(crate) tenant: Option<String>,
}

impl Who {
    /// As a sign-in has answered.
    pub(crate) fn of(signed_in: &Value) -> Self {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let facts = &signed_in["facts"];
        Self {
            token: text(&signed_in["session"]),
            user: text(&facts["user"]["id"]),
            tenant: text(&facts["tenant"]["id"]),
        }
    }

    /// What a stream of theirs would hold on to.
    pub(crate) fn proof(&self) -> Proof {
        let user = self.user.as_deref().unwrap().parse().unwrap();
        let means = Means::Portal {
            session: self.token.as_deref().map(session_id),
            tenant: self.tenant.as_deref().unwrap().parse().unwrap(),
        };
        Proof { actor: Actor::User(user), version: String::new(), means }
    }
}

impl TestApp {
    /// What the portal claims of a request.
    pub(crate) fn claim(&self, method: &Method, path: &str, body: &str, who: &Who) -> Claim {
        let hash = body_hash(body.as_bytes());
        let asked = Asked { method: method.as_str(), path, body_hash: &hash };
        Claim {
            session: who.token.as_deref().map(session_id),
            user: who.user.clone(),
            tenant: who.tenant.clone(),
            ..Claim::new(asked, rand::random(), self.app.now().as_millisecond())
        }
    }

    /// The headers of a request that the portal signs.
    pub(crate) fn signed(
        &self,
        method: &Method,
        path: &str,
        body: &str,
        who: &Who,
    ) -> [(&'static str, String); 2] {
        let claim = self.signer.sign(&self.claim(method, path, body, who));
        [("x-portal-key", PORTAL_KEY.to_owned()), ("x-portal-claim", claim)]
    }

    /// Asks with these headers.
    async fn ask_with(
        &self,
        method: Method,
        path: &str,
        body: Option<&str>,
        headers: &[(&'static str, String)],
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        self.send(request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_owned()))).unwrap())
            .await
    }

    /// Asks as the portal does.
    pub(crate) async fn ask_as(&self, who: &Who, method: Method, path: &str, body: Option<Value>) -> Answer {
        let body = body.map(|body| body.to_string());
        let headers = self.signed(&method, path, body.as_deref().unwrap_or_default(), who);
        self.ask_with(method, path, body.as_deref(), &headers).await
    }

    async fn get_as(&self, who: &Who, path: &str) -> Answer {
        self.ask_as(who, Method::GET, path, None).await
    }

    async fn post_as(&self, who: &Who, path: &str, body: Value) -> Answer {
        self.ask_as(who, Method::POST, path, Some(body)).await
    }

    /// Signs in by a provider.
    async fn by_provider(&self, subject: &str, email: &str, more: Value) -> Answer {
        let mut body = json!({
            "provider": "google", "issuer": "https://accounts.google.com", "subject": subject, "email": email,
        });
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        self.post_as(&Who::default(), "/portal/sign-in/provider", body).await
    }

    /// An owner of a tenant of their own, who has just come by a provider.
    pub(crate) async fn owner(&self, email: &str) -> Who {
        let answer = self.by_provider(email, email, json!({ "name": "Asha Juma" })).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        Who::of(&answer.json())
    }

    /// Somebody who serves an owner's tenant, by an invitation.
    pub(crate) async fn staff(&self, owner: &Who, email: &str) -> Who {
        let invited = self.post_as(owner, "/portal/members", json!({ "name": "Juma", "email": email })).await;
        assert_eq!(invited.status, 201, "{}", invited.text);
        let token = token_of(&invited.json()["url"]);
        let taken = self.post_as(&Who::default(), "/portal/links/take", json!({ "token": token })).await;
        assert_eq!(taken.status, 200, "{}", taken.text);
        Who::of(&taken.json()["signedIn"])
    }
}

/// What stands behind the `#` of a link.
fn token_of(url: &Value) -> String {
    let (page, token) = url.as_str().unwrap().split_once('#').unwrap();
    assert_eq!(page, "http://127.0.0.1:3001/auth/link");
    token.to_owned()
}
