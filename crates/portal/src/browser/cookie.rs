//! The cookie of a session. It holds the session's secret and nothing else; what is known of it the control plane knows.

use http::{HeaderMap, HeaderValue, header};
use sha2::{Digest, Sha256};

/// Its name, with the prefix that has browsers take it from this host by HTTPS alone (RFC 6265bis), where there is HTTPS.
const NAME: &str = "flowhq_portal";
/// How long a browser keeps it; the control plane ends sessions by itself, and earlier.
const SECONDS: u32 = 60 * 24 * 3600;
/// A longer one is none of ours.
const LONGEST: usize = 200;

/// The secret of a session.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Token(String);

/// Leaves the secret out.
impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token")
    }
}

impl Token {
    /// The one that a browser sent, where it sent one that could be ours.
    pub(crate) fn of(headers: &HeaderMap, https: bool) -> Option<Self> {
        let wanted = name(https);
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
        let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let (_, value) = pairs.find(|(name, _)| *name == wanted)?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let ours = (1..=LONGEST).contains(&value.len()) && value.bytes().all(plain);
        ours.then(|| Self(value.to_owned()))
    }

    /// What the control plane knows it by.
    pub(crate) fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.0.as_bytes()))
    }
}

fn name(https: bool) -> String {
    if https { format!("__Host-{NAME}") } else { NAME.to_owned() }
}

/// Has a browser keep a session's secret.
pub(crate) fn begin(secret: &str, https: bool) -> Option<HeaderValue> {
    set(secret, SECONDS, https)
}

/// Has a browser forget it.
pub(crate) fn end(https: bool) -> Option<HeaderValue> {
    set("", 0, https)
}

fn set(value: &str, seconds: u32, https: bool) -> Option<HeaderValue> {
    let (name, secure) = (name(https), if https { "; Secure" } else { "" });
    let cookie = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    let mut value = HeaderValue::from_str(&cookie).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cookie: &'static str, https: bool) -> Option<Token> {
        Token::of(&HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(cookie))]), https)
    }

    #[test]
    fn the_cookie_is_this_hosts_alone_where_there_is_https() {
        let cookie = begin("abc", true).unwrap();
        assert_eq!(
            cookie.to_str().unwrap(),
            "__Host-flowhq_portal=abc; Path=/; Max-Age=5184000; HttpOnly; SameSite=Lax; Secure"
        );
        assert!(read("a=b; __Host-flowhq_portal=abc", true).is_some());
        assert!(read("flowhq_portal=abc", true).is_none(), "one that came by HTTP is not taken by HTTPS");
        assert!(end(false).unwrap().to_str().unwrap().starts_with("flowhq_portal=; Path=/; Max-Age=0;"));
    }

    #[test]
    fn what_could_not_be_ours_is_not_looked_up() {
        for cookie in ["flowhq_portal=", "flowhq_portal=a b", "flowhq_portal=a\"", "x=abc", "flowhq_portal"] {
            assert!(read(cookie, false).is_none(), "{cookie}");
        }
        let token = read("flowhq_portal=abc", false).unwrap();
        assert_eq!(token.hash(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert!(!format!("{token:?}").contains("abc"));
    }
}
