//! A host of workers: its name, and where it is.

use std::{collections::HashSet, fmt};

/// Hosts that are taken at most.
const HOSTS_MAX: usize = 1_000;

/// A host by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostAt {
    /// Letters, digits and hyphens.
    pub name: String,
    /// A name or an IP address with a port; looked up anew for each connection.
    pub address: String,
}

impl HostAt {
    /// Reads `NAME=ADDRESS:PORT` with commas between them; `None` where one of them is none, or two have one name.
    #[must_use]
    pub fn parse_list(text: &str) -> Option<Vec<Self>> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        let hosts: Vec<_> = parts.map(Self::parse).collect::<Option<_>>()?;
        let names: HashSet<_> = hosts.iter().map(|host| &host.name).collect();
        (names.len() == hosts.len() && hosts.len() <= HOSTS_MAX).then_some(hosts)
    }

    fn parse(text: &str) -> Option<Self> {
        let (name, address) = text.split_once('=')?;
        let (name, address) = (name.trim(), address.trim());
        if !domain::is_host_name(name) {
            return None;
        }
        let (place, port) = address.rsplit_once(':')?;
        let bare = place.strip_prefix('[').and_then(|place| place.strip_suffix(']'));
        let is_place = match bare {
            Some(bare) => bare.parse::<std::net::Ipv6Addr>().is_ok(),
            None => {
                !place.is_empty()
                    && place.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(&byte))
            }
        };
        let is_port = port.parse::<u16>().is_ok_and(|port| port > 0);
        (is_place && is_port).then(|| Self { name: name.to_owned(), address: address.to_owned() })
    }
}

impl fmt::Display for HostAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.name, self.address)
    }
}

#[cfg(test)]
mod tests {
    use super::HostAt;

    #[test]
    fn hosts_are_names_with_addresses() {
        let hosts = HostAt::parse_list("host-0=10.0.0.5:7443, host-1=host-1.hosts.flowhq.svc:7443,b=[::1]:1")
            .unwrap();
        assert_eq!(hosts.len(), 3);
        assert_eq!(hosts[1].to_string(), "host-1=host-1.hosts.flowhq.svc:7443");
        for text in [
            "a",
            "a=b",
            "a=b:0",
            "a=b:70000",
            "-a=b:1",
            "a-=b:1",
            "a b=c:1",
            "a=:1",
            "a=u@b:1",
            "a=b/c:1",
            "a=b:1,a=c:1",
            "a=::1:1",
        ] {
            assert_eq!(HostAt::parse_list(text), None, "{text}");
        }
        assert_eq!(HostAt::parse_list(""), Some(Vec::new()));
    }
}
