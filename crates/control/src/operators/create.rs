//! `POST /admin/operators`: adds an operator. Without a password one is made, and shown this once.

use accounts::{BrowserSession, password};
use axum::{Json, response::IntoResponse};
use http::StatusCode;
use secrecy::SecretString;
use web::Given;

use super::list::{self, Draft};
use crate::{auth, call::Call, checks, error::Answer};

/// Add an operator
///
/// The password is answered this once, where it was made here.
#[utoipa::path(
    post, path = "/admin/operators", tag = "operators",
    request_body(content((api::CreateOperator = "application/json"), (api::CreateOperator = "application/x-www-form-urlencoded"))),
    responses((status = 201, body = api::NewPassword))
)]
pub(crate) async fn handle(
    call: Call,
    browser: BrowserSession,
    Given(given): Given<api::CreateOperator>,
) -> Answer {
    let draft = Draft { name: given.name.clone(), email: given.email.clone() };
    if !auth::is_confirmed(&call.app, &call.operator, Some(&browser)).await? {
        // What was typed waits for whoever comes back.
        draft.keep(&call.app, &browser).await?;
        return Ok(auth::ask_to_confirm(call.client, "/admin/operators"));
    }
    match create(&call, given).await {
        Ok(made) if call.client.html => list::page(&call, &Draft::default(), None, Some(&made)).await,
        Ok(made) => Ok((StatusCode::CREATED, Json(made)).into_response()),
        Err(error) if call.client.html && error.problem().field().is_some() => {
            list::page(&call, &draft, Some(error.problem()), None).await
        }
        Err(error) => Err(error),
    }
}

async fn create(call: &Call, given: api::CreateOperator) -> Answer<api::NewPassword> {
    let name = checks::name(&given.name)?;
    let email = checks::email("email", &given.email)?;
    let (hash, made) = match given.password {
        Some(chosen) => {
            (super::chosen("password", SecretString::from(chosen), &[&name, &email]).await?, None)
        }
        None => {
            let made = password::generate();
            (super::hashed(made.clone()).await?, Some(made))
        }
    };
    let operators = call.app.store.operator().by(call.operator.actor);
    Ok(super::shown(operators.add_operator(&name, &email, &hash).await?.user, made.as_ref()))
}
