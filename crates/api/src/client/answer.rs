//! Reading what is in an answer beside its document.

use http::{HeaderMap, header};

use super::ClientError;

/// A problem document's own words, or the status where there is none.
pub(super) fn refusal(status: u16, body: &[u8]) -> ClientError {
    let document: Option<serde_json::Value> = serde_json::from_slice(body).ok();
    let word = |name: &str| document.as_ref()?.get(name)?.as_str().map(str::to_owned);
    let detail = word("detail").or_else(|| word("error"));
    ClientError::Refused {
        status,
        problem: word("type"),
        detail: detail.unwrap_or_else(|| format!("the answer was HTTP status {status}")),
    }
}

/// Whether an answer announces itself as this.
pub(super) fn is(headers: &HeaderMap, media: &str) -> bool {
    let announced = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    announced
        .and_then(|value| value.split(';').next())
        .is_some_and(|value| value.trim().eq_ignore_ascii_case(media))
}

/// The target of `Link: <…>; rel="next"` (RFC 8288), where there is one.
pub(super) fn next_page(headers: &HeaderMap) -> Option<String> {
    let links = headers.get_all(header::LINK).iter().filter_map(|value| value.to_str().ok());
    links.flat_map(|value| value.split(',')).find_map(|link| {
        let (target, parameters) = link.trim().strip_prefix('<')?.split_once('>')?;
        parameters
            .split(';')
            .any(|p| matches!(p.trim(), "rel=\"next\"" | "rel=next"))
            .then(|| target.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_found_among_links() {
        let value = "</a?x=1>; rel=\"prev\", </a?before=2>; rel=\"next\"".parse().unwrap();
        let headers = HeaderMap::from_iter([(header::LINK, value)]);
        assert_eq!(next_page(&headers).as_deref(), Some("/a?before=2"));
        assert_eq!(next_page(&HeaderMap::new()), None);
    }

    #[test]
    fn a_refusal_says_what_the_problem_says() {
        assert_eq!(refusal(409, br#"{"detail":"It runs."}"#).to_string(), "It runs.");
        assert_eq!(refusal(502, b"<html>").to_string(), "the answer was HTTP status 502");
    }
}
