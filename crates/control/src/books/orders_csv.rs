//! `GET /admin/tenants/{id}/orders.csv`: the same list as a table.

use web::Asked;

use super::{Book, export, query::Query};
use crate::{error::Answer, tenants::TenantCall};

/// Orders of a tenant as CSV
///
/// Those that the list with the same query has, all pages of it. The export is written down.
#[utoipa::path(
    get, path = "/admin/tenants/{id}/orders.csv", tag = "records", params(Query),
    responses((status = 200, content_type = "text/csv", body = String))
)]
pub(crate) async fn handle(call: TenantCall, Asked(query): Asked<Query>) -> Answer {
    export::answer(&call, Book::Orders, &query).await
}
