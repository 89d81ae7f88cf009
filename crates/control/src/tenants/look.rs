//! `POST /admin/tenants/{id}/look`: a link by which an operator sees the tenant's portal as its owner does. Nothing can be
//! changed by it, and the owner reads that somebody looked.

use axum::{Json, response::IntoResponse};
use http::StatusCode;
use web::ui::Head;

use super::{TenantCall, owner_link::Made};
use crate::{error::Answer, portal, shell::Section};

/// Look at a tenant's portal as its owner sees it
///
/// Nothing can be changed there. The link is answered this once and can be used once, within a minute; the look ends after
/// half an hour. The owner reads that somebody looked.
#[utoipa::path(
    post, path = "/admin/tenants/{id}/look", tag = "tenants",
    responses((status = 201, body = api::portal::LookMade))
)]
pub(crate) async fn handle(call: TenantCall) -> Answer {
    let made = call.app.accounts.people().look_link(call.operator.actor, call.id()).await?;
    let made = api::portal::LookMade {
        url: portal::link(&call.app, &made.token),
        expires_at: made.expires_at,
        tenant_id: call.id(),
    };
    if call.client.html {
        let view = Made { url: &made.url, place: call.place(), name: &call.detail.tenant.name, email: None };
        return Ok(call.page(Section::Tenants, Head::new(words::owners::look_title()), &view).await);
    }
    Ok((StatusCode::CREATED, Json(made)).into_response())
}
