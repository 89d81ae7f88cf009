//! `POST /portal/me/password`: sets a password. This session goes on, all others end.

use accounts::PeopleError;
use http::StatusCode;
use secrecy::SecretString;
use serde::Deserialize;
use web::{JsonBody, Problem};

use crate::{
    error::Answer,
    operators::chosen,
    portal::call::{PersonCall, asker},
};

/// What is sent: the same as [`api::portal::NewOwnPassword`], as secrets.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Given {
    #[serde(default)]
    current: Option<SecretString>,
    new: SecretString,
    #[serde(default)]
    address: Option<String>,
}

/// Set a password
///
/// Ends every other session of the person.
#[utoipa::path(
    post, path = "/portal/me/password", tag = "portal", request_body = api::portal::NewOwnPassword,
    responses((status = 204))
)]
pub(crate) async fn handle(call: PersonCall, JsonBody(given): JsonBody<Given>) -> Answer<StatusCode> {
    let (people, found) = (call.app.accounts.people(), &call.found);
    let asker = asker(&call.app, given.address.as_deref());
    match people.may_set_password(found, given.current.as_ref(), &asker).await {
        Err(PeopleError::Wrong) => {
            return Err(Problem::invalid_field("current", words::account::not_current()).into());
        }
        checked => checked?,
    }
    let user = &found.account.user;
    let hash = chosen("new", given.new, &[&user.name, &user.email]).await?;
    people.set_password(found, &hash).await?;
    Ok(StatusCode::NO_CONTENT)
}
