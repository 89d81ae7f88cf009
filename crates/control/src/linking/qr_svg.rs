//! `GET /admin/tenants/{id}/qr.svg`: the code as a picture alone, while there is one to scan.

use super::picture;
use crate::{error::Answer, tenants::TenantCall};

/// The code to scan as an SVG picture
#[utoipa::path(
    get, path = "/admin/tenants/{id}/qr.svg", tag = "linking",
    responses((status = 200, content_type = "image/svg+xml", body = String))
)]
pub(crate) async fn handle(call: TenantCall) -> Answer {
    let picture = picture::draw_svg(&picture::scannable(&call)?);
    Ok(picture::answer("image/svg+xml", picture.into_bytes()))
}
