//! Headers that every answer carries.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderName, HeaderValue, header};

/// What kind of build answers, and how it is reached.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Build {
    pub(crate) is_virtual: bool,
    /// Whether browsers reach the site by HTTPS.
    pub(crate) https: bool,
}

/// Names a build that talks to the virtual WhatsApp only.
const BUILD: HeaderName = HeaderName::from_static("x-flowhq-build");

/// For a year browsers then come by HTTPS only (RFC 6797). Names beneath ours may be somebody else's.
const HTTPS_ONLY: HeaderValue = HeaderValue::from_static("max-age=31536000");

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
    if build.https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
    if build.is_virtual {
        headers.insert(BUILD, HeaderValue::from_static("virtual"));
    }
    response
}
