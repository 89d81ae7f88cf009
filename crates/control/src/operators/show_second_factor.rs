//! `GET /admin/account/second-factor`: begins to set a second factor up: a secret as a QR code, kept in the session until
//! a code proves that the app has it.

use accounts::{BrowserSession, totp};
use askama::Template;
use axum::{Json, response::IntoResponse};
use secrecy::{ExposeSecret, SecretString};
use web::{
    Kind, Problem,
    qr::Picture,
    ui::{Field, Head, Html, Input},
};

use super::account;
use crate::{auth::Confirmed, call::Call, error::Answer, shell::Section};

/// Where the secret waits for its first code.
const WAITING: &str = "second_factor";

/// A new secret for a second factor
#[utoipa::path(
    get, path = "/admin/account/second-factor", tag = "operators",
    responses((status = 200, body = api::NewSecondFactor))
)]
pub(crate) async fn handle(Confirmed(call): Confirmed, browser: BrowserSession) -> Answer {
    with_session(&call)?;
    let secret = totp::new_secret();
    call.app.accounts.keep(&browser, WAITING, secret.expose_secret()).await?;
    if call.client.html {
        return page(&call, &secret, None).await;
    }
    let address = address(&call, &secret).await?;
    Ok(Json(api::NewSecondFactor {
        secret: secret.expose_secret().to_owned(),
        address: address.expose_secret().to_owned(),
    })
    .into_response())
}

/// The secret that waits.
pub(super) async fn waiting(call: &Call, browser: &BrowserSession) -> Answer<SecretString> {
    with_session(call)?;
    let waiting = call.app.accounts.kept(browser, WAITING).await?.map(SecretString::from);
    Ok(waiting.ok_or_else(|| Problem::new(Kind::Conflict, words::account::ask_first()))?)
}

#[derive(Template)]
#[template(path = "second_factor.html")]
struct View<'a> {
    picture: Html,
    secret: &'a str,
    field: Field,
}

/// The secret as a code to scan, and the field for the first code of the app.
pub(super) async fn page(call: &Call, secret: &SecretString, problem: Option<&Problem>) -> Answer {
    let picture = Picture::of(address(call, secret).await?.expose_secret());
    let digits = Input::Line { kind: "text", autocomplete: "one-time-code", inputmode: "numeric" };
    let view = View {
        picture: picture.map(|picture| picture.html(words::account::picture())).unwrap_or_default(),
        secret: secret.expose_secret(),
        field: Field::new("code", words::sign_in::code(), digits)
            .hint(words::account::code_hint())
            .wrong(problem),
    };
    Ok(call.form(Section::Operators, Head::narrow(words::sign_in::second_factor()), &view, problem).await)
}

/// What an app reads from the QR code.
async fn address(call: &Call, secret: &SecretString) -> Answer<SecretString> {
    let own = account::own(&call.app, &call.operator).await?;
    let name = own.email.as_deref().unwrap_or(&own.name);
    let address = totp::address(secret, name, call.app.brand_name());
    Ok(address.ok_or_else(|| Problem::new(Kind::Internal, words::account::not_set_up()))?)
}

fn with_session(call: &Call) -> Result<(), Problem> {
    let refused = || Problem::new(Kind::Conflict, words::account::by_browser());
    call.operator.by_session.then_some(()).ok_or_else(refused)
}
