//! `GET` and `POST /admin/sign-in/code`: the second factor, after a right password.

use accounts::SignInError;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;
use tower_sessions::Session;
use web::{Client, Kind, Problem, Sent, place::see_other};

use super::{SIGN_IN, submit::signed_in};
use crate::{
    App, audit,
    auth::Whence,
    error::{Answer, Error},
    pages::sign_in as page,
};

/// What is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Code {
    /// Six digits of the app, or a recovery code.
    code: String,
}

/// The page for the second factor
#[utoipa::path(
    get, path = "/admin/sign-in/code", tag = "sign-in",
    responses((status = 200, content_type = "text/html", body = String), (status = 303))
)]
pub(crate) async fn show(State(app): State<App>, session: Session) -> Answer {
    Ok(match app.accounts.pending(&session).await? {
        Some(_) => page::code(&app, None),
        None => see_other(SIGN_IN),
    })
}

/// The second factor
///
/// A code of the app, or a recovery code.
#[utoipa::path(
    post, path = "/admin/sign-in/code", tag = "sign-in",
    request_body(content((api::Code = "application/json"), (api::Code = "application/x-www-form-urlencoded"))),
    responses((status = 200, body = api::SignedIn), (status = 303))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    client: Client,
    Whence(asker): Whence,
    session: Session,
    sent: Sent<Code, Code>,
) -> Answer {
    let (Sent::Form(given) | Sent::Json(given)) = sent;
    let Some((pending, proved)) = app.accounts.pending(&session).await? else {
        return Ok(begin_anew(client));
    };
    match app.accounts.check_code(&proved, &given.code, &asker).await {
        Ok(()) => {
            app.accounts.begin(&session, &proved).await?;
            audit::platform(&app, proved.actor, "SIGNED_IN", json!({ "second_factor": true })).await;
            Ok(signed_in(&app, client, &asker, &pending.next, &proved))
        }
        Err(error) => {
            let error = match error {
                SignInError::Wrong => Problem::new(
                    Kind::Unauthorized,
                    "This code is not right, or was used already. Wait for the next one and type that.",
                )
                .with_field("code")
                .into(),
                other => Error::from(other),
            };
            let shown = matches!(error.problem().kind(), Kind::Unauthorized | Kind::TooManyAttempts);
            if client.html && shown { Ok(page::code(&app, Some(error.problem()))) } else { Err(error) }
        }
    }
}

fn begin_anew(client: Client) -> Response {
    if client.html {
        return see_other(SIGN_IN);
    }
    Problem::new(Kind::Unauthorized, "Sign in with the password first; a code is waited for 5 minutes.")
        .into_response()
}
