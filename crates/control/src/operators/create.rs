//! `POST /admin/operators`: adds an operator. Without a password one is made, and shown this once.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use secrecy::{ExposeSecret, SecretString};
use web::{Client, Problem, Sent, password};

use crate::{App, auth::Operator, checks, pages::operators as page, refusal, wire};

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
    sent: Sent<wire::CreateOperator, wire::CreateOperator>,
) -> Result<Response, Problem> {
    let (Sent::Form(given) | Sent::Json(given)) = sent;
    let typed = page::Typed { name: given.name.clone(), email: given.email.clone(), problem: None };
    match create(&app, &operator, given).await {
        Ok(created) if client.html => {
            page::list(&app, &operator, &super::all(&app).await?, &page::Typed::default(), Some(&created))
                .await
        }
        Ok(created) => Ok((StatusCode::CREATED, Json(created)).into_response()),
        Err(problem) if client.html && problem.field().is_some() => {
            let typed = page::Typed { problem: Some(problem), ..typed };
            page::list(&app, &operator, &super::all(&app).await?, &typed, None).await
        }
        Err(problem) => Err(problem),
    }
}

async fn create(
    app: &App,
    operator: &Operator,
    given: wire::CreateOperator,
) -> Result<wire::NewPassword, Problem> {
    let name = checks::name(&given.name)?;
    let email = checks::email("email", &given.email)?;
    let made = given.password.is_none().then(password::generate);
    let hash = match (given.password, &made) {
        (Some(chosen), _) => super::chosen("password", SecretString::from(chosen)).await?,
        (None, Some(made)) => super::hashed(made.clone()).await?,
        (None, None) => return Err(Problem::invalid_field("password", "Give a password, or leave it out.")),
    };
    let added = app.store.operator().by(operator.actor).add_operator(&name, &email, &hash).await;
    let added = added.map_err(|error| refusal::by_store(&error))?;
    Ok(wire::NewPassword {
        id: added.user.id,
        name: added.user.name,
        email: added.user.email,
        password: made.map(|made| made.expose_secret().to_owned()),
    })
}
