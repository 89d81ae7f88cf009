//! `GET /admin/tenants/move`: how a tenant of another installation comes here.

use askama::Template;
use axum::response::Response;
use web::ui::Head;

use crate::{call::Call, shell::Section};

/// How a tenant of another installation comes here
#[utoipa::path(
    get, path = "/admin/tenants/move", tag = "pages",
    responses((status = 200, content_type = "text/html", body = String))
)]
pub(crate) async fn handle(call: Call) -> Response {
    page(&call, None).await
}

/// What takes a file in.
const COMMAND: &str = "flowhq tenant move-in FILE";

/// The page; with a move key that was made, which it shows this once.
pub(super) async fn page(call: &Call, key: Option<&str>) -> Response {
    call.page(Section::Tenants, Head::narrow(words::moving::take_in()), &View { key, command: COMMAND }).await
}

#[derive(Template)]
#[template(path = "tenants/take_in.html")]
struct View<'a> {
    key: Option<&'a str>,
    command: &'static str,
}
