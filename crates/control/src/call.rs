//! A request by an operator: what nearly every handler takes.

use axum::{
    extract::FromRequestParts,
    response::{IntoResponse, Response},
};
use http::{StatusCode, request::Parts};
use serde::Serialize;
use web::{Client, Problem, place::see_other, ui::Head};

use crate::{
    App,
    auth::Operator,
    shell::{self, Section},
};

/// A request by an operator.
#[derive(Clone)]
pub(crate) struct Call {
    /// What all handlers share.
    pub(crate) app: App,
    /// Who asks.
    pub(crate) operator: Operator,
    /// What a client would rather have.
    pub(crate) client: Client,
}

impl Call {
    /// A page within the navigation.
    pub(crate) async fn page(&self, section: Section, head: Head, body: &impl askama::Template) -> Response {
        shell::page(&self.app, &self.operator, section, head, body).await
    }

    /// The same; what is wrong with the form on it is its status too.
    pub(crate) async fn form(
        &self,
        section: Section,
        head: Head,
        body: &impl askama::Template,
        problem: Option<&Problem>,
    ) -> Response {
        shell::refused(self.page(section, head, body).await, problem)
    }

    /// A page goes on to a place, a script gets a document.
    pub(crate) fn leads_to(&self, place: &str, document: impl Serialize) -> Response {
        if self.client.html { see_other(place) } else { axum::Json(document).into_response() }
    }

    /// The same where there is nothing to tell.
    pub(crate) fn is_done(&self, place: &str) -> Response {
        if self.client.html { see_other(place) } else { StatusCode::NO_CONTENT.into_response() }
    }
}

impl FromRequestParts<App> for Call {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let operator = Operator::from_request_parts(parts, app).await?;
        Ok(Self { app: app.clone(), operator, client: Client::of(&parts.headers) })
    }
}
