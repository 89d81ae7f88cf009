//! `POST /admin/confirm`: proves once more who is signed in, by password and second factor, before something is done that
//! a stolen session must not do. It is good for five minutes.

use accounts::{Asker, BrowserSession, SignInError};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::json;
use web::{Given, Kind};

use super::{safe_next, show_confirm, wrong};
use crate::{audit, auth::Whence, call::Call, error::Answer};

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
    call: Call,
    Whence(asker): Whence,
    browser: BrowserSession,
    Given(given): Given<Again>,
) -> Answer {
    let next = safe_next(&given.next);
    match check(&call, &given, &asker).await {
        Ok(()) => {}
        Err(error) if call.client.html && error.problem().kind().status().is_client_error() => {
            return show_confirm::page(&call, &next, Some(error.problem())).await;
        }
        Err(error) => return Err(error),
    }
    call.app.accounts.confirm(&browser).await?;
    audit::platform(&call.app, call.operator.actor, "CONFIRMED", json!({})).await;
    Ok(call.is_done(&next))
}

/// A wrong one is a field's, and no reason to sign in anew.
async fn check(call: &Call, given: &Again, asker: &Asker) -> Answer<()> {
    let (accounts, actor) = (&call.app.accounts, call.operator.actor);
    let field = |field, detail| move |error| wrong(error, Kind::InvalidField, Some(field), detail);
    let proved = accounts.account(actor).await?.ok_or(SignInError::Wrong)?;
    let password = accounts.check_again(actor, &given.password, asker).await;
    password.map_err(field("password", words::sign_in::wrong_password()))?;
    if proved.has_factor {
        let code = accounts.check_code(&proved, &given.code, asker).await;
        code.map_err(field("code", words::sign_in::wrong_code()))?;
    }
    Ok(())
}
