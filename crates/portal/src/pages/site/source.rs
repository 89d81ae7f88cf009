//! `GET /source`: the version and where its source code is, as section 13 of the licence asks.

use askama::Template;
use axum::response::Response;
use web::ui::Head;

use crate::Visitor;

#[derive(Template)]
#[template(path = "source.html")]
struct View<'a> {
    version: &'static str,
    host: &'a str,
    address: Option<&'a str>,
}

pub(super) async fn handle(visitor: Visitor) -> Response {
    let options = &visitor.portal.options;
    let view = View {
        version: env!("CARGO_PKG_VERSION"),
        host: options.brand_name.as_deref().unwrap_or(words::source::host()),
        address: options.source_url.as_deref(),
    };
    visitor.page(&Head::narrow(words::source::title()), &view)
}
