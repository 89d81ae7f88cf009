//! `GET` and `POST /admin/sign-in/code`: the second factor, after a right password.

use axum::{
    Extension,
    extract::State,
    response::{IntoResponse, Response},
};
use http::HeaderMap;
use serde::Deserialize;
use serde_json::json;
use store::{Actor, OperatorAccount, SecondFactor, StoreError};
use tower_sessions::Session;
use web::{Client, Kind, Problem, Sent, password::Denied, place::see_other, serve::Peer};

use super::{
    SIGN_IN,
    session::{self, Proved},
    submit::signed_in,
    totp,
};
use crate::{App, audit, auth, pages::sign_in as page, refusal};

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
pub(crate) async fn show(State(app): State<App>, session: Session) -> Result<Response, Problem> {
    Ok(match session::pending(&app, &session).await? {
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
    session: Session,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    sent: Sent<Code, Code>,
) -> Result<Response, Problem> {
    let (Sent::Form(given) | Sent::Json(given)) = sent;
    let Some(pending) = session::pending(&app, &session).await? else { return Ok(begin_anew(client)) };
    session::count_try(&session, &pending).await?;
    let account = app.store.operator().operator_by_id(pending.user).await;
    let account = account.map_err(|error| refusal::by_store(&error))?;
    let Some(account) = account.filter(|account| pending.fits(account.password_version)) else {
        return Ok(begin_anew(client));
    };
    let from = auth::source(&app, peer.map(|Extension(peer)| peer), &headers);
    let outcome = app.gate.admit_code(from, uses(&app, &account, &given.code)).await;
    match outcome.map_err(|error| refusal::by_store(&error))? {
        Ok(()) => {
            let actor = Actor::User(account.user_id());
            let proved = Proved {
                actor,
                version: account.password_version.to_string(),
                name: account.member.user.name.clone(),
            };
            session::begin(&app, &session, &proved).await?;
            audit::platform(&app, actor, "SIGNED_IN", json!({ "second_factor": true })).await;
            Ok(signed_in(&app, client, &pending.next, &proved.name))
        }
        Err(Denied::TooMany) => Err(auth::too_many()),
        Err(Denied::Wrong) => {
            audit::sign_in_failed(&app, from, "second factor").await;
            let problem = Problem::new(
                Kind::Unauthorized,
                "This code is not right, or was used already. Wait for the next one and type that.",
            )
            .with_field("code");
            if client.html { Ok(page::code(&app, Some(&problem))) } else { Err(problem) }
        }
    }
}

/// Whether the code is right; it is then used up.
async fn uses(app: &App, account: &OperatorAccount, code: &str) -> Result<bool, StoreError> {
    let Some(secret) = &account.totp_secret else { return Ok(false) };
    let factor = match totp::step(secret, code, app.now()) {
        Some(step) => SecondFactor::Step(step),
        None => SecondFactor::Recovery(totp::recovery_hash(code)),
    };
    app.store.operator().use_second_factor(account.user_id(), &factor).await
}

fn begin_anew(client: Client) -> Response {
    if client.html {
        return see_other(SIGN_IN);
    }
    Problem::new(
        Kind::Unauthorized,
        "Sign in with the password first; a code is waited for 5 minutes and 5 tries.",
    )
    .into_response()
}
