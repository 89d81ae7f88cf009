//! `POST /admin/tenants/{id}/suspend`. A suspended tenant's worker goes on running and tells each customer once, politely,
//! that the business is away; the owner reads the reason. Only an operator lifts it.

use axum::{Json, response::IntoResponse};
use domain::limits::NOTE_MAX_CHARS;
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Client, Problem, Sent, place::see_other};

use super::TenantCall;
use crate::{error::Answer, reply::Back};

/// What a page sends: the same, and the page to go back to.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct SuspendForm {
    /// 1 to 2,000 characters that the owner reads.
    reason: String,
    /// The page to go back to.
    #[serde(default)]
    back: Option<String>,
}

/// Suspend a tenant
///
/// Its bot tells each customer once that the business is away; the owner reads the reason.
#[utoipa::path(
    post, path = "/admin/tenants/{id}/suspend", tag = "tenants",
    request_body(content((api::Suspend = "application/json"), (SuspendForm = "application/x-www-form-urlencoded"))),
    responses((status = 200, body = api::Tenant))
)]
pub(crate) async fn handle(
    call: TenantCall,
    client: Client,
    sent: Sent<SuspendForm, api::Suspend>,
) -> Answer {
    let (reason, back) = match sent {
        Sent::Form(form) => (form.reason, Back { back: form.back }),
        Sent::Json(given) => (given.reason, Back::default()),
    };
    let reason = reason.trim();
    if !(1..=NOTE_MAX_CHARS).contains(&reason.chars().count()) {
        let detail = words::tenant::say_why(NOTE_MAX_CHARS);
        return Err(Problem::invalid_field("reason", detail).into());
    }
    set(call, client, Some(reason.to_owned()), back).await
}

/// Suspends with a reason, or lifts it.
pub(super) async fn set(mut call: TenantCall, client: Client, reason: Option<String>, back: Back) -> Answer {
    call.detail = call.scope.set_suspended(reason).await?;
    call.tell_worker();
    if client.html {
        return Ok(see_other(&back.place(call.page())));
    }
    Ok(Json(call.document()).into_response())
}
