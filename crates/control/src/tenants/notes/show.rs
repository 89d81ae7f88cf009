//! `GET /admin/tenants/{id}/notes`: what operators note of a tenant for themselves.

use super::tagged;
use crate::{error::Answer, tenants::TenantCall};

/// A tenant's private notes
///
/// Its tags and a text for operators alone: neither its people nor its bot are ever told. The header `ETag` is their version.
#[utoipa::path(
    get, path = "/admin/tenants/{id}/notes", tag = "tenants", responses((status = 200, body = api::TenantNotes))
)]
pub(crate) async fn handle(call: TenantCall) -> Answer {
    Ok(tagged(call.scope.notes().await?))
}
