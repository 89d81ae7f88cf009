//! Owners' requests to have their bot switched on.

pub(crate) mod approve;
pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod reject;
pub(crate) mod review;
pub(crate) mod show;

use axum::{
    Json,
    response::{IntoResponse, Redirect, Response},
};
use domain::{SetupRequestId, SetupStatus, limits::NOTE_MAX_CHARS};
use store::{SetupDecision, SetupListed, StoreError};
use web::{Client, Kind, Problem};

use crate::{App, auth::Operator, refusal, wire};

/// What the store refused, where a request was named by its id alone.
fn by_store(error: &StoreError) -> Problem {
    match error {
        StoreError::NotFound("setup request") => {
            Problem::new(Kind::SetupRequestNotFound, "There is no such setup request.")
        }
        StoreError::Conflict { field: "status", reason } => {
            Problem::new(Kind::SetupRequestDecided, refusal::sentence(reason)).with_field("status")
        }
        other => refusal::by_store(other),
    }
}

/// One request with its names.
async fn find(app: &App, id: SetupRequestId) -> Result<SetupListed, Problem> {
    app.store.operator().find_setup_request(id).await.map_err(|error| by_store(&error))
}

/// Decides and reads the request again, with its names.
async fn decide(
    app: &App,
    operator: &Operator,
    id: SetupRequestId,
    status: SetupStatus,
    notes: Option<String>,
) -> Result<SetupListed, Problem> {
    let found = find(app, id).await?;
    let decision = SetupDecision { status, notes, by: operator.actor.to_string() };
    let scope = app.store.tenant(found.request.tenant_id);
    scope.decide_setup_request(id, &decision).await.map_err(|error| by_store(&error))?;
    find(app, id).await
}

/// A page goes on to the request, a script gets it.
fn answer(client: Client, decided: SetupListed) -> Response {
    if client.html {
        return Redirect::to(&format!("/admin/setup-requests/{}", decided.request.id)).into_response();
    }
    Json(convert(decided)).into_response()
}

/// What is answered.
pub(crate) fn convert(listed: SetupListed) -> wire::SetupRequest {
    let SetupListed { request, tenant_name, user_name, user_email, reviewer_name } = listed;
    wire::SetupRequest {
        id: request.id,
        tenant_id: request.tenant_id,
        tenant_name,
        user_id: request.user_id,
        user_name,
        user_email,
        template_type: request.template_type,
        whatsapp_number: request.whatsapp_number.to_string(),
        status: request.status,
        notes: request.notes,
        reviewed_by: request.reviewed_by,
        reviewer_name,
        decided_at: request.decided_at,
        created_at: request.created_at,
        updated_at: request.updated_at,
    }
}

/// A note of at most as many characters as the limits allow.
fn note(field: &'static str, text: &str) -> Result<Option<String>, Problem> {
    let text = text.trim();
    let length = text.chars().count();
    if length > NOTE_MAX_CHARS {
        return Err(Problem::invalid_field(
            field,
            format!("A note has at most {NOTE_MAX_CHARS} characters; this one has {length}."),
        ));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}
