//! `GET /admin/tenants/{id}/bookings`: a list of them, as a page or a document.

use web::Asked;

use super::{Book, list, query::Query};
use crate::{error::Answer, tenants::TenantCall};

/// Bookings of a tenant
///
/// Without `day` those from today on, the soonest first. Reading them is written down.
#[utoipa::path(
    get, path = "/admin/tenants/{id}/bookings", tag = "records", params(Query),
    responses((status = 200, body = [api::Record]))
)]
pub(crate) async fn handle(call: TenantCall, Asked(query): Asked<Query>) -> Answer {
    list::answer(&call, Book::Bookings, &query).await
}
