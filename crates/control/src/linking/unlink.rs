//! `POST /admin/tenants/{id}/unlink`: the device is taken off the phone's list, and the worker ends.

use axum::{Json, response::IntoResponse};
use web::Client;

use crate::{error::Answer, reply::done, tenants::TenantCall};

/// Unlink the device
///
/// Takes the bot off the phone's list of linked devices, and stops its worker; where none runs, one is started for it.
/// Unlinked is what WhatsApp has confirmed. What it has not confirmed is a 502 that says what to do on the phone, and
/// keeps the number.
#[utoipa::path(post, path = "/admin/tenants/{id}/unlink", tag = "linking", responses((status = 200, body = api::Tenant)))]
pub(crate) async fn handle(mut call: TenantCall, client: Client) -> Answer {
    call.supervisor().unlink(call.id()).await?;
    call.reload().await?;
    if !client.html {
        return Ok(Json(call.document()).into_response());
    }
    Ok(done(client, words::linking::unlinked().to_owned(), &call.page()))
}
