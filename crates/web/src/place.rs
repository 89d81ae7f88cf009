//! Places on this site that become a header: whatever a request brought along in one, the answer can be sent.

use std::fmt::Write as _;

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};

/// A place as a header's value. What no header may hold, and what no address does, stands there percent-encoded.
#[must_use]
pub fn header_value(place: &str) -> HeaderValue {
    let mut text = String::with_capacity(place.len());
    for byte in place.bytes() {
        if byte.is_ascii_graphic() {
            text.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
    // Nothing is left that could be refused; whoever changes the lines above is led to the front page at worst.
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("/"))
}

/// Leads a browser to another page of this site (303).
#[must_use]
pub fn see_other(place: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, header_value(place))]).into_response()
}

/// The page that a form stands on which was sent with these headers, where the browser says so and it is one of this site.
#[must_use]
pub fn form_page(headers: &HeaderMap) -> Option<String> {
    let page: Uri = headers.get(header::REFERER)?.to_str().ok()?.parse().ok()?;
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let is_here = page.authority()?.as_str().eq_ignore_ascii_case(host);
    is_here.then(|| page.path_and_query().map(ToString::to_string)).flatten()
}

/// A path with a query of those pairs that have a value.
#[must_use]
pub fn address(path: &str, pairs: &[(&str, Option<&str>)]) -> String {
    let mut text = path.to_owned();
    for (name, value) in pairs.iter().filter_map(|(name, value)| Some((name, (*value)?))) {
        let sign = if text.len() == path.len() { '?' } else { '&' };
        // Writing to a string cannot fail.
        let _ = write!(text, "{sign}{name}={}", encode(value));
    }
    text
}

/// Percent-encodes all but RFC 3986's unreserved characters.
#[must_use]
pub fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// What [`encode`] has encoded, where it is text.
#[must_use]
pub fn decode(text: &str) -> Option<String> {
    let text = percent_encoding::percent_decode_str(text).decode_utf8().ok()?;
    Some(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_stays_as_it_is_and_anything_else_can_be_sent() {
        let plain = "/admin/tenants?search=a%20b&before=1.2#chats";
        assert_eq!(header_value(plain), plain);
        assert_eq!(header_value("/admin/\u{1}"), "/admin/%01");
        assert_eq!(header_value("/a\r\nset-cookie: x=1"), "/a%0D%0Aset-cookie:%20x=1");
        assert_eq!(header_value("/admin/ü"), "/admin/%C3%BC");
    }

    #[test]
    fn the_page_of_a_form_is_one_of_this_site() {
        let of = |page: &'static str, host: &'static str| {
            let headers = [(header::REFERER, page), (header::HOST, host)];
            let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
            form_page(&HeaderMap::from_iter(headers))
        };
        assert_eq!(of("http://x:1/admin/a?b=c", "x:1").as_deref(), Some("/admin/a?b=c"));
        assert_eq!(of("http://X:1/admin/a", "x:1").as_deref(), Some("/admin/a"));
        for (page, host) in [("http://y:1/a", "x:1"), ("/a", "x:1"), ("nonsense here", "x:1"), ("", "")] {
            assert_eq!(of(page, host), None, "{page}");
        }
        assert_eq!(form_page(&HeaderMap::new()), None);
    }

    #[test]
    fn a_query_holds_what_is_set() {
        assert_eq!(address("/x", &[("a", None)]), "/x");
        assert_eq!(address("/x", &[("a", None), ("b", Some("1&2")), ("c", Some(""))]), "/x?b=1%262&c=");
    }

    proptest::proptest! {
        #[test]
        fn no_place_is_refused(place: String) {
            let value = header_value(&format!("/{place}"));
            proptest::prop_assert!(value.to_str().is_ok_and(|text| text.starts_with('/')));
            proptest::prop_assert_eq!(see_other(&place).status(), StatusCode::SEE_OTHER);
        }
    }
}
