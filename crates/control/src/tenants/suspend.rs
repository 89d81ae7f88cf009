//! `POST /admin/tenants/{id}/suspend` and `…/lift-suspension`. A suspended tenant's worker goes on running and tells each
//! customer once, politely, that the business is away; the owner reads the reason. Only an operator lifts it.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use domain::{TenantId, id::kind::Tenant, limits::NOTE_MAX_CHARS};
use serde::Deserialize;
use web::{Client, FormBody, PathId, Problem, Sent};

use crate::{App, auth::Operator, board::Back, convert, refusal, wire};

/// What a page sends: the same, and the page to go back to.
#[derive(Debug, Deserialize)]
pub(crate) struct SuspendForm {
    reason: String,
    #[serde(default)]
    back: Option<String>,
}

pub(crate) async fn suspend(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    PathId(id): PathId<Tenant>,
    sent: Sent<SuspendForm, wire::Suspend>,
) -> Result<Response, Problem> {
    let (reason, back) = match sent {
        Sent::Form(form) => (form.reason, Back { back: form.back }),
        Sent::Json(given) => (given.reason, Back::default()),
    };
    let reason = reason.trim();
    let length = reason.chars().count();
    if !(1..=NOTE_MAX_CHARS).contains(&length) {
        let detail = format!("Say why in 1 to {NOTE_MAX_CHARS} characters; the owner reads it.");
        return Err(Problem::invalid_field("reason", detail));
    }
    set(&app, &operator, client, id, Some(reason.to_owned()), back).await
}

pub(crate) async fn lift(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    PathId(id): PathId<Tenant>,
    FormBody(back): FormBody<Back>,
) -> Result<Response, Problem> {
    set(&app, &operator, client, id, None, back).await
}

async fn set(
    app: &App,
    operator: &Operator,
    client: Client,
    id: TenantId,
    reason: Option<String>,
    back: Back,
) -> Result<Response, Problem> {
    let detail = app.store.tenant(id).by(operator.actor).set_suspended(reason).await;
    let detail = detail.map_err(|error| refusal::by_store(&error))?;
    if let Err(error) = app.supervisor.configure(id) {
        tracing::warn!(%error, tenant = %id, "the worker could not be told at once; it is with its next connection");
    }
    if client.html {
        return Ok(Redirect::to(&back.place(format!("/admin/tenants/{id}"))).into_response());
    }
    Ok(Json(convert::tenant(app, detail)).into_response())
}
