//! Pages of lists: `limit` and `before` in the query, the next page in a `Link` header (RFC 8288).

use axum::response::{IntoResponse, Response};
use domain::limits::{PAGE_DEFAULT_ROWS, PAGE_MAX_ROWS, SEARCH_MAX_CHARS};
use http::{HeaderName, HeaderValue, header};
use serde::Serialize;
use store::{Cursor, PageRequest};
use web::Problem;

/// The most rows that old clients ask for; more is cut down, and the answer says so.
const CUT: HeaderName = HeaderName::from_static("x-limit-cut-to");

/// Which page is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request {
    /// As the store takes it.
    pub(crate) rows: PageRequest,
    /// Whether more rows were asked for than a page has.
    cut: bool,
}

/// Reads the two parameters. More rows than a page has are cut down to what it has.
pub(crate) fn request(limit: Option<u32>, before: Option<&str>) -> Result<Request, Problem> {
    let asked = limit.unwrap_or(PAGE_DEFAULT_ROWS);
    if asked == 0 {
        let detail = format!("`limit` is a number from 1 to {PAGE_MAX_ROWS}.");
        return Err(Problem::invalid_field("limit", detail));
    }
    let before = before.map(str::parse::<Cursor>).transpose().map_err(|_| {
        Problem::invalid_field(
            "before",
            "`before` cannot be read; take it from the Link header of the page before.",
        )
    })?;
    let limit = asked.min(PAGE_MAX_ROWS);
    Ok(Request { rows: PageRequest { limit, before }, cut: limit < asked })
}

/// What is searched for, where anything is: a longer text would hold the database up for as long as it likes.
pub(crate) fn search(text: Option<&str>) -> Result<Option<String>, Problem> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().count() > SEARCH_MAX_CHARS) {
        return Err(Problem::invalid_field("search", words::problem::search_too_long(SEARCH_MAX_CHARS)));
    }
    Ok(text.map(str::to_owned))
}

/// Answers an array. `path` and `filters` are those of the request, so that the next page is of the same list.
pub(crate) fn answer<T: Serialize>(
    items: &[T],
    next: Option<Cursor>,
    path: &str,
    request: Request,
    filters: &[(&str, Option<&str>)],
) -> Response {
    let limit = request.rows.limit;
    let mut response = axum::Json(items).into_response();
    if request.cut {
        response.headers_mut().insert(CUT, HeaderValue::from(limit));
    }
    if let Some(next) = next {
        let mut target = format!("{path}?limit={limit}&before={next}");
        for (name, value) in filters {
            if let Some(value) = value {
                target.push_str(&format!("&{name}={}", encode(value)));
            }
        }
        // All of it is encoded but what stands around the place.
        if let Ok(link) = HeaderValue::from_str(&format!("<{target}>; rel=\"next\"")) {
            response.headers_mut().insert(header::LINK, link);
        }
    }
    response
}

/// Percent-encodes all but RFC 3986's unreserved characters.
pub(crate) fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_out_of_range_and_foreign_cursors_are_named() {
        assert_eq!(request(None, None).unwrap().rows.limit, 50);
        assert_eq!(request(Some(0), None).unwrap_err().field(), Some("limit"));
        assert_eq!(request(None, Some("x")).unwrap_err().field(), Some("before"));
    }

    #[test]
    fn more_rows_than_a_page_has_are_cut_down_and_the_answer_says_so() {
        let cut = request(Some(10_000), None).unwrap();
        assert_eq!(cut.rows.limit, 500);
        assert_eq!(answer::<u8>(&[], None, "/x", cut, &[]).headers()[CUT], "500");
        let whole = request(Some(500), None).unwrap();
        assert!(!answer::<u8>(&[], None, "/x", whole, &[]).headers().contains_key(CUT));
    }

    #[test]
    fn the_next_page_keeps_the_filters() {
        let cursor: Cursor = "10.0198c1f27d3a7b6e9d543f1c2a8e5b70".parse().unwrap();
        let filters = [("search", Some("a&b")), ("status", None)];
        let response = answer::<u8>(&[], Some(cursor), "/x", request(Some(7), None).unwrap(), &filters);
        assert_eq!(
            response.headers()[header::LINK],
            "</x?limit=7&before=10.0198c1f27d3a7b6e9d543f1c2a8e5b70&search=a%26b>; rel=\"next\""
        );
    }
}
