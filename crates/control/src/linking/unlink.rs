//! `POST /admin/tenants/{id}/unlink`: the device is taken off the phone's list, and the worker ends.

use crate::{error::Answer, tenants::TenantCall};

/// Unlink the device
///
/// Takes the bot off the phone's list of linked devices, and stops its worker; where none runs, one is started for it.
/// Unlinked is what WhatsApp has confirmed. What it has not confirmed is a 502 that says what to do on the phone, and
/// keeps the number.
#[utoipa::path(post, path = "/admin/tenants/{id}/unlink", tag = "linking", responses((status = 200, body = api::Tenant)))]
pub(crate) async fn handle(mut call: TenantCall) -> Answer {
    call.supervisor().unlink(call.id()).await?;
    call.reload().await?;
    Ok(call.changed(words::linking::unlinked(), &call.place()))
}
