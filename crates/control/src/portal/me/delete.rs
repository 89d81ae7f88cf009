//! `POST /portal/me/delete`: deletes one's own account. Where a business loses its last owner by that, its bot stops and the
//! operator is asked to delete it.

use accounts::people::Address;
use axum::Json;
use domain::{Language, TenantId};
use store::Actor;
use web::{JsonBody, Problem};

use crate::{App, error::Answer, portal::call::PersonCall};

/// Delete one's own account
///
/// What the person is to every business ends. A business that has no owner by that is stopped, and its deletion is asked of
/// the operator.
#[utoipa::path(
    post, path = "/portal/me/delete", tag = "portal", request_body = api::portal::DeleteMe,
    responses((status = 200, body = api::portal::MembershipGone))
)]
pub(crate) async fn handle(
    call: PersonCall,
    JsonBody(given): JsonBody<api::portal::DeleteMe>,
) -> Answer<Json<api::portal::MembershipGone>> {
    let user = &call.found.account.user;
    if Address::read(&given.email).is_none_or(|typed| typed.as_str() != user.email) {
        return Err(Problem::invalid_field("email", words::people::not_your_email()).into());
    }
    let gone = call.app.accounts.people().delete(user.id).await?;
    for seat in &gone {
        leave(&call.app, Actor::User(user.id), seat.tenant).await;
    }
    let left_without_owner = gone.into_iter().map(|seat| seat.name).collect();
    Ok(Json(api::portal::MembershipGone { left_without_owner }))
}

/// Stops the bot of a tenant without an owner, and marks it for the operator. The account has gone already: a failure is
/// logged, and the line in the audit log says what was asked for.
async fn leave(app: &App, by: Actor, tenant: TenantId) {
    match app.supervisor.by(by).stop(tenant).await {
        Ok(()) | Err(supervisor::Error::NotRunning) => {}
        Err(error) => {
            tracing::warn!(%error, %tenant, "the bot of a tenant without an owner could not be stopped");
        }
    }
    let why = words::within(Language::En, words::people::deletion_asked).to_owned();
    if let Err(error) = app.store.tenant(tenant).by(by).set_suspended(Some(why)).await {
        tracing::warn!(%error, %tenant, "a tenant without an owner could not be marked");
    }
}
