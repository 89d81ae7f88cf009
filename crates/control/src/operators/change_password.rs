//! `POST /admin/account/password`: changes one's own password. Other sessions end, this one stays.

use accounts::SignInError;
use axum::{extract::State, response::IntoResponse};
use http::StatusCode;
use secrecy::SecretString;
use serde::Deserialize;
use store::AccountChange;
use tower_sessions::Session;
use web::{Client, Problem, Sent};

use super::account;
use crate::{
    App,
    auth::{self, Operator, Whence},
    error::{Answer, Error},
    pages::account as page,
};

/// What is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangePassword {
    current: SecretString,
    new: SecretString,
}

/// Change one's own password
///
/// Ends every other session of the account.
#[utoipa::path(
    post, path = "/admin/account/password", tag = "operators",
    request_body(content((api::ChangePassword = "application/json"), (api::ChangePassword = "application/x-www-form-urlencoded"))),
    responses((status = 204), (status = 303))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    Whence(asker): Whence,
    session: Session,
    sent: Sent<ChangePassword, ChangePassword>,
) -> Answer {
    let (Sent::Form(given) | Sent::Json(given)) = sent;
    let own = account::person(&app, &operator).await?;
    // The password is proved by the form itself, a second factor is not.
    if own.totp_secret.is_some() && !auth::is_confirmed(&app, &operator, Some(&session)).await? {
        return Ok(auth::ask_to_confirm(client, "/admin/account"));
    }
    let shown = account::Own::of(&app, &operator).await?;
    let whose = [own.member.user.name.as_str(), own.member.user.email.as_str()];
    let changed = match app.accounts.check_again(operator.actor, &given.current, &asker).await {
        Ok(()) => super::chosen("new", given.new, &whose).await.map_err(Error::from),
        Err(SignInError::Wrong) => {
            Err(Problem::invalid_field("current", "This is not your current password.").into())
        }
        Err(error) => Err(error.into()),
    };
    let hash = match changed {
        Ok(hash) => hash,
        Err(error) if client.html => {
            return Ok(page::show(&app, &operator, &shown, Some(error.problem()), None).await?);
        }
        Err(error) => return Err(error),
    };
    app.accounts.change(operator.actor, operator.actor, &AccountChange::Password(hash)).await?;
    let response = if client.html {
        page::show(&app, &operator, &shown, None, Some("The password is changed.")).await?
    } else {
        StatusCode::NO_CONTENT.into_response()
    };
    auth::renew(&app, &operator, &session, &asker, response).await
}
