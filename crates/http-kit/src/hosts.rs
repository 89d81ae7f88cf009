//! The names under which a server may be asked for. A page elsewhere can point a name of its own at our address (DNS
//! rebinding) and would then be "the same site" to its visitor's browser; the name that the browser sends gives it away.

use std::{net::IpAddr, sync::Arc};

use http::{HeaderMap, Uri, header, uri::Authority};

/// Of a foreign name, as much is said again.
const SHOWN_CHARS: usize = 80;

/// The names of a server, beside loopback and the address that a connection came in at.
#[derive(Debug, Clone, Default)]
pub struct Hosts(Arc<[String]>);

/// Why a request is not for this server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostFault {
    /// It names no server, or several.
    Missing,
    /// It names another one; the name, cut to a bounded length.
    Foreign(String),
}

impl Hosts {
    /// Takes the hosts of full URLs, like `https://admin.example.org`, and further bare names and addresses.
    pub fn new<'a>(
        urls: impl IntoIterator<Item = &'a str>,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let of_urls = urls.into_iter().filter_map(|url| {
            let uri: Uri = url.parse().ok()?;
            uri.host().map(bare)
        });
        Self(of_urls.chain(names.into_iter().map(bare)).collect())
    }

    /// Whether a request is for this server. `local` is where its connection came in: whoever names an address as a number
    /// cannot have been led there by a name.
    ///
    /// # Errors
    /// [`HostFault`] where it is not.
    pub fn check(&self, uri: &Uri, headers: &HeaderMap, local: Option<IpAddr>) -> Result<(), HostFault> {
        let mut named = headers.get_all(header::HOST).iter();
        let (first, second) = (named.next(), named.next());
        let read = |text: &str| text.parse::<Authority>().ok().filter(|name| !name.host().is_empty());
        let host = first.filter(|_| second.is_none()).and_then(|host| host.to_str().ok()).and_then(read);
        let host = host.ok_or(HostFault::Missing)?;
        // A request to a proxy names the server in its first line too, and that is what counts (RFC 9112, 3.2.2).
        for name in [Some(&host), uri.authority()].into_iter().flatten() {
            if !self.knows(name.host(), local) {
                return Err(HostFault::Foreign(name.host().chars().take(SHOWN_CHARS).collect()));
            }
        }
        Ok(())
    }

    fn knows(&self, host: &str, local: Option<IpAddr>) -> bool {
        let host = bare(host);
        let by_number = match host.parse::<IpAddr>() {
            Ok(address) => {
                let address = address.to_canonical();
                address.is_loopback() || local.is_some_and(|local| local.to_canonical() == address)
            }
            Err(_) => host == "localhost",
        };
        by_number || self.0.contains(&host)
    }
}

/// Without the brackets of IPv6 and the dot of a full name, in lower case.
fn bare(host: &str) -> String {
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(uri: &str, hosts: &[&str]) -> Result<(), HostFault> {
        let known =
            Hosts::new(["https://HQ.example.org:8443", "http://[fd00::7]:3001"], ["lab", "192.0.2.7"]);
        let mut headers = HeaderMap::new();
        for host in hosts {
            headers.append(header::HOST, host.parse().unwrap());
        }
        known.check(&uri.parse().unwrap(), &headers, Some("10.1.2.3".parse().unwrap()))
    }

    #[test]
    fn loopback_what_was_named_and_where_it_came_in_pass() {
        for host in [
            "127.0.0.1:3000",
            "127.8.8.8",
            "localhost:3000",
            "LOCALHOST.",
            "[::1]:3000",
            "[::ffff:127.0.0.1]",
            "hq.example.org",
            "HQ.Example.Org.:443",
            "[fd00::7]",
            "lab:3000",
            "192.0.2.7",
            "10.1.2.3:3000",
        ] {
            assert_eq!(verdict("/", &[host]), Ok(()), "{host}");
        }
        assert_eq!(verdict("http://hq.example.org/", &["hq.example.org"]), Ok(()));
    }

    #[test]
    fn any_other_name_does_not() {
        for host in [
            "evil.example",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "hq.example.org.evil.example",
            "10.1.2.4",
            "192.168.1.8",
            "evil.example@127.0.0.1.evil",
        ] {
            assert!(matches!(verdict("/", &[host]), Err(HostFault::Foreign(_))), "{host}");
        }
        let foreign = Err(HostFault::Foreign("evil.example".to_owned()));
        assert_eq!(verdict("http://evil.example/", &["127.0.0.1"]), foreign);
        for hosts in [&[][..], &[""], &["127.0.0.1", "127.0.0.1"], &["a b"], &[":80"]] {
            assert_eq!(verdict("/", hosts), Err(HostFault::Missing), "{hosts:?}");
        }
    }

    #[test]
    fn a_long_name_is_not_repeated_whole() {
        let fault = verdict("/", &[&"a".repeat(20_000)]).unwrap_err();
        assert_eq!(fault, HostFault::Foreign("a".repeat(SHOWN_CHARS)));
    }
}
