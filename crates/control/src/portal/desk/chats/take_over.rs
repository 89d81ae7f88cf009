//! `POST /portal/tenant/current/chats/{contact}/take-over`: a person of the business takes over a chat.

use axum::{extract::Path, response::IntoResponse};
use http::StatusCode;

use crate::{contacts::label, error::Answer, messages::take_over::take_over, portal::call::MemberCall};

/// Take a chat over from the bot
///
/// It keeps quiet there until the chat is handed back or the time that the business has set is over.
#[utoipa::path(
    post, path = "/portal/tenant/current/chats/{contact}/take-over", tag = "portal", responses((status = 204))
)]
pub(crate) async fn handle(call: MemberCall, Path(contact): Path<String>) -> Answer {
    take_over(&call.desk().await?, label(&contact)?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
