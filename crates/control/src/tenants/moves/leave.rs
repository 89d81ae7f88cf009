//! `POST /admin/tenants/{id}/move-out`: the tenant leaves for the installation of a move key.

use web::JsonBody;

use crate::{error::Answer, tenants::TenantCall};

/// Move a tenant out
///
/// Ends its bot, which never starts here again, and writes all of it with its session into a sealed file that the installation
/// which gave the move key alone can take in. Asked again with the same move key it makes the same file again.
#[utoipa::path(
    post, path = "/admin/tenants/{id}/move-out", tag = "tenants", request_body = api::MoveOut,
    responses((status = 200, body = api::MovedOut))
)]
pub(crate) async fn handle(call: TenantCall, JsonBody(body): JsonBody<api::MoveOut>) -> Answer {
    let made = call.app.moves.out(call.actor, call.id(), body.move_key).await?;
    Ok(call.leads_to(&call.place(), made))
}
