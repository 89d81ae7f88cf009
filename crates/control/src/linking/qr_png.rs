//! `GET /admin/tenants/{id}/qr.png`: the code as a picture alone, while there is one to scan.

use web::Problem;

use super::qr;
use crate::{error::Answer, tenants::TenantCall};

/// The code to scan as a PNG picture
#[utoipa::path(
    get, path = "/admin/tenants/{id}/qr.png", tag = "linking",
    responses((status = 200, content_type = "image/png", body = Vec<u8>))
)]
pub(crate) async fn handle(call: TenantCall) -> Answer {
    let picture = qr::picture(&call)?.png().map_err(|error| Problem::internal(&error))?;
    Ok(web::qr::answer("image/png", picture))
}
