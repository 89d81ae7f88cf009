//! One id for each request, in the answer's header and in every log line of it.

use axum::{extract::Request, middleware::Next, response::Response};
use domain::RecordId;
use http::{HeaderName, HeaderValue};
use tracing::Instrument;

/// The header that carries the id, both ways.
const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The id of the request at hand, as an extension of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(pub String);

/// Takes the client's id where it is a plain word of at most 64 characters, and makes one otherwise.
pub(crate) async fn assign(mut request: Request, next: Next) -> Response {
    let id = request
        .headers()
        .get(HEADER)
        .and_then(|value| value.to_str().ok())
        .filter(|text| is_plain(text))
        .map_or_else(|| RecordId::generate().to_string(), str::to_owned);
    request.extensions_mut().insert(RequestId(id.clone()));
    let span = tracing::info_span!("request", id = %id);
    let mut response = next.run(request).instrument(span).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HEADER, value);
    }
    response
}

/// Whether a text from outside may stand in our log as it is.
fn is_plain(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_words_are_taken_over() {
        assert!(is_plain("0198c1f2-7d3a"));
        assert!(!is_plain(""));
        assert!(!is_plain("a b"));
        assert!(!is_plain("x\u{1b}[31m"));
        assert!(!is_plain(&"a".repeat(65)));
    }
}
