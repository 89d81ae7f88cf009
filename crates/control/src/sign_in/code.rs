//! `POST /admin/sign-in/code`: the second factor, after a right password.

use accounts::BrowserSession;
use axum::extract::State;
use serde::Deserialize;
use serde_json::json;
use web::{Client, Given, Kind, Problem, place::see_other};

use super::{SIGN_IN, show_code, submit::signed_in, wrong};
use crate::{App, audit, auth::Whence, error::Answer};

/// What is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Code {
    /// Six digits of the app, or a recovery code.
    code: String,
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
    browser: BrowserSession,
    Given(given): Given<Code>,
) -> Answer {
    let Some((pending, proved)) = app.accounts.pending(&browser).await? else {
        if client.html {
            return Ok(see_other(SIGN_IN));
        }
        return Err(Problem::new(Kind::Unauthorized, words::sign_in::password_first()).into());
    };
    if let Err(error) = app.accounts.check_code(&proved, &given.code, &asker).await {
        let error = wrong(error, Kind::Unauthorized, Some("code"), words::sign_in::wrong_code());
        let shown = matches!(error.problem().kind(), Kind::Unauthorized | Kind::TooManyAttempts);
        return if client.html && shown {
            Ok(show_code::page(&app, Some(error.problem())))
        } else {
            Err(error)
        };
    }
    app.accounts.begin(&browser, &proved).await?;
    audit::platform(&app, proved.actor, "SIGNED_IN", json!({ "second_factor": true })).await;
    Ok(signed_in(&app, client, &asker, &pending.next, &proved))
}
