//! What came back, so that one answer can be held against another.

use std::collections::BTreeMap;

use http::HeaderMap;

/// One answer, with all that could tell one thing from another.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) status: u16,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: String,
    pub(super) statements: Vec<String>,
}

/// Without what differs from one answer to the next.
pub(super) fn comparable(headers: &HeaderMap) -> BTreeMap<String, String> {
    let kept = headers.iter().filter(|(name, _)| *name != "date" && *name != "x-request-id");
    kept.map(|(name, value)| {
        let mut value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        // A cookie that is taken away has ended a year before this second, which is as good as a date.
        if name == "set-cookie" && value.contains("; Max-Age=0; ") {
            let parts = value.split("; ").filter(|part| !part.starts_with("Expires="));
            value = parts.collect::<Vec<_>>().join("; ");
        }
        (name.to_string(), value)
    })
    .collect()
}

#[test]
fn the_second_in_which_a_cookie_is_taken_away_tells_nothing() {
    let taken_away = |second: u8| {
        let cookie = format!("flowhq_admin=; Path=/; Max-Age=0; Expires=Fri, 28 Nov 2025 17:57:{second} GMT");
        let mut headers = HeaderMap::new();
        headers.insert(http::header::SET_COOKIE, cookie.parse().unwrap());
        comparable(&headers)
    };
    assert_eq!(taken_away(15), taken_away(16));
    assert_eq!(taken_away(15)["set-cookie"], "flowhq_admin=; Path=/; Max-Age=0");
}
