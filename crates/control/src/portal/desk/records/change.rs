//! `POST /portal/tenant/current/records/{reference}`: a booking moves, an order is shipped, a ticket is solved.

use axum::{Json, extract::Path, response::IntoResponse};
use web::JsonBody;

use super::Lines;
use crate::{books, error::Answer, portal::call::MemberCall};

/// Change a booking, an order, a ticket or blocked hours
///
/// `version` is that of the record as it was read. The bot's journal takes the change or refuses it; while the bot does not
/// run, nothing is changed.
#[utoipa::path(
    post, path = "/portal/tenant/current/records/{reference}", tag = "portal", request_body = api::ChangeRecord,
    responses((status = 200, body = api::portal::DeskRecord))
)]
pub(crate) async fn handle(
    call: MemberCall,
    Path(reference): Path<String>,
    JsonBody(body): JsonBody<api::ChangeRecord>,
) -> Answer {
    let desk = call.desk().await?;
    let changed = books::change::change(&desk, &reference, &body).await?;
    let stored = desk.scope.record(&changed.reference).await?;
    Ok(Json(Lines::of(&desk).record(stored)).into_response())
}
