//! One log line for each request, by route and never by address: an address may hold what nobody should read.

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};
use tokio::time::Instant;

use crate::method;

/// Says of an answer that whoever asked had proved who they are, as an extension of it.
#[derive(Debug, Clone, Copy)]
pub struct Proved;

/// Writes it: at info level what somebody changes, and at warn level where it fails; at debug level what reads, and what a
/// stranger is refused, since anybody could otherwise write our log full.
pub(crate) async fn one_line_each(request: Request, next: Next) -> Response {
    // Words of ours alone: a method may be as long as a whole head.
    let (method, is_safe) = (method::word(request.method()), request.method().is_safe());
    let path = request.extensions().get::<MatchedPath>().cloned();
    let route = path.as_ref().map_or("(none)", MatchedPath::as_str);
    let start = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let ms = start.elapsed().as_millis();
    let proved = response.extensions().get::<Proved>().is_some();
    if response.status().is_server_error() {
        tracing::warn!(method, route, status, ms, "answered");
    } else if is_safe || !proved {
        tracing::debug!(method, route, status, ms, "answered");
    } else {
        tracing::info!(method, route, status, ms, "answered");
    }
    response
}
