//! `GET /manifest.webmanifest`: what a phone needs to keep the portal among its apps (W3C Web Application Manifest).

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};
use serde_json::json;

use crate::{Portal, assets::addresses};

pub(super) async fn handle(State(portal): State<Portal>, headers: http::HeaderMap) -> Response {
    let files = addresses();
    let icon = |address: &str, sizes: &str, purpose: &str| json!({ "src": address, "sizes": sizes, "type": "image/png", "purpose": purpose });
    // Asked for by the browser itself, which says what it reads, but not that it wants a page.
    let language = web::lang::of(&headers);
    let document = words::within(language, || {
        json!({
            "id": "/app/status",
            "name": portal.brand_name(),
            "short_name": portal.brand_name(),
            "description": words::portal_home::headline(),
            "lang": words::code(language),
            "start_url": "/app/status",
            "scope": "/",
            "display": "standalone",
            "background_color": "#f6f7f9",
            "theme_color": "#3744c4",
            "icons": [
                icon(&files.icon_192, "192x192", "any"),
                icon(&files.icon_512, "512x512", "any"),
                icon(&files.icon_512, "512x512", "maskable"),
            ],
            "shortcuts": [
                { "name": words::portal::messages(), "url": "/app/messages" },
                { "name": words::portal::bookings(), "url": "/app/bookings" },
            ],
        })
    });
    let media = [(header::CONTENT_TYPE, HeaderValue::from_static("application/manifest+json"))];
    (media, document.to_string()).into_response()
}
