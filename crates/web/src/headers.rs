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

/// Adds those of every server of ours, and those of this one.
pub(crate) async fn add(State(build): State<Build>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    http_kit::add_defaults(headers);
    if build.https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HTTPS_ONLY);
    }
    if build.is_virtual {
        headers.insert(BUILD, HeaderValue::from_static("virtual"));
    }
    response
}
