//! `PUT /admin/tenants/{id}/profile/catalogue.csv`: other products in place of those that stand.

use axum::body::Bytes;
use http::HeaderMap;
use replies::{Profile, read_catalogue};

use super::{as_counted, save, seen, stands, table_problem, tagged};
use crate::{error::Answer, tenants::TenantCall};

/// Replace the products by a table
///
/// All of them, with the columns of the table that is read. A stock of another number than the one that stands was counted
/// anew; with the same number, what was sold since stays sold. Where anything in it is wrong, nothing is changed.
#[utoipa::path(
    put, path = "/admin/tenants/{id}/profile/catalogue.csv", tag = "business profile",
    request_body(content = String, content_type = "text/csv"),
    params(("If-Match" = Option<String>, Header, description = "The version that was read, like `\"3\"`.")),
    responses((status = 200, body = api::BusinessProfile))
)]
pub(crate) async fn handle(call: TenantCall, headers: HeaderMap, body: Bytes) -> Answer {
    let before = stands(&call).await?;
    seen(&headers, &before)?;
    let catalogue = read_catalogue(&body).map_err(|error| table_problem("catalogue", &error))?;
    let new = Profile { catalogue: as_counted(catalogue, &before), ..before.clone() };
    Ok(tagged(&save(&call, &before, new).await?))
}
