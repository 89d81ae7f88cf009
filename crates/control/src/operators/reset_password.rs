//! `POST /admin/operators/{id}/reset`: a new password, shown this once, and no second factor; for whoever has lost
//! theirs. Ends all their sessions.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use domain::id::kind::User;
use secrecy::ExposeSecret;
use store::AccountChange;
use web::{Client, PathId, Problem, password};

use crate::{App, auth::Operator, pages::operators as page, refusal, wire};

/// Make a new password
///
/// Drops the second factor, and ends the sessions of the account.
#[utoipa::path(
    post, path = "/admin/operators/{id}/reset", tag = "operators",
    responses((status = 200, body = api::NewPassword))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    PathId(id): PathId<User>,
) -> Result<Response, Problem> {
    let made = password::generate();
    let hash = super::hashed(made.clone()).await?;
    let by_store = |error: store::StoreError| refusal::by_store(&error);
    let operators = app.store.operator().by(operator.actor);
    operators.change_account(id, &AccountChange::Password(hash)).await.map_err(by_store)?;
    operators.change_account(id, &AccountChange::NoTotp).await.map_err(by_store)?;
    let account = operators.operator_by_id(id).await.map_err(by_store)?;
    let account = account.ok_or_else(|| by_store(store::StoreError::NotFound("operator")))?;
    let created = wire::NewPassword {
        id,
        name: account.member.user.name,
        email: account.member.user.email,
        password: Some(made.expose_secret().to_owned()),
    };
    if client.html {
        return page::list(
            &app,
            &operator,
            &super::all(&app).await?,
            &page::Typed::default(),
            Some(&created),
        )
        .await;
    }
    Ok(Json(created).into_response())
}
