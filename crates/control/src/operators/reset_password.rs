//! `POST /admin/operators/{id}/reset`: a new password, shown this once, and no second factor; for whoever has lost
//! theirs. Ends all their sessions.

use accounts::password;
use axum::{Json, extract::State, response::IntoResponse};
use domain::id::kind::User;
use secrecy::ExposeSecret;
use store::{AccountChange, Actor};
use web::{Client, PathId};

use crate::{App, auth::Confirmed, error::Answer, pages::operators as page};

/// Make a new password
///
/// Drops the second factor, and ends the sessions of the account.
#[utoipa::path(
    post, path = "/admin/operators/{id}/reset", tag = "operators",
    responses((status = 200, body = api::NewPassword))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    Confirmed(operator): Confirmed,
    client: Client,
    PathId(id): PathId<User>,
) -> Answer {
    let made = password::generate();
    let hash = super::hashed(made.clone()).await?;
    let whose = Actor::User(id);
    app.accounts.change(operator.actor, whose, &AccountChange::Password(hash)).await?;
    app.accounts.change(operator.actor, whose, &AccountChange::NoTotp).await?;
    let account = app.store.operator().operator_by_id(id).await?;
    let account = account.ok_or(store::StoreError::NotFound("operator"))?;
    let created = api::NewPassword {
        id,
        name: account.member.user.name,
        email: account.member.user.email,
        password: Some(made.expose_secret().to_owned()),
    };
    if client.html {
        let all = super::all(&app).await?;
        return Ok(page::list(&app, &operator, &all, &page::Typed::default(), Some(&created)).await?);
    }
    Ok(Json(created).into_response())
}
