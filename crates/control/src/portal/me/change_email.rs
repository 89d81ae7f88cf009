//! `POST /portal/me/email`: asks for another address. It changes once it is confirmed from both mailboxes.

use http::StatusCode;
use web::{JsonBody, Kind, Problem};

use crate::{
    error::Answer,
    portal::{call::PersonCall, letters},
};

/// Ask for another address
///
/// A link goes to each of the two mailboxes, and the address changes once both were used. Answered alike where somebody
/// else has the address.
#[utoipa::path(
    post, path = "/portal/me/email", tag = "portal", request_body = api::portal::ChangeEmail,
    responses((status = 202))
)]
pub(crate) async fn handle(
    call: PersonCall,
    JsonBody(given): JsonBody<api::portal::ChangeEmail>,
) -> Answer<StatusCode> {
    let app = &call.app;
    if app.portal.mailer.is_none() {
        return Err(Problem::new(Kind::Conflict, words::people::no_email()).into());
    }
    let posted = app.accounts.people().change_email(call.found.account.user.id, &given.email).await?;
    for letter in &posted {
        letters::send(app, letters::asked(app, letter));
    }
    Ok(StatusCode::ACCEPTED)
}
