//! `POST /portal/tenant/current/push/remove`: a browser that is told no more.

use api::portal::RemovePush;
use axum::response::IntoResponse;
use http::StatusCode;
use web::JsonBody;

use crate::{error::Answer, portal::call::MemberCall};

/// Have a browser told no more
#[utoipa::path(
    post, path = "/portal/tenant/current/push/remove", tag = "portal", request_body = RemovePush,
    responses((status = 204))
)]
pub(crate) async fn handle(call: MemberCall, JsonBody(body): JsonBody<RemovePush>) -> Answer {
    call.scope.unsubscribe_push(Some(call.user.id), &body.endpoint).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
