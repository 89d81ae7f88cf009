//! Owners' requests to have their bot switched on.

pub(crate) mod approve;
mod create;
mod list;
mod reject;
mod review;
mod show;
mod view;

pub(crate) use self::view::word;

use axum::response::Response;
use domain::{SetupRequestId, SetupStatus, limits::NOTE_MAX_CHARS};
use store::{Actor, SetupDecision, SetupListed, StoreError};
use utoipa_axum::routes;
use web::{
    Kind, Problem,
    routes::{Route, operator},
};

use crate::{
    App,
    call::Call,
    error::{Answer, Error, in_english},
};

/// Where they are listed.
pub(crate) const PATH: &str = "/admin/setup-requests";

pub(crate) fn routes() -> Vec<Route<App>> {
    vec![
        operator(routes!(list::handle)),
        operator(routes!(create::handle)),
        operator(routes!(show::handle)),
        operator(routes!(review::handle)),
        operator(routes!(approve::handle)),
        operator(routes!(reject::handle)),
    ]
}

/// One request with its names.
async fn find(app: &App, id: SetupRequestId) -> Answer<SetupListed> {
    Ok(app.store.operator().find_setup_request(id).await?)
}

/// Decides and reads the request again, with its names.
async fn decide(
    app: &App,
    actor: Actor,
    id: SetupRequestId,
    status: SetupStatus,
    notes: Option<String>,
) -> Answer<SetupListed> {
    let found = find(app, id).await?;
    let decision = SetupDecision { status, notes, by: actor.to_string() };
    let scope = app.store.tenant(found.request.tenant_id);
    scope.decide_setup_request(id, &decision).await.map_err(decided)?;
    find(app, id).await
}

/// A request that has been decided is told by a kind of its own.
fn decided(error: StoreError) -> Error {
    match error {
        StoreError::Conflict { field: "status", reason } => {
            let detail = in_english(&reason, words::setup::decided());
            Problem::new(Kind::SetupRequestDecided, detail).with_field("status").into()
        }
        other => other.into(),
    }
}

/// A page goes on to the request, a script gets it.
fn answer(call: &Call, decided: SetupListed) -> Response {
    call.leads_to(&format!("/admin/setup-requests/{}", decided.request.id), convert(decided))
}

/// What is answered.
pub(crate) fn convert(listed: SetupListed) -> api::SetupRequest {
    let SetupListed { request, tenant_name, user_name, user_email, reviewer_name } = listed;
    api::SetupRequest {
        id: request.id,
        tenant_id: request.tenant_id,
        tenant: api::RequestTenant { id: request.tenant_id, name: tenant_name.clone() },
        user: api::RequestUser { id: request.user_id, name: user_name.clone(), email: user_email.clone() },
        tenant_name,
        user_id: request.user_id,
        user_name,
        user_email,
        template_type: request.template_type,
        whatsapp_number: request.whatsapp_number.to_string(),
        business_name: request.business_name,
        business_type: request.business_type,
        language: request.language,
        hours: request.hours,
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
        return Err(Problem::invalid_field(field, words::setup::note_long(NOTE_MAX_CHARS, length)));
    }
    Ok((!text.is_empty()).then(|| text.to_owned()))
}
