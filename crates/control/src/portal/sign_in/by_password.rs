//! `POST /portal/sign-in/password`: signs in by address and password, behind the same line as operators.

use axum::Json;
use secrecy::SecretString;
use serde::Deserialize;
use web::JsonBody;

use crate::{
    error::Answer,
    portal::{call::PortalCall, facts},
};

/// What is sent: the same as [`api::portal::PasswordSignIn`], with the password as a secret.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Given {
    email: String,
    password: SecretString,
    #[serde(default)]
    address: Option<String>,
}

/// Sign in by address and password
///
/// Whoever is not known is answered the same, as late, as whoever is wrong.
#[utoipa::path(
    post, path = "/portal/sign-in/password", tag = "portal", request_body = api::portal::PasswordSignIn,
    responses((status = 200, body = api::portal::PortalSignedIn))
)]
pub(crate) async fn handle(
    call: PortalCall,
    JsonBody(given): JsonBody<Given>,
) -> Answer<Json<api::portal::PortalSignedIn>> {
    let asker = call.asker(given.address.as_deref());
    let begun = call.app.accounts.people().by_password(&given.email, &given.password, &asker).await?;
    Ok(Json(facts::begun(&call.app, &begun).await?))
}
