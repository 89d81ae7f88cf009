//! `GET /admin/tenants/import`: the form for a table of tenants, and what may stand in one.

use axum::response::Response;

use super::page;
use crate::call::Call;

/// The form for a table of tenants
#[utoipa::path(
    get, path = "/admin/tenants/import", tag = "pages",
    responses((status = 200, content_type = "text/html", body = String))
)]
pub(crate) async fn handle(call: Call) -> Response {
    page::form(&call, None).await
}
