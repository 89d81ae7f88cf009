//! `GET` and `POST /admin/account/second-factor`: sets a second factor up: a secret as a QR code, then a code that proves
//! that the app has it, then the recovery codes, shown once. `POST …/remove` takes it away.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use store::{AccountChange, SecondFactor};
use tower_sessions::Session;
use web::{Client, Kind, Problem, Sent, place::see_other};

use super::account;
use crate::{
    App,
    auth::Operator,
    pages::account as page,
    refusal,
    sign_in::{session, totp},
    wire,
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
    operator: Operator,
    client: Client,
    session: Session,
) -> Result<Response, Problem> {
    let own = account::needed(&app, &operator).await?;
    with_session(&operator)?;
    let secret = totp::new_secret();
    session::keep(&session, WAITING, secret.expose_secret()).await?;
    let email = &own.member.user.email;
    let address = totp::address(&secret, email, app.brand_name()).ok_or_else(unusable)?;
    if client.html {
        return page::enrol(&app, &operator, &secret, &address, None).await;
    }
    Ok(Json(wire::NewSecondFactor {
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
    operator: Operator,
    client: Client,
    session: Session,
    sent: Sent<Confirm, Confirm>,
) -> Result<Response, Problem> {
    let (Sent::Form(given) | Sent::Json(given)) = sent;
    let own = account::needed(&app, &operator).await?;
    with_session(&operator)?;
    let waiting = session::kept(&session, WAITING).await?.map(SecretString::from);
    let secret = waiting.ok_or_else(|| Problem::new(Kind::Conflict, "Ask for a new secret first."))?;
    let Some(step) = totp::step(&secret, &given.code, app.now()) else {
        let problem = Problem::invalid_field(
            "code",
            "This code is not right. Type the six digits that the app shows now.",
        );
        if !client.html {
            return Err(problem);
        }
        let email = &own.member.user.email;
        let address = totp::address(&secret, email, app.brand_name()).ok_or_else(unusable)?;
        return page::enrol(&app, &operator, &secret, &address, Some(&problem)).await;
    };
    let (codes, recovery) = totp::recovery_codes();
    let operators = app.store.operator().by(operator.actor);
    let by_store = |error: store::StoreError| refusal::by_store(&error);
    let change = AccountChange::Totp { secret, recovery };
    operators.change_account(own.user_id(), &change).await.map_err(by_store)?;
    // This code has been seen: it signs nobody in any more.
    operators.use_second_factor(own.user_id(), &SecondFactor::Step(step)).await.map_err(by_store)?;
    session::renew(&app, &session, own.user_id()).await?;
    let codes: Vec<String> = codes.iter().map(|code| code.expose_secret().to_owned()).collect();
    if client.html {
        return page::recovery(&app, &operator, &codes).await;
    }
    Ok(Json(wire::RecoveryCodes { recovery_codes: codes }).into_response())
}

/// Turn the second factor off
#[utoipa::path(
    post, path = "/admin/account/second-factor/remove", tag = "operators",
    responses((status = 204), (status = 303))
)]
pub(crate) async fn remove(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    session: Session,
) -> Result<Response, Problem> {
    let own = account::needed(&app, &operator).await?;
    let change = AccountChange::NoTotp;
    let done = app.store.operator().by(operator.actor).change_account(own.user_id(), &change).await;
    done.map_err(|error| refusal::by_store(&error))?;
    if operator.by_session {
        session::renew(&app, &session, own.user_id()).await?;
    }
    Ok(if client.html { see_other("/admin/account") } else { StatusCode::NO_CONTENT.into_response() })
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

fn unusable() -> Problem {
    Problem::new(Kind::Internal, "The second factor could not be set up; try again.")
}
