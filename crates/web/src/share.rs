//! A share of what is under way for each client, by the address that our own proxies tell: behind a proxy all connections
//! are the proxy's, and only the request says whose it is.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, header};

use crate::{
    Kind, Problem,
    forwarded::{Proxies, network},
    guarded::Guarded,
    serve::Peer,
};

/// Requests of one client that may be under way at once, streams among them.
const SHARE: u32 = 256;

/// What is under way, by client; who has nothing under way is not kept.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shares {
    proxies: Proxies,
    under_way: Arc<Mutex<HashMap<IpAddr, u32>>>,
}

impl Shares {
    pub(crate) fn new(proxies: Proxies) -> Self {
        Self { proxies, under_way: Arc::default() }
    }

    fn take(&self, client: IpAddr) -> Option<UnderWay> {
        let client = network(client);
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let count = under_way.entry(client).or_default();
        if *count >= SHARE {
            return None;
        }
        *count += 1;
        Some(UnderWay { under_way: Arc::clone(&self.under_way), client })
    }
}

/// A request under way; dropping it ends it.
struct UnderWay {
    under_way: Arc<Mutex<HashMap<IpAddr, u32>>>,
    client: IpAddr,
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = under_way.get_mut(&self.client) {
            *count -= 1;
            if *count == 0 {
                under_way.remove(&self.client);
            }
        }
    }
}

/// Refuses a client's request where it has its share under way already.
pub(crate) async fn refuse_more(State(shares): State<Shares>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().copied();
    let Some(client) = peer.and_then(|peer| shares.proxies.client(peer, request.headers())) else {
        return next.run(request).await;
    };
    // The proxy itself, where it names nobody, is nobody in particular.
    if shares.proxies.is_ours(client) {
        return next.run(request).await;
    }
    let Some(under_way) = shares.take(client) else {
        return Problem::new(Kind::TooManyAttempts, words::problem::crowded())
            .with_header(header::RETRY_AFTER, HeaderValue::from_static("1"))
            .into_response();
    };
    next.run(request).await.map(|inner| Body::new(Guarded::new(inner, under_way)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_has_a_share_and_gives_it_back() {
        let shares = Shares::default();
        let client = "192.0.2.1".parse().unwrap();
        let all: Vec<_> = (0..SHARE).map(|_| shares.take(client).unwrap()).collect();
        assert!(shares.take(client).is_none());
        assert!(shares.take("192.0.2.2".parse().unwrap()).is_some(), "another client is not held up");
        drop(all);
        assert!(shares.take(client).is_some());
        assert!(shares.under_way.lock().unwrap().is_empty(), "nobody is remembered");
    }
}
