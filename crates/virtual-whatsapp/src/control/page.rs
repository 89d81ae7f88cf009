//! The page: a phone on the screen. Its files are in the binary; it uses the control API and nothing else.

use axum::Router;
use axum::response::IntoResponse;
use axum::routing::get;
use http::{HeaderName, header};

use super::App;

/// Only what this server itself gives: no foreign request can leave the page. Pictures are `blob:` while they are
/// looked at for a code.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Camera and screen are for pointing at QR codes.
const PERMISSIONS: &str = "camera=(self), display-capture=(self), microphone=(), geolocation=()";

pub(super) fn router() -> Router<App> {
    Router::new()
        .route("/", get(async || file("text/html; charset=utf-8", include_str!("../page/index.html"))))
        .route("/page.css", get(async || file("text/css; charset=utf-8", include_str!("../page/page.css"))))
        .route("/icon.svg", get(async || file("image/svg+xml", include_str!("../page/icon.svg"))))
        .route("/page.js", get(async || script(include_str!("../page/page.js"))))
        .route("/api.js", get(async || script(include_str!("../page/api.js"))))
        .route("/chat.js", get(async || script(include_str!("../page/chat.js"))))
        .route("/linked.js", get(async || script(include_str!("../page/linked.js"))))
        .route("/scanner.js", get(async || script(include_str!("../page/scanner.js"))))
        .route("/board.js", get(async || script(include_str!("../page/board.js"))))
        .route("/dom.js", get(async || script(include_str!("../page/dom.js"))))
}

fn script(text: &'static str) -> impl IntoResponse {
    file("text/javascript; charset=utf-8", text)
}

fn file(kind: &'static str, text: &'static str) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (HeaderName::from_static("permissions-policy"), PERMISSIONS),
        // A newer server has other files under the same names.
        (header::CACHE_CONTROL, "no-cache"),
    ];
    (headers, text)
}
