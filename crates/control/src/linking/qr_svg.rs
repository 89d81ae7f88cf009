//! `GET /admin/tenants/{id}/qr.svg`: the code as a picture alone, while there is one to scan.

use super::qr;
use crate::{error::Answer, tenants::TenantCall};

/// The code to scan as an SVG picture
#[utoipa::path(
    get, path = "/admin/tenants/{id}/qr.svg", tag = "linking",
    responses((status = 200, content_type = "image/svg+xml", body = String))
)]
pub(crate) async fn handle(call: TenantCall) -> Answer {
    Ok(web::qr::answer("image/svg+xml", qr::picture(&call)?.svg().into_bytes()))
}
