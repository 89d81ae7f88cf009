//! `GET /portal/tenant/current/status`: where the bot stands on its way to the first answer, and who has to act.

use api::portal::{CurrentTenant, DeskStatus, StatusStep, StepName, StepState, WaitsFor};
use axum::{Json, response::IntoResponse};
use domain::{DesiredState, SessionState, SetupStatus, TenantStatus, Timestamp, Trouble};
use store::{SetupListed, TenantDetail};

use crate::{error::Answer, portal::call::MemberCall, setup_requests, tenants::Desk};

/// Where the bot stands
///
/// The way to the first answer in steps, who has to act, and what is wrong where something is.
#[utoipa::path(
    get, path = "/portal/tenant/current/status", tag = "portal", responses((status = 200, body = DeskStatus))
)]
pub(crate) async fn handle(call: MemberCall) -> Answer {
    Ok(Json(of(&call.desk().await?).await?).into_response())
}

/// Where it stands now.
pub(super) async fn of(desk: &Desk) -> Answer<DeskStatus> {
    let latest = desk.scope.latest_setup_request().await?;
    let (steps, waits_for) = steps(&desk.detail, latest.as_ref());
    let problem = problem(&desk.detail);
    let tenant = desk.document();
    Ok(DeskStatus {
        tenant: CurrentTenant {
            id: tenant.id,
            name: tenant.name,
            status: tenant.status,
            whatsapp_session: tenant.whatsapp_session,
            worker_process: tenant.worker_process,
        },
        setup_request: latest.map(setup_requests::convert),
        steps,
        waits_for,
        problem,
        phone_removed: is_removed(&desk.detail),
        timezone: desk.detail.tenant.timezone.clone(),
    })
}

/// Whether a phone is linked, as far as is known here: a status in error keeps the number of a device that is gone.
fn is_linked(detail: &TenantDetail) -> bool {
    detail.session.linked_number.is_some() && detail.tenant.status == TenantStatus::Active
}

/// Whether the bot may not answer although it could.
fn is_held_back(detail: &TenantDetail) -> bool {
    detail.tenant.suspended_at.is_some() || detail.tenant.held_number.is_some()
}

fn steps(detail: &TenantDetail, latest: Option<&SetupListed>) -> (Vec<StatusStep>, WaitsFor) {
    let request =
        latest.map(|listed| &listed.request).filter(|request| request.status != SetupStatus::Rejected);
    // A bot that the operator has set up needs no request: what comes before the phone is done.
    let by_operator = request.is_none() && detail.tenant.status != TenantStatus::New;
    let decided = by_operator
        || matches!(request.map(|request| request.status), Some(SetupStatus::Approved | SetupStatus::Active));
    let linked = is_linked(detail);
    let answering = linked && detail.session.state == SessionState::Connected && !is_held_back(detail);
    let done = [by_operator || request.is_some(), decided, decided, linked, answering];
    let at: [Option<Timestamp>; 5] = [
        request.map(|request| request.created_at),
        request.filter(|_| decided).and_then(|request| request.decided_at),
        request.filter(|_| decided).and_then(|request| request.decided_at),
        detail.session.linked_at.filter(|_| linked),
        detail.session.last_seen_at.filter(|_| answering),
    ];
    let names =
        [StepName::Submitted, StepName::InReview, StepName::Approved, StepName::Linked, StepName::Answering];
    let mut now = done.iter().position(|done| !done);
    let steps = names.into_iter().zip(done).zip(at).enumerate().map(|(place, ((step, done), at))| {
        let state = match () {
            () if done => StepState::Done,
            () if now.take_if(|now| *now == place).is_some() => StepState::Now,
            () => StepState::Later,
        };
        StatusStep { step, state, at }
    });
    let steps = steps.collect();
    let waits_for = match request.map(|request| request.status) {
        None if !by_operator => WaitsFor::Owner,
        Some(SetupStatus::Submitted | SetupStatus::Reviewing) => WaitsFor::Operator,
        _ if answering => WaitsFor::Nobody,
        _ if is_held_back(detail) || is_failing(detail) => WaitsFor::Operator,
        _ if linked => WaitsFor::Nobody,
        _ => WaitsFor::Owner,
    };
    (steps, waits_for)
}

/// Whether only an operator can help: the worker fails, and not because the phone has removed the device.
fn is_failing(detail: &TenantDetail) -> bool {
    detail.tenant.status == TenantStatus::Error && !is_removed(detail)
}

/// Whether the phone has removed the device.
fn is_removed(detail: &TenantDetail) -> bool {
    detail.session.trouble == Some(Trouble::PhoneRemoved)
}

fn problem(detail: &TenantDetail) -> Option<String> {
    use words::desk as say;
    let tenant = &detail.tenant;
    if tenant.suspended_at.is_some() {
        let why = tenant.suspended_reason.as_deref();
        return Some(why.map_or_else(|| say::suspended().to_owned(), say::suspended_why));
    }
    if let Some(number) = &tenant.held_number {
        return Some(say::held(number.as_str()));
    }
    if is_removed(detail) {
        return Some(say::logged_out().to_owned());
    }
    match tenant.status {
        TenantStatus::Error => Some(say::failing().to_owned()),
        TenantStatus::Paused if detail.worker.desired_state == DesiredState::Stopped => {
            Some(say::stopped().to_owned())
        }
        _ => None,
    }
}
