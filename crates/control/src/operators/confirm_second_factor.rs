//! `POST /admin/account/second-factor`: the first code proves that the app has the secret; the recovery codes are shown,
//! this once.

use accounts::BrowserSession;
use askama::Template;
use axum::{Json, response::IntoResponse};
use secrecy::ExposeSecret;
use serde::Deserialize;
use web::{Given, Problem, ui::Head};

use super::show_second_factor::{self, waiting};
use crate::{
    auth::{self, Confirmed, Whence},
    error::Answer,
    shell::Section,
};

/// What is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Confirm {
    /// Six digits.
    code: String,
}

/// The recovery codes.
#[derive(Template)]
#[template(path = "recovery.html")]
struct View<'a> {
    codes: &'a [String],
}

/// Confirm a second factor by its first code
///
/// Answers the recovery codes, this once.
#[utoipa::path(
    post, path = "/admin/account/second-factor", tag = "operators",
    request_body(content((api::Code = "application/json"), (api::Code = "application/x-www-form-urlencoded"))),
    responses((status = 200, body = api::RecoveryCodes))
)]
pub(crate) async fn handle(
    Confirmed(call): Confirmed,
    Whence(asker): Whence,
    browser: BrowserSession,
    Given(given): Given<Confirm>,
) -> Answer {
    let secret = waiting(&call, &browser).await?;
    let set = call.app.accounts.set_factor(call.operator.actor, secret.clone(), &given.code).await?;
    let Some(codes) = set else {
        let problem = Problem::invalid_field("code", words::account::wrong_first());
        if !call.client.html {
            return Err(problem.into());
        }
        return show_second_factor::page(&call, &secret, Some(&problem)).await;
    };
    let codes: Vec<String> = codes.iter().map(|code| code.expose_secret().to_owned()).collect();
    let response = if call.client.html {
        let head = Head::narrow(words::account::recovery());
        call.page(Section::Operators, head, &View { codes: &codes }).await
    } else {
        Json(api::RecoveryCodes { recovery_codes: codes }).into_response()
    };
    auth::renew(&call.app, &call.operator, &browser, &asker, response).await
}
