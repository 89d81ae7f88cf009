//! Where the server is, and the guard that keeps a `virtual` build away from WhatsApp.
//!
//! The feature `virtual` takes the check of the server's certificate out of the library. A build that has it
//! must never speak with anything but a server on this machine, so the same feature turns the guard on.

use std::{fmt, net::IpAddr, str::FromStr};

/// WhatsApp's own server.
pub const WHATSAPP_URL: &str = "wss://web.whatsapp.com/ws/chat";

/// The longest address that is taken.
const LONGEST: usize = 2048;

/// The address of a WhatsApp server: `ws://` or `wss://`, a host, perhaps a port and a path.
///
/// In a `virtual` build only loopback addresses can be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint(String);

/// An address that is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// It cannot be read.
    #[error("\"{got}\" is no WhatsApp address: {why}; it looks like {WHATSAPP_URL}")]
    Invalid {
        /// The beginning of what was given.
        got: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// It is not on this machine, and this build skips the certificate check.
    #[error(
        "\"{host}\" is refused: this build (feature `virtual`) does not check the server's certificate and speaks only \
         with servers on this machine, like ws://127.0.0.1:9000; use a build without the feature for WhatsApp itself"
    )]
    NotLoopback {
        /// The host that was asked for.
        host: String,
    },
}

impl Endpoint {
    /// Reads an address and, in a `virtual` build, refuses whatever is not a loopback address.
    ///
    /// # Errors
    /// See [`EndpointError`].
    pub fn parse(url: &str) -> Result<Self, EndpointError> {
        let invalid = |why| EndpointError::Invalid { got: url.chars().take(64).collect(), why };
        if url.len() > LONGEST {
            return Err(invalid("it is too long"));
        }
        if !url.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(invalid("it has spaces or characters outside ASCII"));
        }
        let rest = url.strip_prefix("wss://").or_else(|| url.strip_prefix("ws://"));
        let rest = rest.ok_or_else(|| invalid("it begins with neither ws:// nor wss://"))?;
        let host = host_of(rest).map_err(invalid)?;
        refuse_strangers(host)?;
        Ok(Self(url.to_owned()))
    }

    /// The port that is connected to.
    #[must_use]
    pub fn port(&self) -> u16 {
        let (secure, rest) = match self.0.strip_prefix("wss://") {
            Some(rest) => (true, rest),
            None => (false, self.0.strip_prefix("ws://").unwrap_or_default()),
        };
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let given = authority.rsplit_once(':').and_then(|(_, port)| port.parse().ok());
        given.unwrap_or(if secure { 443 } else { 80 })
    }

    /// The address as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl FromStr for Endpoint {
    type Err = EndpointError;
    fn from_str(url: &str) -> Result<Self, EndpointError> {
        Self::parse(url)
    }
}

/// The host in what follows the scheme, with its port checked. A name and password before it are not taken:
/// readers of addresses disagree about where such a host begins.
fn host_of(rest: &str) -> Result<&str, &'static str> {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains(['@', '\\']) {
        return Err("it has a user or a backslash before its path");
    }
    let (host, port) = match authority.strip_prefix('[').and_then(|bracketed| bracketed.split_once(']')) {
        Some((host, "")) => (host, None),
        Some((host, port)) => (host, Some(port.strip_prefix(':').ok_or("its port does not follow a colon")?)),
        None => authority.split_once(':').map_or((authority, None), |(host, port)| (host, Some(port))),
    };
    if host.is_empty() {
        return Err("its host is missing");
    }
    if port.is_some_and(|port| port.parse::<u16>().map_or(true, |port| port == 0)) {
        return Err("its port is no number from 1 to 65535");
    }
    Ok(host)
}

/// The guard: in a `virtual` build, refuses a host that is not written as a loopback address. Names are refused too,
/// `localhost` among them, since what a name means is decided elsewhere.
fn refuse_strangers(host: &str) -> Result<(), EndpointError> {
    if !crate::is_virtual_build() || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback()) {
        return Ok(());
    }
    Err(EndpointError::NotLoopback { host: host.to_owned() })
}

/// The same guard for the library's requests over HTTP (blobs of the app state).
pub(crate) fn may_request(url: &str) -> Result<(), EndpointError> {
    let invalid = |why| EndpointError::Invalid { got: url.chars().take(64).collect(), why };
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let rest = rest.ok_or_else(|| invalid("it begins with neither http:// nor https://"))?;
    refuse_strangers(host_of(rest).map_err(invalid)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(url: &str) -> EndpointError {
        Endpoint::parse(url).expect_err(url)
    }

    #[test]
    fn loopback_is_taken_in_every_build() {
        for url in ["ws://127.0.0.1:9000", "wss://127.0.0.1/ws/chat", "ws://[::1]:8080/x?y", "ws://127.9.9.9"]
        {
            assert_eq!(Endpoint::parse(url).expect(url).as_str(), url);
        }
    }

    #[test]
    fn the_port_is_the_one_that_is_connected_to() {
        for (url, port) in [
            ("wss://127.0.0.1/ws:9/chat", 443),
            ("ws://127.0.0.1", 80),
            ("ws://[::1]:8080/x?y", 8080),
            ("wss://[::1]/x", 443),
            ("ws://127.0.0.1:9000", 9000),
        ] {
            assert_eq!(Endpoint::parse(url).expect(url).port(), port, "{url}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_with_its_reason() {
        for url in [
            "",
            "http://127.0.0.1",
            "ws://",
            "ws://:1",
            "ws://127.0.0.1:0",
            "ws://127.0.0.1:99999",
            "ws://[::1]x",
        ] {
            assert!(matches!(refused(url), EndpointError::Invalid { .. }), "{url}");
        }
        for url in
            ["ws://web.whatsapp.com@127.0.0.1", "ws://127.0.0.1\\@web.whatsapp.com", "ws://127.0.0.1 x"]
        {
            assert!(matches!(refused(url), EndpointError::Invalid { .. }), "{url}");
        }
        assert!(refused("ftp://x").to_string().contains("neither ws:// nor wss://"));
    }

    const STRANGERS: [&str; 7] = [
        WHATSAPP_URL,
        "ws://localhost:9000",
        "ws://10.0.0.1",
        "ws://127.0.0.1.example.com",
        "ws://[::ffff:127.0.0.1]:1",
        "ws://0.0.0.0:1",
        "ws://2130706433",
    ];

    #[cfg(feature = "virtual")]
    #[test]
    fn a_virtual_build_refuses_all_but_loopback() {
        for url in STRANGERS {
            let error = refused(url);
            assert!(matches!(error, EndpointError::NotLoopback { .. }), "{url}");
            assert!(error.to_string().contains("feature `virtual`"));
        }
        assert!(may_request("https://mmg.whatsapp.net/blob").is_err());
        assert!(may_request("https://127.0.0.1:8443/blob").is_ok());
    }

    #[cfg(not(feature = "virtual"))]
    #[test]
    fn a_default_build_takes_any_host() {
        for url in STRANGERS {
            assert!(Endpoint::parse(url).is_ok(), "{url}");
        }
        assert!(may_request("https://mmg.whatsapp.net/blob").is_ok());
    }

    proptest::proptest! {
        #[test]
        fn nothing_makes_the_reader_panic(url in "(wss?://)?[\\PC\\[\\]:@/.0-9]{0,40}") {
            let _ = Endpoint::parse(&url);
            let _ = may_request(&url);
        }
    }
}
