//! `PUT /admin/tenants/{id}/profile/services.csv`: other services in place of those that stand.

use axum::body::Bytes;
use http::HeaderMap;
use replies::{Profile, read_services};

use super::{save, seen, stands, table_problem, tagged};
use crate::{error::Answer, tenants::TenantCall};

/// Replace the services by a table
///
/// All of them, with the columns of the table that is read. Where anything in it is wrong, nothing is changed.
#[utoipa::path(
    put, path = "/admin/tenants/{id}/profile/services.csv", tag = "business profile",
    request_body(content = String, content_type = "text/csv"),
    params(("If-Match" = Option<String>, Header, description = "The version that was read, like `\"3\"`.")),
    responses((status = 200, body = api::BusinessProfile))
)]
pub(crate) async fn handle(call: TenantCall, headers: HeaderMap, body: Bytes) -> Answer {
    let before = stands(&call).await?;
    seen(&headers, &before)?;
    let services = read_services(&body).map_err(|error| table_problem("services", &error))?;
    let new = Profile { services, ..before.clone() };
    Ok(tagged(&save(&call, &before, new).await?))
}
