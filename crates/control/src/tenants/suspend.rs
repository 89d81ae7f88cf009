//! `POST /admin/tenants/{id}/suspend`. A suspended tenant's worker goes on running and tells each customer once, politely,
//! that the business is away; the owner reads the reason. Only an operator lifts it.

use domain::limits::NOTE_MAX_CHARS;
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Problem, Sent};

use super::{Desk, TenantCall};
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
pub(crate) async fn handle(call: TenantCall, sent: Sent<SuspendForm, api::Suspend>) -> Answer {
    let (reason, back) = match sent {
        Sent::Form(form) => (form.reason, Back { back: form.back }),
        Sent::Json(given) => (given.reason, Back::default()),
    };
    set(call, Some(checked(&reason)?), back).await
}

/// A reason that the owner can read.
pub(super) fn checked(reason: &str) -> Result<String, Problem> {
    let reason = reason.trim();
    if !(1..=NOTE_MAX_CHARS).contains(&reason.chars().count()) {
        return Err(Problem::invalid_field("reason", words::tenant::say_why(NOTE_MAX_CHARS)));
    }
    Ok(reason.to_owned())
}

/// Suspends with a reason, or lifts it, and tells the worker.
pub(super) async fn suspend(desk: &mut Desk, reason: Option<String>) -> Answer<()> {
    desk.detail = desk.scope.set_suspended(reason).await?;
    desk.tell_worker();
    Ok(())
}

/// The same, and answers.
pub(super) async fn set(mut call: TenantCall, reason: Option<String>, back: Back) -> Answer {
    suspend(&mut call, reason).await?;
    Ok(call.leads_to(&back.place(call.place()), call.document()))
}
