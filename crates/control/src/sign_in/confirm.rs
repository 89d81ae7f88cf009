//! `GET` and `POST /admin/confirm`: proves once more who is signed in, by password and second factor, before something is
//! done that a stolen session must not do. It is good for five minutes.

use accounts::SignInError;
use axum::{extract::State, response::IntoResponse};
use http::StatusCode;
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use tower_sessions::Session;
use web::{Asked, Client, Kind, Problem, Sent, place::see_other};

use super::submit::safe_next;
use crate::{
    App, audit,
    auth::{Operator, Whence},
    error::{Answer, Error},
    pages::sign_in as page,
};

/// The query.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameters {
    /// Where to go then: a page of the dashboard.
    #[serde(default)]
    next: String,
}

/// What is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Again {
    password: SecretString,
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

/// The page where one proves once more who one is
#[utoipa::path(
    get, path = "/admin/confirm", tag = "sign-in", params(Parameters),
    responses((status = 200, content_type = "text/html", body = String))
)]
pub(crate) async fn show(
    State(app): State<App>,
    operator: Operator,
    Asked(query): Asked<Parameters>,
) -> Answer {
    let has_factor = has_factor(&app, &operator).await?;
    Ok(page::confirm(&app, has_factor, &safe_next(&query.next), None))
}

/// Prove once more who you are
///
/// For sessions, before second factors, operators or passwords are changed; good for five minutes. Whoever sends a password
/// with each request need not.
#[utoipa::path(
    post, path = "/admin/confirm", tag = "sign-in",
    request_body(content((api::Confirm = "application/json"), (api::Confirm = "application/x-www-form-urlencoded"))),
    responses((status = 204), (status = 303))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    Whence(asker): Whence,
    session: Session,
    sent: Sent<Again, Again>,
) -> Answer {
    let (Sent::Form(given) | Sent::Json(given)) = sent;
    let next = safe_next(&given.next);
    let proved = app.accounts.account(operator.actor).await?;
    let checked = match proved {
        Some(proved) => match app.accounts.check_again(operator.actor, &given.password, &asker).await {
            Ok(()) if proved.has_factor => {
                app.accounts.check_code(&proved, &given.code, &asker).await.map_err(|error| {
                    wrong(
                        error,
                        "code",
                        "This code is not right, or was used already. Wait for the next one and type that.",
                    )
                })
            }
            Ok(()) => Ok(()),
            Err(error) => Err(wrong(error, "password", "This is not your password.")),
        },
        None => Err(Error::from(SignInError::Wrong)),
    };
    match checked {
        Ok(()) => {
            app.accounts.confirm(&session).await?;
            audit::platform(&app, operator.actor, "CONFIRMED", json!({})).await;
            Ok(if client.html { see_other(&next) } else { StatusCode::NO_CONTENT.into_response() })
        }
        Err(error) if client.html && error.problem().kind().status().is_client_error() => {
            Ok(page::confirm(&app, has_factor(&app, &operator).await?, &next, Some(error.problem())))
        }
        Err(error) => Err(error),
    }
}

async fn has_factor(app: &App, operator: &Operator) -> Answer<bool> {
    Ok(app.accounts.account(operator.actor).await?.is_some_and(|proved| proved.has_factor))
}

/// A wrong one is a field's, and no reason to sign in anew.
fn wrong(error: SignInError, field: &'static str, detail: &'static str) -> Error {
    match error {
        SignInError::Wrong => Problem::new(Kind::InvalidField, detail).with_field(field).into(),
        error => error.into(),
    }
}
