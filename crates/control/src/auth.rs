//! Who is asking. A handler that takes an [`Operator`] cannot be reached by anybody else.

use std::net::IpAddr;

use axum::{
    extract::{FromRequestParts, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use config::Network;
use http::{HeaderMap, HeaderValue, header, request::Parts};
use web::{Kind, Problem, basic, password::Denied, serve::Peer};

use crate::App;

/// The user name that goes with the admin password.
const ADMIN: &str = "admin";

/// An operator who has proved it: by the admin password, or by being let into the socket in the data directory.
#[derive(Debug, Clone)]
pub(crate) struct Operator {
    /// Who acts, for the audit log.
    pub(crate) actor: &'static str,
}

impl<S: Send + Sync> FromRequestParts<S> for Operator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        // Its absence means that the route's line in the table does not ask for an operator.
        parts.extensions.get::<Self>().cloned().ok_or_else(|| basic::challenge(&parts.headers))
    }
}

/// Lets operators through, and nobody else.
pub(crate) async fn operators_only(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().copied();
    match identify(&app, peer, request.headers().clone()).await {
        Ok(operator) => {
            request.extensions_mut().insert(operator);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

async fn identify(app: &App, peer: Option<Peer>, headers: HeaderMap) -> Result<Operator, Problem> {
    if let Some(Peer::Local { .. }) = peer {
        return Ok(Operator { actor: ADMIN });
    }
    let Some(credentials) = basic::Credentials::from_headers(&headers).filter(|given| given.user == ADMIN)
    else {
        return Err(basic::challenge(&headers));
    };
    let from = peer.and_then(|peer| client_address(peer, &headers, &app.trusted_proxies));
    match app.gate.admit(&credentials.password, from).await {
        Ok(()) => Ok(Operator { actor: ADMIN }),
        Err(Denied::Wrong) => {
            tracing::warn!(from = ?from, "a wrong admin password was sent");
            Err(basic::challenge(&headers))
        }
        Err(Denied::TooMany) => Err(Problem::new(
            Kind::TooManyAttempts,
            "Too many sign-ins are being checked at once; try again in a second.",
        )
        .with_header(header::RETRY_AFTER, HeaderValue::from_static("1"))),
    }
}

/// The client's address: the peer's, or what trusted proxies say of it. `X-Forwarded-For` is read from the right,
/// where our own proxies write; what stands left of the first address that is none of them may be invented.
fn client_address(peer: Peer, headers: &HeaderMap, trusted: &[Network]) -> Option<IpAddr> {
    let Peer::Tcp(peer) = peer else { return None };
    let is_ours = |address: &IpAddr| trusted.iter().any(|network| network.contains(*address));
    let mut address = peer.ip();
    let values: Vec<_> =
        headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    for hop in values.iter().flat_map(|value| value.split(',')).rev() {
        if !is_ours(&address) {
            break;
        }
        let Ok(next) = hop.trim().parse() else { break };
        address = next;
    }
    Some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_believed_only_where_they_are_trusted() {
        let peer = Peer::Tcp("10.0.0.1:1".parse().unwrap());
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", HeaderValue::from_static("203.0.113.66, 203.0.113.9"));
        headers.append("x-forwarded-for", HeaderValue::from_static("10.0.0.2"));
        let trusted = [Network::parse("10.0.0.0/8").unwrap()];
        let said = |trusted: &[Network]| client_address(peer, &headers, trusted).unwrap().to_string();
        assert_eq!(said(&trusted), "203.0.113.9", "what the client wrote itself stands further left");
        assert_eq!(said(&[]), "10.0.0.1");
        assert_eq!(client_address(Peer::Local { uid: None }, &headers, &trusted), None);
    }
}
