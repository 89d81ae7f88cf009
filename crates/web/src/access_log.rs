//! One log line for each request, by route and never by address: an address may hold what nobody should read.

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};
use tokio::time::Instant;

use crate::method;

/// Writes it: at info level what changes something or fails, at debug level what reads.
pub(crate) async fn one_line_each(request: Request, next: Next) -> Response {
    // Words of ours alone: a method may be as long as a whole head.
    let (method, is_safe) = (method::word(request.method()), request.method().is_safe());
    let path = request.extensions().get::<MatchedPath>().cloned();
    let route = path.as_ref().map_or("(none)", MatchedPath::as_str);
    let start = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let ms = start.elapsed().as_millis();
    if response.status().is_server_error() {
        tracing::warn!(method, route, status, ms, "answered");
    } else if is_safe {
        tracing::debug!(method, route, status, ms, "answered");
    } else {
        tracing::info!(method, route, status, ms, "answered");
    }
    response
}
