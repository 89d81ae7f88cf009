//! `POST /admin/setup-requests/{id}/approve`: takes over what was asked for and starts the worker. The request becomes
//! ACTIVE when the phone is linked, at once where it is already.

use axum::{Json, response::IntoResponse};
use domain::{SessionState, SetupStatus, id::kind::SetupRequest};
use store::SetupDecision;
use supervisor::Error;
use web::{Given, PathId};

use super::{answer, convert, decide, decided as decided_already, find, note};
use crate::{
    call::Call,
    error::{Answer, by_supervisor},
    packs,
};

/// Approve a setup request
///
/// Takes over what was asked for and starts the worker. Where that start failed, approving again starts it again.
/// `notes` are what the owner reads.
#[utoipa::path(
    post, path = "/admin/setup-requests/{id}/approve", tag = "setup requests",
    request_body(content((Option<api::Approve> = "application/json"), (api::Approve = "application/x-www-form-urlencoded"))),
    responses((status = 200, body = api::Approved))
)]
pub(crate) async fn handle(
    call: Call,
    PathId(id): PathId<SetupRequest>,
    given: Option<Given<api::Approve>>,
) -> Answer {
    let (app, actor) = (&call.app, call.operator.actor);
    let given = given.map(|Given(given)| given).unwrap_or_default();
    let notes = note("notes", given.notes.as_deref().unwrap_or_default())?;
    let found = find(app, id).await?;
    let tenant = found.request.tenant_id;
    let scope = app.store.tenant(tenant).by(actor);
    // Approved, but nothing was started: once more.
    let again = found.request.status == SetupStatus::Approved && app.supervisor.live(tenant).is_none();
    if !again {
        // Gone since it was asked for: there is nothing to take over.
        packs::read(&app.supervisor.packs(), "template_type", found.request.template_type.as_str())?;
        let by = actor.to_string();
        let decision = SetupDecision { status: SetupStatus::Approved, notes, by };
        scope.approve_setup_request(id, &decision, None).await.map_err(decided_already)?;
    }
    let detail = scope.get().await?;
    let worker_error = match app.supervisor.by(actor).start(tenant).await {
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
    let decided = if detail.session.state == SessionState::Connected {
        decide(&call, id, SetupStatus::Active, None).await?
    } else {
        find(app, id).await?
    };
    if call.client.html {
        return Ok(answer(&call, decided));
    }
    Ok(Json(api::Approved { request: convert(decided), worker_error }).into_response())
}
