//! `POST /admin/setup-requests/{id}/approve`: takes over what was asked for and starts the worker. The request becomes
//! ACTIVE when the phone is linked, at once where it is already.

use axum::{Json, extract::State, response::IntoResponse};
use domain::{SessionState, SetupStatus, id::kind::SetupRequest};
use store::{ConfigChange, TenantChange};
use supervisor::Error;
use web::{Client, PathId, Sent};

use super::{answer, convert, decide, note};
use crate::{
    App,
    auth::Operator,
    error::{Answer, by_supervisor},
};

/// Approve a setup request
///
/// Takes over what was asked for and starts the worker. `notes` are what the owner reads.
#[utoipa::path(
    post, path = "/admin/setup-requests/{id}/approve", tag = "setup requests",
    request_body(content((Option<api::Approve> = "application/json"), (api::Approve = "application/x-www-form-urlencoded"))),
    responses((status = 200, body = api::Approved))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    PathId(id): PathId<SetupRequest>,
    sent: Option<Sent<api::Approve, api::Approve>>,
) -> Answer {
    let given = sent.map(|(Sent::Form(given) | Sent::Json(given))| given).unwrap_or_default();
    let notes = note("notes", given.notes.as_deref().unwrap_or_default())?;
    let mut decided = decide(&app, &operator, id, SetupStatus::Approved, notes).await?;
    let tenant = decided.request.tenant_id;
    let scope = app.store.tenant(tenant).by(operator.actor);
    let detail = scope.get().await?;
    let pack = decided.request.template_type;
    if detail.config.template_type != pack {
        let change = ConfigChange { template_type: Some(pack), ..ConfigChange::default() };
        scope.configure(change).await?;
    }
    if detail.tenant.phone_number.is_none() {
        let phone = Some(Some(decided.request.whatsapp_number.clone()));
        scope.update(TenantChange { phone, ..TenantChange::default() }).await?;
    }
    let worker_error = match app.supervisor.by(operator.actor).start(tenant).await {
        Ok(()) => None,
        Err(Error::AlreadyRunning) => {
            if let Err(error) = app.supervisor.configure(tenant) {
                tracing::warn!(%error, %tenant, "the worker could not be told its new settings at once");
            }
            None
        }
        // The approval stands: the worker is wanted and tried again, or an operator starts it.
        Err(error) => Some(by_supervisor(&error).detail().to_owned()),
    };
    if detail.session.state == SessionState::Connected {
        decided = decide(&app, &operator, id, SetupStatus::Active, None).await?;
    }
    if client.html {
        return Ok(answer(client, decided));
    }
    Ok(Json(api::Approved { request: convert(decided), worker_error }).into_response())
}
