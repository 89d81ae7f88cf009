//! `GET /admin/docs`: the document as a page that is whole without scripts, and takes nothing from elsewhere.

use axum::response::Response;
use http::{HeaderMap, header};
use web::ui::Head;

use crate::{App, call::Call, shell::Section};

/// Tags in the order in which somebody meets them; pages for people are there for completeness.
const ORDER: [&str; 11] = [
    "tenants",
    "workers",
    "linking",
    "messages",
    "setup requests",
    "data rights",
    "audit",
    "operators",
    "sign-in",
    "system",
    "pages",
];

/// The API's reference as a page
#[utoipa::path(
    get, path = "/admin/docs", tag = "system", responses((status = 200, content_type = "text/html", body = String))
)]
pub(crate) async fn handle(call: Call, headers: HeaderMap) -> Response {
    let page = reference::of(&super::api_document::document(), &base(&call.app, &headers), &ORDER);
    call.page(Section::System, Head::new("API"), &page).await
}

/// The address that the control plane is known by: the one that is set, else the one that was asked, which is one of ours.
fn base(app: &App, headers: &HeaderMap) -> String {
    let set = app.settings.iter().find(|(name, _)| *name == "ADMIN_URL").and_then(|(_, value)| value.clone());
    let asked = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let base = set.or_else(|| asked.map(|host| format!("http://{host}")));
    base.unwrap_or_else(|| "http://localhost".to_owned()).trim_end_matches('/').to_owned()
}
