//! Headers that every answer carries.

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// Set on every answer that does not set its own.
const DEFAULTS: [(HeaderName, &str); 6] = [
    // All that is answered is somebody's data.
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

/// Adds them, each where it is not set.
pub fn add_defaults(headers: &mut HeaderMap) {
    for (name, value) in DEFAULTS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}
