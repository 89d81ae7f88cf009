//! `POST /admin/tenants/move-keys`: a move key, with which one tenant may come here.

use axum::{Json, response::IntoResponse as _};

use super::take_in;
use crate::{audit, call::Call, error::Answer};

/// Give a move key for a tenant that comes
///
/// A tenant of another installation may come here with it, once. It seals the tenant on its way: keep it like a password.
#[utoipa::path(
    post, path = "/admin/tenants/move-keys", tag = "tenants",
    responses((status = 200, body = api::MoveKey))
)]
pub(crate) async fn handle(call: Call) -> Answer {
    let move_key = call.app.moves.move_key().await?;
    audit::platform(&call.app, call.operator.actor, "MOVE_KEY_GIVEN", serde_json::json!({})).await;
    if call.client.html {
        return Ok(take_in::page(&call, Some(&move_key)).await);
    }
    Ok(Json(api::MoveKey { move_key }).into_response())
}
