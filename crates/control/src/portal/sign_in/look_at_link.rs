//! `POST /portal/links/look`: what a link is, before it is used.

use axum::Json;
use web::JsonBody;

use crate::{error::Answer, portal::call::PortalCall};

/// What a link is, before it is used
#[utoipa::path(
    post, path = "/portal/links/look", tag = "portal", request_body = api::portal::LinkToken,
    responses((status = 200, body = api::portal::LinkSeen))
)]
pub(crate) async fn handle(
    call: PortalCall,
    JsonBody(given): JsonBody<api::portal::LinkToken>,
) -> Answer<Json<api::portal::LinkSeen>> {
    let seen = call.app.accounts.people().look_at(&given.token).await?;
    Ok(Json(api::portal::LinkSeen {
        kind: seen.link.kind,
        email: seen.link.email,
        tenant_name: seen.tenant_name,
        role: seen.role,
        expires_at: seen.link.expires_at,
    }))
}
