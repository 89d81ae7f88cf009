//! `GET /admin/tenants/{id}/profile/catalogue.csv`: the products as a table for a spreadsheet.

use super::stands;
use crate::{download, error::Answer, tenants::TenantCall};

/// The products as CSV
#[utoipa::path(
    get, path = "/admin/tenants/{id}/profile/catalogue.csv", tag = "business profile",
    responses((status = 200, content_type = "text/csv", body = String))
)]
pub(crate) async fn handle(call: TenantCall) -> Answer {
    let profile = stands(&call).await?;
    Ok(download::table("catalogue.csv", &replies::write_catalogue(&profile.catalogue)))
}
