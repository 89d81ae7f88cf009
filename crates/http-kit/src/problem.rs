//! Errors as problem documents (RFC 9457).

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde::Serialize;

/// An answer of this status that is this document: `type`, `title`, `status`, `detail`, and what else a server says.
pub fn document(status: StatusCode, document: impl Serialize) -> Response {
    let mut response = (status, axum::Json(document)).into_response();
    let kind = HeaderValue::from_static("application/problem+json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
