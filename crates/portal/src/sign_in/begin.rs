//! The cookie that comes of signing in.

use api::portal::PortalSignedIn;
use axum::response::Response;
use http::{HeaderMap, header};
use web::{lang, place::see_other};

use crate::{Portal, browser};

/// Leads whoever has signed in to a page, with the session's secret in a cookie. Who has not chosen a language of the pages
/// gets their own.
pub(crate) fn begin(
    portal: &Portal,
    headers: &HeaderMap,
    signed_in: &PortalSignedIn,
    place: &str,
) -> Response {
    let chosen = headers.get_all(header::COOKIE).iter().any(|line| {
        line.to_str()
            .is_ok_and(|line| line.split(';').any(|pair| pair.trim_start().starts_with(lang::COOKIE)))
    });
    let mut response = if chosen {
        see_other(place)
    } else {
        lang::keep(signed_in.facts.user.language, place, portal.https())
    };
    if let Some(cookie) = browser::begin(&signed_in.session, portal.https()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
