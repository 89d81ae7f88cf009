//! Headers that every answer carries.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderName, HeaderValue, header};

/// What kind of build answers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Build {
    pub(crate) is_virtual: bool,
}

/// Names a build that talks to the virtual WhatsApp only.
const BUILD: HeaderName = HeaderName::from_static("x-flowhq-build");

/// Set on every answer that does not set its own.
const DEFAULTS: [(HeaderName, &str); 6] = [
    // All that is answered here is somebody's data.
    (header::CACHE_CONTROL, "no-store"),
    // JSON needs nothing; a page brings a policy of its own.
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Adds them.
pub(crate) async fn add(State(build): State<Build>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in DEFAULTS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if build.is_virtual {
        headers.insert(BUILD, HeaderValue::from_static("virtual"));
    }
    response
}
