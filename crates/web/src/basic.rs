//! HTTP Basic credentials (RFC 7617).

use base64::Engine;
use http::{HeaderMap, HeaderValue, header};
use secrecy::SecretString;

use crate::{Kind, Problem};

/// What a client sent in `Authorization: Basic …`.
#[derive(Debug)]
pub struct Credentials {
    /// The part before the colon.
    pub user: String,
    /// The rest.
    pub password: SecretString,
}

impl Credentials {
    /// Reads them; `None` where there are none, or none that can be read.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
        let (scheme, encoded) = value.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let bytes = base64::engine::general_purpose::STANDARD.decode(encoded.trim()).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let (user, password) = text.split_once(':')?;
        Some(Self { user: user.to_owned(), password: SecretString::from(password) })
    }
}

/// The 401 that asks for credentials. A client that prefers HTML gets no challenge, and neither does what a page of a
/// browser's asks for by itself (it says so by `Sec-Fetch-Mode`), so that no browser asks for a password that it would send
/// again by itself from then on.
#[must_use]
pub fn challenge(headers: &HeaderMap) -> Problem {
    let problem = Problem::new(Kind::Unauthorized, words::problem::credentials());
    if prefers_html(headers) || headers.contains_key("sec-fetch-mode") {
        return problem;
    }
    problem.with_header(
        header::WWW_AUTHENTICATE,
        HeaderValue::from_static("Basic realm=\"Flow HQ\", charset=\"UTF-8\""),
    )
}

/// Whether a page would be more welcome than JSON: `text/html` stands in `Accept`, before any JSON.
#[must_use]
pub fn prefers_html(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept
        .split(',')
        .map(|part| part.split(';').next().unwrap_or_default().trim())
        .find(|media| matches!(*media, "text/html" | "application/xhtml+xml" | "application/json"))
        .is_some_and(|media| media != "application/json")
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse as _;
    use secrecy::ExposeSecret;

    use super::*;

    fn read(value: &str) -> Option<Credentials> {
        Credentials::from_headers(&HeaderMap::from_iter([(header::AUTHORIZATION, value.parse().unwrap())]))
    }

    #[test]
    fn a_password_may_hold_colons() {
        let read = read("Basic YWRtaW46YTpiOmM=").unwrap();
        assert_eq!((read.user.as_str(), read.password.expose_secret()), ("admin", "a:b:c"));
        assert!(!format!("{read:?}").contains("a:b:c"));
    }

    #[test]
    fn anything_else_is_none() {
        for value in ["", "Basic", "Basic !!!", "Basic YWRtaW4=", "Bearer YWRtaW46YQ==", "Basic gICA"] {
            assert!(read(value).is_none(), "{value}");
        }
    }

    #[test]
    fn browsers_get_no_challenge() {
        let with = |value: &str| HeaderMap::from_iter([(header::ACCEPT, value.parse().unwrap())]);
        assert!(prefers_html(&with("text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.8")));
        assert!(!prefers_html(&with("application/json, text/html")));
        assert!(!prefers_html(&with("*/*")));
        assert!(!prefers_html(&HeaderMap::new()));
        let stream = HeaderMap::from_iter([
            (header::ACCEPT, "text/event-stream".parse().unwrap()),
            ("sec-fetch-mode".parse().unwrap(), "cors".parse().unwrap()),
        ]);
        let asked = |headers: &HeaderMap| {
            challenge(headers).into_response().headers().contains_key(header::WWW_AUTHENTICATE)
        };
        assert!(!asked(&stream) && asked(&HeaderMap::new()));
    }
}
