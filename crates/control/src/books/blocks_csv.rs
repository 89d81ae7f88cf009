//! `GET /admin/tenants/{id}/blocks.csv`: the same list as a table.

use web::Asked;

use super::{Book, export, query::Query};
use crate::{error::Answer, tenants::TenantCall};

/// Blocked hours of a tenant as CSV
///
/// Those that the list with the same query has, all pages of it. The export is written down.
#[utoipa::path(
    get, path = "/admin/tenants/{id}/blocks.csv", tag = "records", params(Query),
    responses((status = 200, content_type = "text/csv", body = String))
)]
pub(crate) async fn handle(call: TenantCall, Asked(query): Asked<Query>) -> Answer {
    export::answer(&call, Book::Blocks, &query).await
}
