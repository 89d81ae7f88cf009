//! `POST /portal/tenant/current/try`: a conversation with the own bot before any phone is linked.

use axum::{Json, response::IntoResponse};
use web::JsonBody;

use crate::{error::Answer, portal::call::MemberCall, trying};

/// Try the bot
///
/// With its own settings and profile, without a phone. Nothing is sent, logged or kept but the conversation itself, in
/// memory, for half an hour. An empty document answers what was said so far.
#[utoipa::path(
    post, path = "/portal/tenant/current/try", tag = "portal", request_body = api::TryBot,
    responses((status = 200, body = api::Tried))
)]
pub(crate) async fn handle(call: MemberCall, JsonBody(body): JsonBody<api::TryBot>) -> Answer {
    let desk = call.desk().await?;
    if body == api::TryBot::default() {
        return Ok(Json(trying::so_far(&desk)).into_response());
    }
    Ok(Json(trying::act(&desk, body).await?).into_response())
}
