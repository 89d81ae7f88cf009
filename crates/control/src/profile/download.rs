//! `GET /admin/tenants/{id}/profile.json`: the business profile as a file.

use axum::response::IntoResponse;
use http::{HeaderValue, header};

use super::stands;
use crate::{error::Answer, tenants::TenantCall};

/// A business profile as a file
#[utoipa::path(
    get, path = "/admin/tenants/{id}/profile.json", tag = "business profile",
    responses((status = 200, body = api::BusinessProfile))
)]
pub(crate) async fn handle(call: TenantCall) -> Answer {
    let named = HeaderValue::from_static("attachment; filename=\"profile.json\"");
    let json = HeaderValue::from_static("application/json");
    let headers = [(header::CONTENT_TYPE, json), (header::CONTENT_DISPOSITION, named)];
    Ok((headers, stands(&call).await?.export()).into_response())
}
