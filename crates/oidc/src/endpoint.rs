//! Which addresses of a provider are asked.

use openidconnect::url::{Host, Url};

/// Whether an address is this machine's own.
pub(crate) fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Whether an address may be asked: over HTTPS always, over HTTP only where the provider lies on this machine (`plain`)
/// and so does the address. A name and a password in it are never meant.
pub(crate) fn may_be_asked(url: &Url, plain: bool) -> bool {
    let protected = url.scheme() == "https" || (plain && url.scheme() == "http" && is_local(url));
    protected && url.username().is_empty() && url.password().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_is_for_this_machine_alone() {
        let may = |text: &str, plain| may_be_asked(&Url::parse(text).unwrap(), plain);
        assert!(may("https://accounts.google.com", false));
        assert!(may("http://127.0.0.1:4000/token", true));
        assert!(may("http://localhost:4000/token", true));
        assert!(may("http://[::1]:4000/token", true));
        for (text, plain) in [
            ("http://accounts.google.com", false),
            ("http://accounts.google.com", true),
            ("http://127.0.0.1:4000/token", false),
            ("http://127.0.0.1.nip.io/token", true),
            ("https://somebody:secret@accounts.google.com", false),
            ("file:///etc/passwd", true),
        ] {
            assert!(!may(text, plain), "{text}");
        }
    }
}
