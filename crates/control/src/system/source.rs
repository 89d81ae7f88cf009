//! `GET /source`: the licence, the version, and how to come by its source code, as section 13 of the licence asks.

use askama::Template;
use axum::{extract::State, response::Response};
use web::ui::Head;

use crate::{App, shell};

#[derive(Template)]
#[template(path = "source.html")]
struct View<'a> {
    version: &'a str,
    host: &'a str,
    address: Option<&'a str>,
    licence: &'static str,
}

/// The licence, the version, and where its source code is
#[utoipa::path(
    get, path = "/source", tag = "pages", responses((status = 200, content_type = "text/html", body = String))
)]
pub(crate) async fn handle(State(app): State<App>) -> Response {
    let view = View {
        version: app.version,
        host: app.brand.name.as_deref().unwrap_or(words::source::host()),
        address: app.brand.source_url.as_deref(),
        licence: include_str!("../../../../LICENSE"),
    };
    let head = Head::new(words::source::title());
    shell::outside(&app).page(&head, &view)
}
