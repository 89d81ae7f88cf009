//! `POST /admin/setup-requests/{id}/approve`: takes over what was asked for and starts the worker. The request becomes
//! ACTIVE when the phone is linked, at once where it is already.

use axum::{Json, response::IntoResponse};
use domain::{PackId, SessionState, SetupRequestId, SetupStatus, id::kind::SetupRequest};
use replies::Packs;
use store::{Actor, FirstProfile, SetupDecision, SetupListed};
use supervisor::Error;
use web::{Given, PathId};

use super::{answer, convert, decide, decided as decided_already, find, note};
use crate::{
    App,
    call::Call,
    error::{Answer, by_supervisor},
    packs, profile,
    tenants::Desk,
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
    let given = given.map(|Given(given)| given).unwrap_or_default();
    let notes = note("notes", given.notes.as_deref().unwrap_or_default())?;
    let (decided, worker_error) = approve(&call.app, call.operator.actor, id, notes).await?;
    if call.client.html {
        return Ok(answer(&call, decided));
    }
    Ok(Json(api::Approved { request: convert(decided), worker_error }).into_response())
}

/// Takes over what was asked for and starts the worker; the request as it then is, and why the worker did not start, where
/// it did not.
pub(crate) async fn approve(
    app: &App,
    actor: Actor,
    id: SetupRequestId,
    notes: Option<String>,
) -> Answer<(SetupListed, Option<String>)> {
    let found = find(app, id).await?;
    let tenant = found.request.tenant_id;
    let desk = Desk::of(app.clone(), actor, tenant).await?;
    // Approved, but nothing was started: once more.
    let again = found.request.status == SetupStatus::Approved && app.supervisor.live(tenant).is_none();
    if !again {
        let packs = app.supervisor.packs();
        // Gone since it was asked for: there is nothing to take over.
        let pack = packs::read(&packs, "template_type", found.request.template_type.as_str())?;
        let first = first_profile(&desk, &packs, pack).await?;
        let decision = SetupDecision { status: SetupStatus::Approved, notes, by: actor.to_string() };
        desk.scope.approve_setup_request(id, &decision, first.as_ref()).await.map_err(decided_already)?;
    }
    let worker_error = match desk.supervisor().start(tenant).await {
        Ok(()) => None,
        Err(Error::AlreadyRunning) => {
            desk.tell_worker();
            None
        }
        // The approval stands: the worker is wanted and tried again, or an operator starts it.
        Err(error) => Some(by_supervisor(&error).detail().to_owned()),
    };
    let connected = desk.scope.get().await?.session.state == SessionState::Connected;
    let decided = if connected {
        decide(app, actor, id, SetupStatus::Active, None).await?
    } else {
        find(app, id).await?
    };
    Ok((decided, worker_error))
}

/// What a bot of another pack begins with, where nobody has told the one that stands anything yet.
async fn first_profile(desk: &Desk, packs: &Packs, pack: PackId) -> Answer<Option<FirstProfile>> {
    let over = desk.scope.profile().await?.version;
    if over > 1 || pack == desk.detail.config.template_type {
        return Ok(None);
    }
    Ok(profile::first_of(packs, pack, over + 1, desk.app.now())
        .map(|document| FirstProfile { over, document }))
}
