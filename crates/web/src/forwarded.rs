//! Where a request comes from: the peer's address, or what proxies that are trusted say of it.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
    sync::Arc,
};

use http::HeaderMap;

use crate::serve::Peer;

/// Our own proxies. None is trusted where none was named.
#[derive(Clone, Default)]
pub struct Proxies(Option<Arc<dyn Fn(IpAddr) -> bool + Send + Sync>>);

impl fmt::Debug for Proxies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Proxies")
    }
}

impl Proxies {
    /// Takes what tells whether an address is one of them.
    pub fn new(is_ours: impl Fn(IpAddr) -> bool + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(is_ours)))
    }

    /// Whether an address is one of ours.
    #[must_use]
    pub fn is_ours(&self, address: IpAddr) -> bool {
        self.0.as_ref().is_some_and(|is_ours| is_ours(address))
    }

    /// The client's address: the peer's, or what trusted proxies say of it; `None` for a peer without one.
    /// `X-Forwarded-For` is read from the right, where our own proxies write; what stands left of the first address
    /// that is none of them may be invented.
    #[must_use]
    pub fn client(&self, peer: Peer, headers: &HeaderMap) -> Option<IpAddr> {
        let Peer::Tcp(peer) = peer else { return None };
        let mut address = peer.ip();
        let values: Vec<_> =
            headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
        for hop in values.iter().flat_map(|value| value.split(',')).rev() {
            if !self.is_ours(address) {
                break;
            }
            let Ok(next) = hop.trim().parse() else { break };
            address = next;
        }
        Some(address)
    }
}

/// Whom an address stands for: an IPv6 customer has a whole /64 to choose from.
#[must_use]
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn proxies_are_believed_only_where_they_are_trusted() {
        let peer = Peer::Tcp("10.0.0.1:1".parse().unwrap());
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", HeaderValue::from_static("203.0.113.66, 203.0.113.9"));
        headers.append("x-forwarded-for", HeaderValue::from_static("10.0.0.2"));
        let ours = Proxies::new(|address| matches!(address, IpAddr::V4(v4) if v4.octets()[0] == 10));
        let said = |proxies: &Proxies| proxies.client(peer, &headers).unwrap().to_string();
        assert_eq!(said(&ours), "203.0.113.9", "what the client wrote itself stands further left");
        assert_eq!(said(&Proxies::default()), "10.0.0.1");
        assert_eq!(ours.client(Peer::Local { uid: None }, &headers), None);
    }

    #[test]
    fn an_address_stands_for_all_that_its_owner_has() {
        let of = |text: &str| network(text.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8::1:2:3:4"), "2001:db8::");
        assert_eq!(of("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(of("192.0.2.1"), "192.0.2.1");
    }
}
