//! `/admin/hosts/{name}/lost`: what to look at before a host is given up, and giving it up.

use askama::Template;
use axum::{extract::Path, response::Response};
use domain::HostOrder;
use serde::Deserialize;
use utoipa::ToSchema;
use web::{
    Problem, Sent,
    ui::{Field, Head, Input},
};

use super::{PATH, told};
use crate::{call::Call, error::Answer, shell::Section};

/// What a page sends: the host's name, so that nobody gives another one up than they meant.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct LostForm {
    /// The host's name.
    #[schema(required, min_length = 1, max_length = 63)]
    typed_name: String,
}

/// What to look at before a host is given up
#[utoipa::path(
    get, path = "/admin/hosts/{name}/lost", tag = "pages", params(("name" = String, Path, description = "The host's name", example = "host-1")),
    responses((status = 200, content_type = "text/html", body = String))
)]
pub(crate) async fn show(call: Call, Path(name): Path<String>) -> Answer {
    let host = call.app.store.operator().host(&name).await?;
    Ok(page(&call, &told(&call.app, host), "", None).await)
}

/// Give a host up as lost
///
/// Nothing does this by itself. Look first whether the machine is really off: while it runs, its bots go on answering, and a tenant
/// that is moved from a lost host begins elsewhere without its session, so that its phone has to be linked again.
#[utoipa::path(
    post, path = "/admin/hosts/{name}/lost", tag = "hosts", params(("name" = String, Path, description = "The host's name", example = "host-1")),
    request_body(content((api::LoseHost = "application/json"), (LostForm = "application/x-www-form-urlencoded"))),
    responses((status = 200, body = api::Host), (status = 303))
)]
pub(crate) async fn handle(
    call: Call,
    Path(name): Path<String>,
    sent: Sent<LostForm, api::LoseHost>,
) -> Answer {
    let host = call.app.store.operator().host(&name).await?;
    let typed = match sent {
        Sent::Form(form) => form.typed_name,
        Sent::Json(body) => body.typed_name,
    };
    if typed.trim() != host.name {
        let problem = Problem::invalid_field("typed_name", words::hosts::type_wrong(&host.name));
        if call.client.html {
            return Ok(page(&call, &told(&call.app, host), &typed, Some(&problem)).await);
        }
        return Err(problem.into());
    }
    let host = call.app.supervisor.by(call.operator.actor).order_host(&name, HostOrder::Lost).await?;
    Ok(call.leads_to(PATH, told(&call.app, host)))
}

#[derive(Template)]
#[template(path = "hosts/lost.html")]
struct View<'a> {
    host: &'a api::Host,
    field: Field,
}

async fn page(call: &Call, host: &api::Host, typed: &str, problem: Option<&Problem>) -> Response {
    let field = Field::new("typed_name", words::hosts::type_name(), Input::TEXT).value(typed).wrong(problem);
    let head = Head::narrow(words::hosts::lost_title(&host.name));
    call.form(Section::Hosts, head, &View { host, field }, problem).await
}
