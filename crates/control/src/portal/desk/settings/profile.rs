//! `GET /portal/tenant/current/profile`: what the bot is told of the business.

use axum::{Json, response::IntoResponse};

use crate::{error::Answer, portal::call::MemberCall, profile};

/// The business profile
///
/// With its version, which a change names.
#[utoipa::path(
    get, path = "/portal/tenant/current/profile", tag = "portal", responses((status = 200, body = api::BusinessProfile))
)]
pub(crate) async fn handle(call: MemberCall) -> Answer {
    let stands = profile::stands(&call.desk().await?).await?;
    Ok(Json(stands).into_response())
}
