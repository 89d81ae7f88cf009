//! `POST /portal/tenant/current/records`: a booking by hand, or blocked hours.

use axum::{Json, response::IntoResponse};
use http::StatusCode;
use web::JsonBody;

use super::Lines;
use crate::{books, error::Answer, portal::call::MemberCall};

/// Enter a booking or block hours
///
/// The bot's journal takes it or refuses it; while the bot does not run, nothing is entered.
#[utoipa::path(
    post, path = "/portal/tenant/current/records", tag = "portal", request_body = api::NewRecord,
    responses((status = 201, body = api::portal::DeskRecord))
)]
pub(crate) async fn handle(call: MemberCall, JsonBody(body): JsonBody<api::NewRecord>) -> Answer {
    let desk = call.desk().await?;
    let made = books::create::create(&desk, &body).await?;
    let stored = desk.scope.record(&made.reference).await?;
    Ok((StatusCode::CREATED, Json(Lines::of(&desk).record(stored))).into_response())
}
