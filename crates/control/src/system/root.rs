//! `GET /`: to the tenants.

use axum::response::Redirect;

/// To the tenants
#[utoipa::path(get, path = "/", tag = "pages", responses((status = 303)))]
pub(crate) async fn handle() -> Redirect {
    Redirect::to("/admin/tenants")
}
