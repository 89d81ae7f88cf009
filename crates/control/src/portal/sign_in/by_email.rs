//! `POST /portal/sign-in/email`: sends a link to whoever has an address, and answers before it is known whether somebody has.

use accounts::people::{Address, PeopleError};
use http::StatusCode;
use web::{JsonBody, Kind, Problem};

use crate::{
    error::Answer,
    portal::{call::PortalCall, letters},
};

/// Ask for a link by email
///
/// Always answered alike and at once, whether the address is known or not.
#[utoipa::path(
    post, path = "/portal/sign-in/email", tag = "portal", request_body = api::portal::AskEmailLink,
    responses((status = 202))
)]
pub(crate) async fn handle(
    call: PortalCall,
    JsonBody(given): JsonBody<api::portal::AskEmailLink>,
) -> Answer<StatusCode> {
    let app = call.app;
    if app.portal.mailer.is_none() {
        return Err(Problem::new(Kind::Conflict, words::people::no_email()).into());
    }
    let address = Address::read(&given.email).ok_or(PeopleError::NoAddress)?;
    let reset = given.purpose == api::portal::EmailPurpose::Reset;
    // Everything that depends on the address is done after the answer.
    let looks = app.clone();
    app.work.spawn(async move {
        match looks.accounts.people().email_link(&address, reset).await {
            Ok(Some(posted)) => letters::send(&looks, letters::asked(&looks, &posted)),
            Ok(None) => {}
            Err(error) => tracing::warn!(%error, "a link that was asked for by email could not be made"),
        }
    });
    Ok(StatusCode::ACCEPTED)
}
