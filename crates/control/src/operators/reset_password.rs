//! `POST /admin/operators/{id}/reset`: a new password, shown this once, and no second factor; for whoever has lost
//! theirs. Ends all their sessions.

use accounts::password;
use axum::{Json, response::IntoResponse};
use domain::id::kind::User;
use store::{AccountChange, Actor, StoreError};
use web::PathId;

use super::list::{self, Draft};
use crate::{auth::Confirmed, error::Answer};

/// Make a new password
///
/// Drops the second factor, and ends the sessions of the account.
#[utoipa::path(
    post, path = "/admin/operators/{id}/reset", tag = "operators",
    responses((status = 200, body = api::NewPassword))
)]
pub(crate) async fn handle(Confirmed(call): Confirmed, PathId(id): PathId<User>) -> Answer {
    let made = password::generate();
    let hash = super::hashed(made.clone()).await?;
    let (accounts, by, whose) = (&call.app.accounts, call.operator.actor, Actor::User(id));
    accounts.change(by, whose, &AccountChange::Password(hash)).await?;
    accounts.change(by, whose, &AccountChange::NoTotp).await?;
    let account = call.app.store.operator().operator_by_id(id).await?;
    let account = account.ok_or(StoreError::NotFound("operator"))?;
    let made = super::shown(account.member.user, Some(&made));
    if call.client.html {
        return list::page(&call, &Draft::default(), None, Some(&made)).await;
    }
    Ok(Json(made).into_response())
}
