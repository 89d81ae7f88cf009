//! Request methods as a closed set: any other word ends here, before it can stand in a log or a figure.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, Method, header};

use crate::{Kind, Problem};

/// A method as a word of ours, for logs and for labels of figures.
#[must_use]
pub fn word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::TRACE => "TRACE",
        Method::CONNECT => "CONNECT",
        _ => OTHER,
    }
}

const OTHER: &str = "other";

/// Refuses methods that HTTP itself does not know (RFC 9110, 9.3, and RFC 5789).
pub(crate) async fn refuse_unknown(request: Request, next: Next) -> Response {
    if word(request.method()) == OTHER {
        return Problem::new(Kind::UnknownMethod, words::problem::methods())
            .with_header(header::ALLOW, HeaderValue::from_static("GET, HEAD, POST, PATCH, DELETE"))
            .into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_one_of_ours_whatever_was_sent() {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"] {
            assert_eq!(word(&method.parse().unwrap()), method);
        }
        for method in ["get", "BREW", &"A".repeat(100_000)] {
            assert_eq!(word(&method.parse().unwrap()), OTHER);
        }
    }
}
