//! `GET` and `POST /admin/account/second-factor`: sets a second factor up: a secret as a QR code, then a code that proves
//! that the app has it, then the recovery codes, shown once. `POST …/remove` takes it away.

use accounts::totp;
use axum::{Json, extract::State, response::IntoResponse};
use http::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use store::AccountChange;
use tower_sessions::Session;
use web::{Client, Kind, Problem, Sent, place::see_other};

use super::account::Own;
use crate::{
    App,
    auth::{self, Confirmed, Operator, Whence},
    error::Answer,
    pages::account as page,
};

/// Where the secret waits for its first code.
const WAITING: &str = "second_factor";

/// What is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Confirm {
    /// Six digits.
    code: String,
}

/// A new secret for a second factor
#[utoipa::path(
    get, path = "/admin/account/second-factor", tag = "operators",
    responses((status = 200, body = api::NewSecondFactor))
)]
pub(crate) async fn show(
    State(app): State<App>,
    Confirmed(operator): Confirmed,
    client: Client,
    session: Session,
) -> Answer {
    with_session(&operator)?;
    let secret = totp::new_secret();
    app.accounts.keep(&session, WAITING, secret.expose_secret()).await?;
    let address = address(&app, &operator, &secret).await?;
    if client.html {
        return Ok(page::enrol(&app, &operator, &secret, &address, None).await?);
    }
    Ok(Json(api::NewSecondFactor {
        secret: secret.expose_secret().to_owned(),
        address: address.expose_secret().to_owned(),
    })
    .into_response())
}

/// Confirm a second factor by its first code
///
/// Answers the recovery codes, this once.
#[utoipa::path(
    post, path = "/admin/account/second-factor", tag = "operators",
    request_body(content((api::Code = "application/json"), (api::Code = "application/x-www-form-urlencoded"))),
    responses((status = 200, body = api::RecoveryCodes))
)]
pub(crate) async fn confirm(
    State(app): State<App>,
    Confirmed(operator): Confirmed,
    client: Client,
    Whence(asker): Whence,
    session: Session,
    sent: Sent<Confirm, Confirm>,
) -> Answer {
    let (Sent::Form(given) | Sent::Json(given)) = sent;
    with_session(&operator)?;
    let waiting = app.accounts.kept(&session, WAITING).await?.map(SecretString::from);
    let secret = waiting.ok_or_else(|| Problem::new(Kind::Conflict, "Ask for a new secret first."))?;
    let Some(codes) = app.accounts.set_factor(operator.actor, secret.clone(), &given.code).await? else {
        let problem = Problem::invalid_field(
            "code",
            "This code is not right. Type the six digits that the app shows now.",
        );
        if !client.html {
            return Err(problem.into());
        }
        let address = address(&app, &operator, &secret).await?;
        return Ok(page::enrol(&app, &operator, &secret, &address, Some(&problem)).await?);
    };
    let codes: Vec<String> = codes.iter().map(|code| code.expose_secret().to_owned()).collect();
    let response = if client.html {
        page::recovery(&app, &operator, &codes).await?
    } else {
        Json(api::RecoveryCodes { recovery_codes: codes }).into_response()
    };
    auth::renew(&app, &operator, &session, &asker, response).await
}

/// Turn the second factor off
#[utoipa::path(
    post, path = "/admin/account/second-factor/remove", tag = "operators",
    responses((status = 204), (status = 303))
)]
pub(crate) async fn remove(
    State(app): State<App>,
    Confirmed(operator): Confirmed,
    client: Client,
    Whence(asker): Whence,
    session: Session,
) -> Answer {
    if !Own::of(&app, &operator).await?.has_factor {
        return Err(Problem::new(Kind::Conflict, "There is no second factor to turn off.").into());
    }
    app.accounts.change(operator.actor, operator.actor, &AccountChange::NoTotp).await?;
    let response =
        if client.html { see_other("/admin/account") } else { StatusCode::NO_CONTENT.into_response() };
    auth::renew(&app, &operator, &session, &asker, response).await
}

/// What an app reads from the QR code.
async fn address(app: &App, operator: &Operator, secret: &SecretString) -> Answer<SecretString> {
    let own = Own::of(app, operator).await?;
    let name = own.email.as_deref().unwrap_or(&operator.name);
    let address = totp::address(secret, name, app.brand_name());
    Ok(address
        .ok_or_else(|| Problem::new(Kind::Internal, "The second factor could not be set up; try again."))?)
}

fn with_session(operator: &Operator) -> Result<(), Problem> {
    if operator.by_session {
        return Ok(());
    }
    Err(Problem::new(
        Kind::Conflict,
        "Sign in with a browser, or by POST /admin/sign-in, to set up a second factor.",
    ))
}
