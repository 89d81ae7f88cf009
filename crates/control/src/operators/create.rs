//! `POST /admin/operators`: adds an operator. Without a password one is made, and shown this once.

use accounts::password;
use axum::{Json, extract::State, response::IntoResponse};
use http::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use tower_sessions::Session;
use web::{Client, Problem, Sent};

use crate::{
    App,
    auth::{self, Operator},
    checks,
    error::Answer,
    pages::operators as page,
};

/// Add an operator
///
/// The password is answered this once, where it was made here.
#[utoipa::path(
    post, path = "/admin/operators", tag = "operators",
    request_body(content((api::CreateOperator = "application/json"), (api::CreateOperator = "application/x-www-form-urlencoded"))),
    responses((status = 201, body = api::NewPassword))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    session: Session,
    sent: Sent<api::CreateOperator, api::CreateOperator>,
) -> Answer {
    let (Sent::Form(given) | Sent::Json(given)) = sent;
    let typed = page::Typed { name: given.name.clone(), email: given.email.clone(), problem: None };
    if !auth::is_confirmed(&app, &operator, Some(&session)).await? {
        // What was typed waits for whoever comes back.
        typed.keep(&app, &session).await?;
        return Ok(auth::ask_to_confirm(client, "/admin/operators"));
    }
    match create(&app, &operator, given).await {
        Ok(created) if client.html => {
            let all = super::all(&app).await?;
            Ok(page::list(&app, &operator, &all, &page::Typed::default(), Some(&created)).await?)
        }
        Ok(created) => Ok((StatusCode::CREATED, Json(created)).into_response()),
        Err(error) if client.html && error.problem().field().is_some() => {
            let typed = page::Typed { problem: Some(error.problem().clone()), ..typed };
            Ok(page::list(&app, &operator, &super::all(&app).await?, &typed, None).await?)
        }
        Err(error) => Err(error),
    }
}

async fn create(app: &App, operator: &Operator, given: api::CreateOperator) -> Answer<api::NewPassword> {
    let name = checks::name(&given.name)?;
    let email = checks::email("email", &given.email)?;
    let made = given.password.is_none().then(password::generate);
    let hash = match (given.password, &made) {
        (Some(chosen), _) => super::chosen("password", SecretString::from(chosen), &[&name, &email]).await?,
        (None, Some(made)) => super::hashed(made.clone()).await?,
        (None, None) => {
            return Err(Problem::invalid_field("password", "Give a password, or leave it out.").into());
        }
    };
    let added = app.store.operator().by(operator.actor).add_operator(&name, &email, &hash).await?;
    Ok(api::NewPassword {
        id: added.user.id,
        name: added.user.name,
        email: added.user.email,
        password: made.map(|made| made.expose_secret().to_owned()),
    })
}
