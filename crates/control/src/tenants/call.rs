//! The tenant that a path names: an endpoint that takes a [`TenantCall`] cannot be reached for one that is not there, and
//! has no other way to a tenant's rows.

use axum::{
    Json,
    extract::{FromRequestParts, RawPathParams},
    response::{IntoResponse, Response},
};
use domain::TenantId;
use http::request::Parts;
use serde::Serialize;
use web::{Client, Kind, Problem, ui::Head};

use super::Desk;
use crate::{
    App,
    auth::Operator,
    call::Call,
    error::{Answer, Error},
    reply::done,
    shell::Section,
};

/// A request about one tenant, by an operator.
#[derive(Clone)]
pub(crate) struct TenantCall {
    /// Who asks.
    pub(crate) operator: Operator,
    /// What a client would rather have.
    pub(crate) client: Client,
    desk: Desk,
}

impl TenantCall {
    /// Looks a tenant up that a path does not name.
    pub(crate) async fn of(call: Call, id: TenantId) -> Answer<Self> {
        let Call { app, operator, client } = call;
        let desk = Desk::of(app, operator.actor, id).await?;
        Ok(Self { operator, client, desk })
    }

    /// The same request, whichever tenant it is about.
    fn call(&self) -> Call {
        Call { app: self.app.clone(), operator: self.operator.clone(), client: self.client }
    }

    /// Where the tenant's page is.
    pub(crate) fn place(&self) -> String {
        format!("/admin/tenants/{}", self.id())
    }

    /// A page within the navigation.
    pub(crate) async fn page(&self, section: Section, head: Head, body: &impl askama::Template) -> Response {
        self.call().page(section, head, body).await
    }

    /// The same; what is wrong with the form on it is its status too.
    pub(crate) async fn form(
        &self,
        section: Section,
        head: Head,
        body: &impl askama::Template,
        problem: Option<&Problem>,
    ) -> Response {
        self.call().form(section, head, body, problem).await
    }

    /// A page goes on to a place, a script gets a document.
    pub(crate) fn leads_to(&self, place: &str, document: impl Serialize) -> Response {
        self.call().leads_to(place, document)
    }

    /// The same where there is nothing to tell.
    pub(crate) fn is_done(&self, place: &str) -> Response {
        self.call().is_done(place)
    }

    /// What has changed: the tenant to a script, a notice to a page or the page itself anew.
    pub(crate) fn changed(&self, words: impl Into<String>, place: &str) -> Response {
        if !self.client.html {
            return Json(self.document()).into_response();
        }
        done(self.client, words, place)
    }
}

/// What it is about, and who acts.
impl std::ops::Deref for TenantCall {
    type Target = Desk;

    fn deref(&self) -> &Desk {
        &self.desk
    }
}

impl std::ops::DerefMut for TenantCall {
    fn deref_mut(&mut self) -> &mut Desk {
        &mut self.desk
    }
}

impl FromRequestParts<App> for TenantCall {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let call = Call::from_request_parts(parts, app).await?;
        let unreadable = || Problem::new(Kind::InvalidId, words::problem::unreadable());
        let names = RawPathParams::from_request_parts(parts, app).await.map_err(|_| unreadable())?;
        let id = names.iter().find(|(name, _)| *name == "id").map(|(_, text)| text);
        let id = id.ok_or_else(unreadable)?.parse().map_err(|error: domain::InvalidId| {
            Problem::new(Kind::InvalidId, error.to_string()).with_field("id")
        })?;
        Self::of(call, id).await
    }
}
