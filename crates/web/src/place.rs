//! Places on this site that become a header: whatever a request brought along in one, the answer can be sent.

use std::fmt::Write as _;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};

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

    proptest::proptest! {
        #[test]
        fn no_place_is_refused(place: String) {
            let value = header_value(&format!("/{place}"));
            proptest::prop_assert!(value.to_str().is_ok_and(|text| text.starts_with('/')));
            proptest::prop_assert_eq!(see_other(&place).status(), StatusCode::SEE_OTHER);
        }
    }
}
