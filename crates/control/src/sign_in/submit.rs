//! `POST /admin/sign-in`: begins a session where the password is right.

use accounts::{ADMIN, Asker, BrowserSession, Passed, Proved};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use web::{Client, Given, Kind, place::see_other};

use super::{SIGN_IN, safe_next, show, wrong};
use crate::{App, audit, auth::Whence, error::Answer};

/// What is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    /// `admin`, or an operator's address.
    #[serde(default)]
    user: String,
    password: SecretString,
    /// Where to go then.
    #[serde(default)]
    next: String,
}

/// Begin a session
///
/// 202 where a second factor is asked for.
#[utoipa::path(
    post, path = "/admin/sign-in", tag = "sign-in",
    request_body(content((api::SignIn = "application/json"), (api::SignIn = "application/x-www-form-urlencoded"))),
    responses((status = 200, body = api::SignedIn), (status = 202, body = api::CodeNeeded), (status = 303))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    client: Client,
    Whence(asker): Whence,
    browser: BrowserSession,
    Given(given): Given<SignIn>,
) -> Answer {
    let user = if given.user.trim().is_empty() { ADMIN } else { given.user.trim() };
    let next = safe_next(&given.next);
    match app.accounts.sign_in(user, &given.password, &asker).await {
        Ok(Passed::Enough(proved)) => {
            app.accounts.begin(&browser, &proved).await?;
            audit::platform(&app, proved.actor, "SIGNED_IN", json!({ "second_factor": false })).await;
            Ok(signed_in(&app, client, &asker, &next, &proved))
        }
        Ok(Passed::NeedsCode(proved)) => {
            app.accounts.wait_for_code(&browser, &proved, next).await?;
            if client.html {
                return Ok(see_other(&format!("{SIGN_IN}/code")));
            }
            Ok((StatusCode::ACCEPTED, Json(json!({ "second_factor": true }))).into_response())
        }
        Err(error) => {
            let error = wrong(error, Kind::Unauthorized, None, words::sign_in::wrong());
            let shown = matches!(error.problem().kind(), Kind::Unauthorized | Kind::TooManyAttempts);
            if client.html && shown {
                return Ok(show::page(&app, user, &next, Some(error.problem())));
            }
            Err(error)
        }
    }
}

/// The answer to whoever is in; the browser is known from now on.
pub(super) fn signed_in(app: &App, client: Client, asker: &Asker, next: &str, proved: &Proved) -> Response {
    let mut response =
        if client.html { see_other(next) } else { Json(json!({ "name": proved.name })).into_response() };
    if let Some(cookie) = app.accounts.device_cookie(asker, proved) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
