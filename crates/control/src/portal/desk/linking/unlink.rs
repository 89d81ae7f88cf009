//! `POST /portal/tenant/current/unlink`: takes the bot off the phone's list of linked devices.

use axum::{Json, response::IntoResponse};
use web::{JsonBody, Problem};

use crate::{error::Answer, portal::call::MemberCall};

/// Unlink the device
///
/// Takes the bot off the phone's list of linked devices, and stops it. `confirm` is the business name as the bot says it.
#[utoipa::path(
    post, path = "/portal/tenant/current/unlink", tag = "portal", request_body = api::portal::Unlink,
    responses((status = 200, body = api::portal::DeskStatus))
)]
pub(crate) async fn handle(call: MemberCall, JsonBody(body): JsonBody<api::portal::Unlink>) -> Answer {
    let mut desk = call.desk().await?;
    let name = &desk.detail.config.business_name;
    if body.confirm.trim().to_lowercase() != name.trim().to_lowercase() {
        return Err(Problem::invalid_field("confirm", words::desk::confirm_name(name)).into());
    }
    desk.supervisor().unlink(desk.id()).await?;
    desk.reload().await?;
    Ok(Json(crate::portal::desk::status::of(&desk).await?).into_response())
}
