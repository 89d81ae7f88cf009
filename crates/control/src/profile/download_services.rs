//! `GET /admin/tenants/{id}/profile/services.csv`: the services as a table for a spreadsheet.

use super::stands;
use crate::{download, error::Answer, tenants::TenantCall};

/// The services as CSV
#[utoipa::path(
    get, path = "/admin/tenants/{id}/profile/services.csv", tag = "business profile",
    responses((status = 200, content_type = "text/csv", body = String))
)]
pub(crate) async fn handle(call: TenantCall) -> Answer {
    let profile = stands(&call).await?;
    Ok(download::table("services.csv", &replies::write_services(&profile.services)))
}
