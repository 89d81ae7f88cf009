//! `POST /admin/tenants/{id}/place`: the tenant goes to another host.

use axum::{Json, response::IntoResponse as _};
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Problem, Sent, place::see_other};

use super::show;
use crate::{error::Answer, tenants::TenantCall};

/// What a page sends.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct MoveToForm {
    /// The name of the host that it goes to; - for the control plane's own machine.
    #[schema(required, min_length = 1, max_length = 63)]
    host: String,
}

/// Move a tenant to another host
///
/// Its bot ends where it is, and goes on there with all that it has and with its linked phone. Answers once it is there. Asked again
/// after an interruption it goes on; asked for the host that it comes from, it turns back. Whatever happens, it is on one host.
#[utoipa::path(
    post, path = "/admin/tenants/{id}/place", tag = "hosts",
    request_body(content((api::MoveTo = "application/json"), (MoveToForm = "application/x-www-form-urlencoded"))),
    responses((status = 200, body = api::Place), (status = 303))
)]
pub(crate) async fn handle(call: TenantCall, sent: Sent<MoveToForm, api::MoveTo>) -> Answer {
    let host = match sent {
        Sent::Json(body) => body.host,
        Sent::Form(form) if form.host == show::HERE => None,
        Sent::Form(form) => Some(form.host),
    };
    let moved: Answer<()> = match host.as_deref() {
        Some("") => Err(Problem::invalid_field("host", words::hosts::no_host()).into()),
        host => call.app.supervisor.by(call.actor).move_to(call.id(), host).await.map_err(Into::into),
    };
    match moved {
        Ok(()) if call.client.html => Ok(see_other(&call.place())),
        Ok(()) => Ok(Json(show::read(&call).await?).into_response()),
        Err(error) => refused(&call, error).await,
    }
}

async fn refused(call: &TenantCall, error: crate::error::Error) -> Answer {
    if !call.client.html {
        return Err(error);
    }
    show::page(call, show::read(call).await?, Some(error.problem())).await
}
