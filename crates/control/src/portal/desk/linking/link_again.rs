//! `POST /portal/tenant/current/link-again`: starts the bot that is stopped or logged out, so that a phone can be linked.

use axum::{Json, response::IntoResponse};
use supervisor::Error;

use super::approved;
use crate::{error::Answer, portal::call::MemberCall};

/// Start the bot, so that a phone can be linked again
///
/// One that runs already goes on.
#[utoipa::path(
    post, path = "/portal/tenant/current/link-again", tag = "portal",
    responses((status = 200, body = api::portal::DeskStatus))
)]
pub(crate) async fn handle(call: MemberCall) -> Answer {
    let mut desk = call.desk().await?;
    approved(&desk).await?;
    match desk.supervisor().start(desk.id()).await {
        // A button pressed twice.
        Ok(()) | Err(Error::AlreadyRunning) => {}
        Err(error) => return Err(error.into()),
    }
    desk.reload().await?;
    Ok(Json(crate::portal::desk::status::of(&desk).await?).into_response())
}
