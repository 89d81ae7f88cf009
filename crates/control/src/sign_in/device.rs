//! Browsers from which somebody has signed in before (OWASP: device cookies). Guesses from elsewhere do not slow them,
//! so that nobody can lock an operator out. The cookie alone opens nothing.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderValue, header};
use sha2::Sha256;
use web::password::Source;

use super::SignInOptions;

/// Half a year.
const KEPT_SECONDS: u32 = 180 * 24 * 3600;
const NAME: &str = "flowhq_device";

/// Whom an attempt with these headers is counted against: the browser where it is known, else the address.
pub(crate) fn source(options: &SignInOptions, headers: &HeaderMap, address: Source) -> Source {
    let name = options.cookie(NAME);
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let known = pairs.find(|(cookie, _)| *cookie == name).and_then(|(_, value)| read(options, value));
    known.map_or(address, Source::Device)
}

/// The header that makes a browser known.
pub(crate) fn cookie(options: &SignInOptions) -> Option<HeaderValue> {
    let id: [u8; 16] = rand::random();
    let value = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(id),
        URL_SAFE_NO_PAD.encode(tag(options, &id).finalize().into_bytes())
    );
    let secure = if options.https { "; Secure" } else { "" };
    let name = options.cookie(NAME);
    let text = format!("{name}={value}; Path=/; Max-Age={KEPT_SECONDS}; HttpOnly; SameSite=Lax{secure}");
    HeaderValue::from_str(&text).ok()
}

fn read(options: &SignInOptions, value: &str) -> Option<[u8; 16]> {
    let (id, proof) = value.split_once('.')?;
    let id: [u8; 16] = URL_SAFE_NO_PAD.decode(id).ok()?.try_into().ok()?;
    let proof = URL_SAFE_NO_PAD.decode(proof).ok()?;
    // Compares in constant time.
    tag(options, &id).verify_slice(&proof).ok().map(|()| id)
}

fn tag(options: &SignInOptions, id: &[u8; 16]) -> Hmac<Sha256> {
    let mut block = [0; 64];
    block[..32].copy_from_slice(&options.device_key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(b"device");
    mac.update(id);
    mac
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_browser_is_known_by_our_own_cookie_alone() {
        let options = |key| SignInOptions {
            idle: Duration::from_secs(60),
            https: true,
            password_in_query: false,
            device_key: [key; 32],
        };
        let set = cookie(&options(1)).unwrap();
        let set = set.to_str().unwrap();
        assert!(set.starts_with("__Host-flowhq_device=") && set.ends_with("; Secure"), "{set}");
        let sent = |text: &str| HeaderMap::from_iter([(header::COOKIE, text.parse().unwrap())]);
        let headers = sent(&format!("a=b; {}", set.split(';').next().unwrap()));
        assert!(matches!(source(&options(1), &headers, Source::Unknown), Source::Device(_)));
        assert_eq!(source(&options(2), &headers, Source::Unknown), Source::Unknown, "another key");
        let forged = sent("__Host-flowhq_device=AAAAAAAAAAAAAAAAAAAAAA.AAAA");
        assert_eq!(source(&options(1), &forged, Source::Unknown), Source::Unknown);
    }
}
