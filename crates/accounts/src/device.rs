//! Browsers from which an account has been signed in to before (OWASP: device cookies). Guesses from elsewhere do not slow
//! them, so that nobody can lock an operator out. A cookie is its account's and goes with it: with another password, another
//! second factor, and with the account. It opens nothing.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderValue, header};
use sha2::Sha256;
use store::Actor;

use crate::{Accounts, Asker, Options, Proved};

/// Half a year.
const KEPT_SECONDS: u32 = 180 * 24 * 3600;
const NAME: &str = "flowhq_device";

/// What a browser sent: not proved to be ours before it is held against an account.
#[derive(Debug, Clone)]
pub(crate) struct Device {
    id: [u8; 16],
    proof: Vec<u8>,
}

impl Device {
    pub(crate) const fn id(&self) -> [u8; 16] {
        self.id
    }

    /// Whether we have made it for this account as it is now.
    pub(crate) fn is_of(&self, options: &Options, actor: Actor, version: &str) -> bool {
        // Compares in constant time.
        tag(options, &self.id, actor, version).verify_slice(&self.proof).is_ok()
    }
}

/// The cookie, where there is one that can be read.
pub(crate) fn read(options: &Options, headers: &HeaderMap) -> Option<Device> {
    let name = options.cookie(NAME);
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let (id, proof) = pairs.find(|(cookie, _)| *cookie == name)?.1.split_once('.')?;
    let id = URL_SAFE_NO_PAD.decode(id).ok()?.try_into().ok()?;
    Some(Device { id, proof: URL_SAFE_NO_PAD.decode(proof).ok()? })
}

impl Accounts {
    /// The header that makes a browser known for an account; one that is known keeps its id.
    #[must_use]
    pub fn device_cookie(&self, asker: &Asker, proved: &Proved) -> Option<HeaderValue> {
        let options = &self.0.options;
        let known = asker.device().filter(|device| device.is_of(options, proved.actor, &proved.version));
        let id = known.map_or_else(rand::random, Device::id);
        let proof = tag(options, &id, proved.actor, &proved.version).finalize().into_bytes();
        let value = format!("{}.{}", URL_SAFE_NO_PAD.encode(id), URL_SAFE_NO_PAD.encode(proof));
        let secure = if options.https { "; Secure" } else { "" };
        let name = options.cookie(NAME);
        let text = format!("{name}={value}; Path=/; Max-Age={KEPT_SECONDS}; HttpOnly; SameSite=Lax{secure}");
        HeaderValue::from_str(&text).ok()
    }
}

fn tag(options: &Options, id: &[u8; 16], actor: Actor, version: &str) -> Hmac<Sha256> {
    let mut block = [0; 64];
    block[..32].copy_from_slice(&options.device_key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(b"device of an account\0");
    mac.update(id);
    mac.update(actor.to_string().as_bytes());
    mac.update(b"\0");
    mac.update(version.as_bytes());
    mac
}
