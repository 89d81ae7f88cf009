//! Who asks for a page. A handler takes one of these, and by that it is decided who reaches it: [`Visitor`] is anybody,
//! [`Call`] somebody who is signed in, [`SetUp`] somebody whose tenant has a setup request in force or runs already.

mod visitor;

use std::net::IpAddr;

use api::portal::SessionFacts;
use axum::{
    body::Body,
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use domain::{Role, TenantStatus};
use futures_util::StreamExt;
use http::{HeaderMap, Method, header};
use serde::{Serialize, de::DeserializeOwned};
use web::{
    Problem,
    ui::{Head, Html},
};

pub(crate) use visitor::Visitor;

use crate::{AskError, Portal, Refusal, Section, Who, shell};

/// A request by somebody who is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// The portal.
    pub(crate) portal: Portal,
    /// The address that the request comes from.
    pub(crate) address: Option<IpAddr>,
    /// Who it is.
    pub(crate) facts: SessionFacts,
    pub(crate) who: Who,
}

impl Call {
    /// Whether the person may change settings, export and delete: an owner, and nobody who only looks.
    #[must_use]
    pub(crate) fn is_owner(&self) -> bool {
        self.facts.role == Some(Role::Owner) && !self.facts.looking
    }

    /// Whether an operator looks, who changes nothing.
    #[must_use]
    pub(crate) fn is_looking(&self) -> bool {
        self.facts.looking
    }

    /// Whether there is something beyond onboarding: a request in force, or a bot that the operator has set up.
    #[must_use]
    pub(crate) fn is_set_up(&self) -> bool {
        is_set_up(&self.facts)
    }

    /// Asks the control plane for a document.
    ///
    /// # Errors
    /// See [`AskError`]; so for all that follow. `?` makes the page of it.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, AskError> {
        self.portal.plane.get(&self.who, path).await
    }

    /// Posts a document and reads the one that comes back; `()` where none does.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &(impl Serialize + Sync),
    ) -> Result<T, AskError> {
        self.portal.plane.send_json(&self.who, Method::POST, path, body).await
    }

    /// Puts a document and reads the one that comes back; `()` where none does.
    pub(crate) async fn put<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &(impl Serialize + Sync),
    ) -> Result<T, AskError> {
        self.portal.plane.send_json(&self.who, Method::PUT, path, body).await
    }

    /// Hands an answer on as it comes: a file, or a stream of events.
    ///
    /// # Errors
    /// A refusal, or that nobody answers.
    pub(crate) async fn hand_on(&self, path: &str) -> Result<Response, Refusal> {
        let answer = self.portal.plane.send(&self.who, Method::GET, path, None).await?;
        if !answer.status().is_success() {
            return Err(self.refused(answer).await);
        }
        let (parts, body) = answer.into_parts();
        // A stream that goes on would hold up the portal's end.
        let stop = self.portal.options.stop.clone();
        let body = Body::from_stream(body.into_data_stream().take_until(stop.cancelled_owned()));
        let mut response = Response::new(body);
        keep(response.headers_mut(), &parts.headers);
        Ok(response)
    }

    async fn refused(&self, answer: http::Response<Body>) -> Refusal {
        use http_body_util::BodyExt;

        let status = answer.status();
        let body = http_body_util::Limited::new(answer.into_body(), 64 * 1024).collect().await;
        let body = body.map_or_else(|_| Bytes::new(), http_body_util::Collected::to_bytes);
        crate::ask::refused(status, &body).into()
    }

    /// A whole page within the navigation.
    #[must_use]
    pub(crate) fn page(&self, section: Section, head: &Head, body: &impl askama::Template) -> Response {
        shell::page(&self.portal, Some(&self.facts), Some(section), head, &Html::of(body))
    }

    /// A page with a form on it, whose status says what is wrong with that.
    #[must_use]
    pub(crate) fn refused_page(
        &self,
        section: Section,
        head: &Head,
        body: &impl askama::Template,
        problem: &Problem,
    ) -> Response {
        // It stands at the address that the form was sent to, where nothing can be asked for again.
        let head = Head { stream: None, refresh: None, ..head.clone() };
        let mut page = self.page(section, &head, body);
        *page.status_mut() = problem.kind().status();
        page
    }
}

pub(crate) fn is_set_up(facts: &SessionFacts) -> bool {
    facts.tenant.as_ref().is_some_and(|tenant| facts.setup_request || tenant.status != TenantStatus::New)
}

/// What a file or a stream is sent with.
fn keep(ours: &mut HeaderMap, theirs: &HeaderMap) {
    for name in [header::CONTENT_TYPE, header::CONTENT_DISPOSITION, header::CACHE_CONTROL] {
        if let Some(value) = theirs.get(&name) {
            ours.insert(name, value.clone());
        }
    }
}

impl FromRequestParts<Portal> for Call {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Response> {
        let visitor = Visitor::from_request_parts(parts, portal).await?;
        visitor.signed_in(parts).map_err(IntoResponse::into_response)
    }
}

/// A request by somebody whose tenant is beyond onboarding; everybody else is led there.
#[derive(Debug, Clone)]
pub(crate) struct SetUp(pub Call);

impl std::ops::Deref for SetUp {
    type Target = Call;

    fn deref(&self) -> &Call {
        &self.0
    }
}

impl FromRequestParts<Portal> for SetUp {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Response> {
        let call = Call::from_request_parts(parts, portal).await?;
        if call.facts.tenant.is_none() {
            return Err(Refusal::to("/app/businesses").into_response());
        }
        if !call.is_set_up() {
            return Err(Refusal::to("/app/onboarding").into_response());
        }
        Ok(Self(call))
    }
}
