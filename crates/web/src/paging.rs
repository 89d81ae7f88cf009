//! Pages of lists: `limit` and `before` in the query, the next page in a `Link` header (RFC 8288).

use std::{fmt::Display, str::FromStr};

use axum::response::{IntoResponse, Response};
use domain::limits::{PAGE_DEFAULT_ROWS, PAGE_MAX_ROWS};
use http::{HeaderName, HeaderValue, header};
use serde::Serialize;

use crate::{Problem, place::address, ui::Pager};

/// The most rows that old clients ask for; more is cut down, and the answer says so.
const CUT: HeaderName = HeaderName::from_static("x-limit-cut-to");

/// Which page is asked for; `C` is the place at which it begins.
#[derive(Debug, Clone, Copy)]
pub struct Request<C> {
    /// Rows at most.
    pub limit: u32,
    /// Only what comes after this; `None` for the first page.
    pub before: Option<C>,
    /// Whether more rows were asked for than a page has.
    cut: bool,
}

impl<C: FromStr + Display> Request<C> {
    /// Reads the two parameters. More rows than a page has are cut down to what it has.
    ///
    /// # Errors
    /// Where no rows are asked for, or the place cannot be read.
    pub fn read(limit: Option<u32>, before: Option<&str>) -> Result<Self, Problem> {
        let asked = limit.unwrap_or(PAGE_DEFAULT_ROWS);
        if asked == 0 {
            return Err(Problem::invalid_field("limit", words::checks::limit(PAGE_MAX_ROWS)));
        }
        let before = before.map(str::parse).transpose();
        let before = before.map_err(|_| Problem::invalid_field("before", words::checks::before()))?;
        let limit = asked.min(PAGE_MAX_ROWS);
        Ok(Self { limit, before, cut: limit < asked })
    }

    /// Answers an array. `path` and `filters` are those of the request, so that the next page is of the same list.
    pub fn answer<T: Serialize>(
        &self,
        items: &[T],
        next: Option<C>,
        path: &str,
        filters: &[(&str, Option<&str>)],
    ) -> Response {
        let mut response = axum::Json(items).into_response();
        if self.cut {
            response.headers_mut().insert(CUT, HeaderValue::from(self.limit));
        }
        // All of it is encoded but what stands around the place.
        let next = next.map(|next| format!("<{}>; rel=\"next\"", self.next(path, &next, filters)));
        if let Some(link) = next.and_then(|link| HeaderValue::from_str(&link).ok()) {
            response.headers_mut().insert(header::LINK, link);
        }
        response
    }

    /// The way on beneath a list on a page; `shown` says how much of it there is.
    pub fn pager(
        &self,
        shown: String,
        next: Option<C>,
        path: &str,
        filters: &[(&str, Option<&str>)],
    ) -> Pager {
        Pager {
            shown,
            first: self.before.as_ref().map(|_| address(path, filters)),
            next: next.map(|next| self.next(path, &next, filters)),
        }
    }

    /// Where the page after this one is, of the same list.
    fn next(&self, path: &str, next: &C, filters: &[(&str, Option<&str>)]) -> String {
        let (limit, next) = (self.limit.to_string(), next.to_string());
        let mut pairs = vec![("limit", Some(limit.as_str())), ("before", Some(next.as_str()))];
        pairs.extend(filters);
        address(path, &pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A place that is a number.
    fn request(limit: Option<u32>, before: Option<&str>) -> Result<Request<u64>, Problem> {
        Request::read(limit, before)
    }

    #[test]
    fn limits_out_of_range_and_foreign_cursors_are_named() {
        assert_eq!(request(None, None).unwrap().limit, 50);
        assert_eq!(request(Some(0), None).unwrap_err().field(), Some("limit"));
        assert_eq!(request(None, Some("x")).unwrap_err().field(), Some("before"));
    }

    #[test]
    fn more_rows_than_a_page_has_are_cut_down_and_the_answer_says_so() {
        let cut = request(Some(10_000), None).unwrap();
        assert_eq!(cut.limit, 500);
        assert_eq!(cut.answer::<u8>(&[], None, "/x", &[]).headers()[CUT], "500");
        let whole = request(Some(500), None).unwrap();
        assert!(!whole.answer::<u8>(&[], None, "/x", &[]).headers().contains_key(CUT));
    }

    #[test]
    fn the_next_page_keeps_the_filters() {
        let filters = [("search", Some("a&b")), ("status", None)];
        let response = request(Some(7), None).unwrap().answer::<u8>(&[], Some(10), "/x", &filters);
        assert_eq!(response.headers()[header::LINK], "</x?limit=7&before=10&search=a%26b>; rel=\"next\"");
    }
}
