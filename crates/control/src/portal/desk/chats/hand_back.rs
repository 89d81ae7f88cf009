//! `POST /portal/tenant/current/chats/{contact}/hand-back`: a person of the business gives a chat back to the bot.

use axum::{extract::Path, response::IntoResponse};
use http::StatusCode;

use crate::{contacts::label, error::Answer, messages::hand_back::hand_back, portal::call::MemberCall};

/// Give a chat back to the bot
///
/// It answers there again from the next message on.
#[utoipa::path(
    post, path = "/portal/tenant/current/chats/{contact}/hand-back", tag = "portal", responses((status = 204))
)]
pub(crate) async fn handle(call: MemberCall, Path(contact): Path<String>) -> Answer {
    hand_back(&call.desk().await?, label(&contact)?).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
