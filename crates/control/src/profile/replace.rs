//! `PUT /admin/tenants/{id}/profile`: another business profile in place of the one that stands.

use axum::body::Bytes;
use http::HeaderMap;
use replies::Profile;

use super::{save, seen, stands, tagged, wrong};
use crate::{error::Answer, tenants::TenantCall};

/// Replace a business profile
///
/// All of it, as it was read. Its `version` is ignored; with `If-Match` of the `ETag` that was read, nothing is changed
/// where somebody else has changed it meanwhile. Where anything in it is wrong, nothing is changed either.
#[utoipa::path(
    put, path = "/admin/tenants/{id}/profile", tag = "business profile", request_body = api::BusinessProfile,
    params(("If-Match" = Option<String>, Header, description = "The version that was read, like `\"3\"`.")),
    responses((status = 200, body = api::BusinessProfile))
)]
pub(crate) async fn handle(call: TenantCall, headers: HeaderMap, body: Bytes) -> Answer {
    let before = stands(&call).await?;
    seen(&headers, &before)?;
    let new = Profile::import(&body, before.version).map_err(|faults| wrong(&faults))?;
    Ok(tagged(&save(&call, &before, new).await?))
}
