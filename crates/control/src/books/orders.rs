//! `GET /admin/tenants/{id}/orders`: a list of them, as a page or a document.

use web::Asked;

use super::{Book, list, query::Query};
use crate::{error::Answer, tenants::TenantCall};

/// Orders of a tenant
///
/// Without `day` all of them, the newest first. Reading them is written down.
#[utoipa::path(
    get, path = "/admin/tenants/{id}/orders", tag = "records", params(Query),
    responses((status = 200, body = [api::Record]))
)]
pub(crate) async fn handle(call: TenantCall, Asked(query): Asked<Query>) -> Answer {
    list::answer(&call, Book::Orders, &query).await
}
