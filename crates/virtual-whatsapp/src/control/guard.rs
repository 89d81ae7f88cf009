//! Who may ask. The API has no password, so no page of another site may use a browser on this machine to reach it:
//! neither by a request of its own (Origin, Fetch Metadata) nor through a name that it points here (DNS rebinding).

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::uri::Authority;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use super::problem::Problem;

/// The names under which the server may be asked for.
#[derive(Debug, Clone)]
pub(super) struct Hosts(Arc<[String]>);

impl Hosts {
    pub(super) fn new(more: Vec<String>) -> Self {
        Self(more.into_iter().map(|host| host.to_ascii_lowercase()).collect())
    }

    fn allow(&self, host: &str) -> bool {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let loopback = match bare.parse::<IpAddr>() {
            Ok(ip) => ip.is_loopback(),
            Err(_) => host.eq_ignore_ascii_case("localhost"),
        };
        loopback || self.0.iter().any(|own| own.eq_ignore_ascii_case(host) || own.eq_ignore_ascii_case(bare))
    }
}

/// Refuses what a foreign page sent, and puts the headers on that every answer carries.
pub(super) async fn guard(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    let mut response = match check(&hosts, request.headers(), request.method().is_safe()) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// Set where an answer does not set its own.
const HEADERS: [(HeaderName, &str); 7] = [
    (header::CACHE_CONTROL, "no-store"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

fn check(hosts: &Hosts, headers: &HeaderMap, safe: bool) -> Result<(), Problem> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let Ok(authority) = host.parse::<Authority>() else {
        return Err(Problem::new(StatusCode::BAD_REQUEST, "no-host", "the request names no host"));
    };
    if !hosts.allow(authority.host()) {
        let name: String = authority.host().chars().take(80).collect();
        let detail = format!(
            "{name:?} is no name of this server: use 127.0.0.1 or localhost, or start it with --allow-host {name}"
        );
        return Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, "foreign-host", detail));
    }
    let foreign = || {
        let detail =
            "the request was sent by a page of another site; use the page of this server, or no browser";
        Err(Problem::new(StatusCode::FORBIDDEN, "foreign-origin", detail))
    };
    if let Some(origin) = headers.get(header::ORIGIN) {
        let origin = origin.to_str().unwrap_or_default();
        let named = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
        if !named.is_some_and(|named| named.eq_ignore_ascii_case(host)) {
            return foreign();
        }
    }
    // Following a link to the page is fine; changing something is not.
    let site = headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
    if !safe && site.is_some_and(|site| site != "same-origin" && site != "none") {
        return foreign();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(safe: bool, pairs: &[(&'static str, &str)]) -> Option<StatusCode> {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        let hosts = Hosts::new(vec!["Lab.example".to_owned(), "192.168.1.7".to_owned()]);
        check(&hosts, &headers, safe).err().map(|problem| problem.into_response().status())
    }

    #[test]
    fn loopback_names_and_those_that_were_named_pass() {
        for host in
            ["127.0.0.1:4000", "localhost", "[::1]:4000", "127.3.2.1", "lab.example:80", "192.168.1.7:1"]
        {
            assert_eq!(verdict(false, &[("host", host)]), None, "{host}");
        }
        for host in ["evil.example", "127.0.0.1.evil.example", "192.168.1.8", "localhost.evil.example"] {
            assert_eq!(verdict(true, &[("host", host)]), Some(StatusCode::MISDIRECTED_REQUEST), "{host}");
        }
        assert_eq!(verdict(true, &[]), Some(StatusCode::BAD_REQUEST));
    }

    #[test]
    fn pages_of_other_sites_and_ports_change_nothing_and_may_link_here() {
        let host = ("host", "127.0.0.1:4000");
        assert_eq!(verdict(false, &[host, ("origin", "http://127.0.0.1:4000")]), None);
        for origin in ["http://127.0.0.1:4001", "https://evil.example", "null"] {
            assert_eq!(verdict(false, &[host, ("origin", origin)]), Some(StatusCode::FORBIDDEN), "{origin}");
        }
        assert_eq!(verdict(false, &[host, ("sec-fetch-site", "same-site")]), Some(StatusCode::FORBIDDEN));
        assert_eq!(verdict(true, &[host, ("sec-fetch-site", "cross-site")]), None);
    }
}
