//! `POST /admin/account/password`: changes one's own password. Other sessions end, this one stays.

use accounts::{Asker, BrowserSession, SignInError};
use axum::response::IntoResponse;
use http::StatusCode;
use secrecy::SecretString;
use serde::Deserialize;
use store::{AccountChange, OperatorAccount};
use web::{Given, Problem};

use super::account;
use crate::{
    auth::{self, Whence},
    call::Call,
    error::Answer,
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
    call: Call,
    Whence(asker): Whence,
    browser: BrowserSession,
    Given(given): Given<ChangePassword>,
) -> Answer {
    let own = account::person(&call.app, &call.operator).await?;
    // The password is proved by the form itself, a second factor is not.
    if own.totp_secret.is_some() && !auth::is_confirmed(&call.app, &call.operator, Some(&browser)).await? {
        return Ok(auth::ask_to_confirm(call.client, "/admin/account"));
    }
    let hash = match check(&call, &own, given, &asker).await {
        Ok(hash) => hash,
        Err(error) if call.client.html => return account::page(&call, Some(error.problem()), None).await,
        Err(error) => return Err(error),
    };
    let (app, actor) = (&call.app, call.operator.actor);
    app.accounts.change(actor, actor, &AccountChange::Password(hash)).await?;
    let response = if call.client.html {
        account::page(&call, None, Some(words::account::changed())).await?
    } else {
        StatusCode::NO_CONTENT.into_response()
    };
    auth::renew(app, &call.operator, &browser, &asker, response).await
}

/// The hash of the new password, where the one of until now is right.
async fn check(
    call: &Call,
    own: &OperatorAccount,
    given: ChangePassword,
    asker: &Asker,
) -> Answer<SecretString> {
    match call.app.accounts.check_again(call.operator.actor, &given.current, asker).await {
        Ok(()) => {}
        Err(SignInError::Wrong) => {
            return Err(Problem::invalid_field("current", words::account::not_current()).into());
        }
        Err(error) => return Err(error.into()),
    }
    let whose = [own.member.user.name.as_str(), own.member.user.email.as_str()];
    Ok(super::chosen("new", given.new, &whose).await?)
}
