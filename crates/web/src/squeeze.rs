//! Pages in few bytes (gzip), for somebody who goes to them from this site or by themselves.
//!
//! What another site leads here is answered in full: whoever could choose a part of a page, such as what is searched for, and
//! see the length of what is sent, could guess the rest of it letter by letter (BREACH). Browsers say by `Sec-Fetch-Site` who
//! led them; one that does not say gets the page in full too. So does a script of ours (`Sec-Fetch-Mode`): a page that another
//! site has led to asks for its own address again whenever something happens.

use axum::{body::Body, extract::Request, middleware::Next, response::Response};
use flate2::Compression;
use http::{HeaderMap, HeaderValue, Method, header};
use http_body::Body as _;

use crate::ui::{gzip, takes_gzip};

/// What is shorter goes into one packet anyway.
const WORTH_IT: u64 = 1_400;

/// Sends pages squeezed where that is safe.
pub(crate) async fn pages(request: Request, next: Next) -> Response {
    let wanted =
        request.method() == Method::GET && own_way(request.headers()) && takes_gzip(request.headers());
    let response = next.run(request).await;
    if !is_page(response.headers()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    parts
        .headers
        .append(header::VARY, HeaderValue::from_static("Accept-Encoding, Sec-Fetch-Site, Sec-Fetch-Mode"));
    // A page is there as a whole; what comes bit by bit is none.
    if !wanted || body.size_hint().exact().is_none_or(|size| size < WORTH_IT) {
        return Response::from_parts(parts, body);
    }
    // It is in memory already, and as long as it says.
    let Ok(whole) = axum::body::to_bytes(body, usize::MAX).await else {
        return Response::from_parts(parts, Body::empty());
    };
    let Some(small) = gzip(&whole, Compression::fast()) else {
        return Response::from_parts(parts, Body::from(whole));
    };
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(small))
}

fn own_way(headers: &HeaderMap) -> bool {
    let is_one = |name, of: &[&str]| headers.get(name).is_some_and(|value| of.iter().any(|one| value == one));
    is_one("sec-fetch-site", &["same-origin", "none"]) && is_one("sec-fetch-mode", &["navigate"])
}

fn is_page(headers: &HeaderMap) -> bool {
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    media.starts_with("text/html") && !headers.contains_key(header::CONTENT_ENCODING)
}
