//! `POST /admin/tenants/move-keys`: a move key, with which one tenant may come here.

use crate::{audit, call::Call, error::Answer};

/// Give a move key for a tenant that comes
///
/// A tenant of another installation may come here with it, once. It seals the tenant on its way: keep it like a password.
#[utoipa::path(
    post, path = "/admin/tenants/move-keys", tag = "tenants",
    responses((status = 200, body = api::MoveKey), (status = 303))
)]
pub(crate) async fn handle(call: Call) -> Answer {
    let move_key = call.app.moves.move_key().await?;
    audit::platform(&call.app, call.operator.actor, "MOVE_KEY_GIVEN", serde_json::json!({})).await;
    Ok(call.leads_to("/admin", api::MoveKey { move_key }))
}
