//! `GET /`: to the tenants.

use axum::response::Redirect;

pub(crate) async fn handle() -> Redirect {
    Redirect::to("/admin/tenants")
}
