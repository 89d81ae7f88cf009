//! The cookie that comes of signing in.

use api::portal::PortalSignedIn;
use axum::response::Response;
use http::header;
use web::place::see_other;

use crate::{Portal, browser};

/// Leads whoever has signed in to a page, with the session's secret in a cookie. The pages stay in the language in which
/// they were read until then: that of the account is the one of letters, and nobody has chosen it at first.
pub(crate) fn begin(portal: &Portal, signed_in: &PortalSignedIn, place: &str) -> Response {
    let mut response = see_other(place);
    if let Some(cookie) = browser::begin(&signed_in.session, portal.https()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
