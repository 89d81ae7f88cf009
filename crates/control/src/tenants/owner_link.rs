//! `POST /admin/tenants/{id}/owner-links`: a link by which an owner gets in, shown this once.

use accounts::PeopleError;
use askama::Template;
use axum::{Json, response::IntoResponse};
use http::StatusCode;
use web::{
    Given, Kind, Problem,
    ui::{Head, Icon},
};

use super::TenantCall;
use crate::{checks, error::Answer, portal, shell::Section};

/// Make a sign-in link for an owner
///
/// Whoever is new becomes an owner of this tenant by it. The link is answered this once, can be used once, and is over after
/// a week.
#[utoipa::path(
    post, path = "/admin/tenants/{id}/owner-links", tag = "tenants",
    request_body(content(
        (api::portal::MakeOwnerLink = "application/json"),
        (api::portal::MakeOwnerLink = "application/x-www-form-urlencoded")
    )),
    responses((status = 201, body = api::portal::LinkMade))
)]
pub(crate) async fn handle(call: TenantCall, Given(given): Given<api::portal::MakeOwnerLink>) -> Answer {
    let name = given.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
    let name = name.map(|name| checks::person("name", name)).transpose()?;
    let people = call.app.accounts.people();
    let made = people.owner_link(call.operator.actor, call.id(), name.as_deref(), &given.email).await;
    let made = match made {
        Err(PeopleError::MemberAlready) => {
            let problem = Problem::new(Kind::Conflict, words::people::staff_already()).with_field("email");
            return Err(problem.into());
        }
        made => made?,
    };
    let made =
        api::portal::LinkMade { url: portal::link(&call.app, &made.token), expires_at: made.expires_at };
    if call.client.html {
        let view = Made {
            url: &made.url,
            place: call.place(),
            name: &call.detail.tenant.name,
            email: Some(&given.email),
        };
        return Ok(call.page(Section::Tenants, Head::new(words::owners::link_title()), &view).await);
    }
    Ok((StatusCode::CREATED, Json(made)).into_response())
}

/// A link that was made.
#[derive(Template)]
#[template(path = "tenants/link_made.html")]
pub(super) struct Made<'a> {
    pub(super) url: &'a str,
    /// The tenant's page.
    pub(super) place: String,
    pub(super) name: &'a str,
    /// To whom it is to be passed on; an operator's own look is passed on to nobody.
    pub(super) email: Option<&'a str>,
}
