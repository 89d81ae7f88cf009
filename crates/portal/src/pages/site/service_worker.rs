//! `GET /sw.js`: the service worker. It shows what is pushed, and keeps no page: pages hold customers' words, and a phone
//! is lent.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};

const SCRIPT: &str = include_str!("../../../assets/sw.js");

pub(super) async fn handle() -> Response {
    let media = [(header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8"))];
    (media, SCRIPT).into_response()
}
