//! Who may ask. The API has no password, so no page of another site may use a browser on this machine to reach it:
//! neither by a request of its own (Origin, Fetch Metadata) nor through a name that it points here (DNS rebinding).

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderName, HeaderValue, StatusCode};
use http_kit::{HostFault, Hosts, OwnOrigins};

use super::problem::Problem;

/// Keeps pages of other sites that have opened ours from reaching into it.
const OPENER: (HeaderName, HeaderValue) =
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));

/// Refuses what a foreign page sent, and puts the headers on that every answer carries.
pub(super) async fn guard(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    let mut response = match check(&hosts, &request) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    let headers = response.headers_mut();
    http_kit::add_defaults(headers);
    headers.extend([OPENER]);
    response
}

fn check(hosts: &Hosts, request: &Request) -> Result<(), Problem> {
    hosts.check(request.uri(), request.headers(), None).map_err(|fault| match fault {
        HostFault::Missing => {
            Problem::new(StatusCode::BAD_REQUEST, "no-host", "the request names no host, or several")
        }
        HostFault::Foreign(name) => {
            let detail = format!(
                "{name:?} is no name of this server: use 127.0.0.1 or localhost, or start it with --allow-host {name}"
            );
            Problem::new(StatusCode::MISDIRECTED_REQUEST, "foreign-host", detail)
        }
    })?;
    // Following a link to the page is fine; changing something is not.
    if request.method().is_safe() || OwnOrigins::default().sent(request.headers()) {
        return Ok(());
    }
    let detail = "the request was sent by a page of another site; use the page of this server, or no browser";
    Err(Problem::new(StatusCode::FORBIDDEN, "foreign-origin", detail))
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[test]
    fn foreign_names_and_foreign_pages_are_refused_in_words_of_this_server() {
        let verdict = |method: &str, host: Option<&str>, origin: Option<&str>| {
            let mut request = Request::builder().method(method).uri("/v1/accounts");
            for (name, value) in [("host", host), ("origin", origin)] {
                if let Some(value) = value {
                    request = request.header(name, value);
                }
            }
            let request = request.body(Body::empty()).unwrap();
            let hosts = Hosts::new([], ["Lab.example", "192.168.1.7"]);
            check(&hosts, &request).err().map(|problem| problem.into_response().status())
        };
        for host in ["127.0.0.1:4000", "localhost", "lab.example:80", "192.168.1.7:1"] {
            assert_eq!(verdict("POST", Some(host), None), None, "{host}");
        }
        assert_eq!(verdict("GET", Some("evil.example"), None), Some(StatusCode::MISDIRECTED_REQUEST));
        assert_eq!(verdict("GET", None, None), Some(StatusCode::BAD_REQUEST));
        let own = Some("127.0.0.1:4000");
        assert_eq!(verdict("POST", own, Some("http://127.0.0.1:4000")), None);
        for origin in ["http://127.0.0.1:4001", "https://evil.example", "null"] {
            assert_eq!(verdict("POST", own, Some(origin)), Some(StatusCode::FORBIDDEN), "{origin}");
            assert_eq!(verdict("GET", own, Some(origin)), None, "{origin}");
        }
    }
}
