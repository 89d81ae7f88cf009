//! `GET /`: to the tenants.

use axum::response::Response;
use web::place::see_other;

/// To the tenants
#[utoipa::path(get, path = "/", tag = "pages", responses((status = 303)))]
pub(crate) async fn handle() -> Response {
    see_other("/admin/tenants")
}
