//! A portal that runs alone: the control plane is asked over HTTP or HTTPS, on connections that are kept, within a time.

mod connector;

use std::time::Duration;

use async_trait::async_trait;
use axum::body::Body;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, Uri, header, uri::Scheme};
use http_body_util::Full;
use hyper_util::{
    client::legacy::Client,
    rt::{TokioExecutor, TokioTimer},
};

use self::connector::Connector;
use super::{Away, Transport};

/// How long an answer to what only reads may take to begin.
const READ_TIME: Duration = Duration::from_secs(15);
/// The same for what changes something: the control plane gives itself a minute, such as for a phone that is unlinked.
const CHANGE_TIME: Duration = Duration::from_secs(70);
/// How long a connection is kept that nothing goes over; less than any server of ours keeps one.
const IDLE: Duration = Duration::from_secs(20);

/// What is wrong with an address of a control plane.
#[derive(Debug, thiserror::Error)]
#[error("{address}: {why}; write it like https://control.example.org or http://127.0.0.1:3000")]
pub struct AddressError {
    address: String,
    why: &'static str,
}

/// The way to a control plane elsewhere.
pub struct OverHttp {
    client: Client<Connector, Full<Bytes>>,
    scheme: Scheme,
    authority: http::uri::Authority,
    /// What stands before each path; empty, or like `/flow`.
    base: String,
}

impl std::fmt::Debug for OverHttp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OverHttp({}://{}{})", self.scheme, self.authority, self.base)
    }
}

impl OverHttp {
    /// Takes the address of the admin listener.
    ///
    /// # Errors
    /// Where it is none that can be asked.
    pub fn new(address: &str) -> Result<Self, AddressError> {
        let wrong = |why| AddressError { address: address.to_owned(), why };
        let uri: Uri = address.parse().map_err(|_| wrong("this is no URL"))?;
        let scheme = match uri.scheme_str() {
            Some("http") => Scheme::HTTP,
            Some("https") => Scheme::HTTPS,
            _ => return Err(wrong("it begins with neither http:// nor https://")),
        };
        let authority = uri.authority().cloned().ok_or_else(|| wrong("the host is missing"))?;
        if authority.as_str().contains('@') {
            return Err(wrong("a user or password does not belong in an address"));
        }
        let connector = Connector::new().map_err(|_| wrong("TLS cannot be set up"))?;
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .build(connector);
        Ok(Self { client, scheme, authority, base: uri.path().trim_end_matches('/').to_owned() })
    }

    /// Whether what is asked crosses a network in clear.
    #[must_use]
    pub fn is_in_clear(&self) -> bool {
        let host = self.authority.host().trim_matches(['[', ']']);
        let here = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
        self.scheme == Scheme::HTTP && !here
    }
}

#[async_trait]
impl Transport for OverHttp {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Body>, Away> {
        let away = |error: &dyn std::error::Error| {
            let cause = error.source().map(|cause| format!(": {cause}")).unwrap_or_default();
            Away(format!("{self:?}: {error}{cause}"))
        };
        let (mut parts, body) = request.into_parts();
        let path = parts.uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
        let target = Uri::builder()
            .scheme(self.scheme.clone())
            .authority(self.authority.clone())
            .path_and_query(format!("{}{path}", self.base))
            .build();
        parts.uri = target.map_err(|error| away(&error))?;
        if let Ok(host) = HeaderValue::from_str(self.authority.as_str()) {
            parts.headers.insert(header::HOST, host);
        }
        let time = if parts.method.is_safe() { READ_TIME } else { CHANGE_TIME };
        let answer = self.client.request(Request::from_parts(parts, Full::new(body)));
        let answer = tokio::time::timeout(time, answer).await;
        let answer =
            answer.map_err(|_| Away(format!("{self:?} did not answer within {} s", time.as_secs())))?;
        Ok(answer.map_err(|error| away(&error))?.map(Body::new))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked() {
        for wrong in ["control.example.org", "ftp://x", "http://", "https://a:b@c", "x y", ""] {
            assert!(OverHttp::new(wrong).is_err(), "{wrong}");
        }
        assert!(!OverHttp::new("http://127.0.0.1:3000").unwrap().is_in_clear());
        assert!(!OverHttp::new("http://[::1]:3000/").unwrap().is_in_clear());
        assert!(!OverHttp::new("https://control.example.org/flow/").unwrap().is_in_clear());
        assert!(OverHttp::new("http://10.0.0.2:3000").unwrap().is_in_clear());
    }
}
