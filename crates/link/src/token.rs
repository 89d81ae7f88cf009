//! The secret that a worker of one generation shares with the control plane, and the proofs made with it.
//!
//! A token is HMAC-SHA256(key file, tenant, generation): the control plane stores none and can make each again after
//! a restart. It reaches the worker in the launch document and never crosses the link.

use std::fmt;

use domain::TenantId;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretBox};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::Sha256;

use crate::Generation;

/// Bytes of a key, a token, a nonce and a proof.
pub(crate) const BYTES: usize = 32;

/// The control plane's key, from which all tokens are made. 32 bytes of its key file.
pub struct TokenKey(SecretBox<[u8; BYTES]>);

impl TokenKey {
    /// A key from the bytes of the key file.
    #[must_use]
    pub fn from_bytes(bytes: [u8; BYTES]) -> Self {
        Self(SecretBox::new(Box::new(bytes)))
    }

    /// New bytes for a key file, from the operating system's generator.
    #[must_use]
    pub fn generate() -> [u8; BYTES] {
        rand::random()
    }

    /// The token of one generation of a tenant's worker.
    #[must_use]
    pub fn token(&self, tenant: TenantId, generation: Generation) -> Token {
        let mut mac = keyed(self.0.expose_secret());
        mac.update(b"flowhq worker token\0");
        mac.update(tenant.uuid().as_bytes());
        mac.update(&generation.to_be_bytes());
        Token(SecretBox::new(Box::new(mac.finalize().into_bytes().into())))
    }
}

impl fmt::Debug for TokenKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenKey([hidden])")
    }
}

/// The secret of one generation of one tenant's worker.
pub struct Token(SecretBox<[u8; BYTES]>);

impl Token {
    /// HMAC over what both sides have said so far, for one of the roles.
    pub(crate) fn prove(&self, transcript: &[u8]) -> [u8; BYTES] {
        let mut mac = keyed(self.0.expose_secret());
        mac.update(transcript);
        mac.finalize().into_bytes().into()
    }

    /// Whether `proof` is the one over `transcript`, in constant time.
    pub(crate) fn proves(&self, transcript: &[u8], proof: &[u8]) -> bool {
        let mut mac = keyed(self.0.expose_secret());
        mac.update(transcript);
        mac.verify_slice(proof).is_ok()
    }
}

impl Clone for Token {
    fn clone(&self) -> Self {
        Self(SecretBox::new(Box::new(*self.0.expose_secret())))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token([hidden])")
    }
}

/// Only for the launch document, which goes through an inherited descriptor.
impl Serialize for Token {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(self.0.expose_secret()))
    }
}

impl<'de> Deserialize<'de> for Token {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut bytes = Box::new([0; BYTES]);
        // The cause is left out: it would quote the token.
        hex::decode_to_slice(&text, bytes.as_mut_slice())
            .map_err(|_| serde::de::Error::custom("the token is not 64 hexadecimal digits"))?;
        Ok(Self(SecretBox::new(bytes)))
    }
}

#[expect(clippy::expect_used, reason = "HMAC takes keys of any length: RFC 2104")]
fn keyed(key: &[u8; BYTES]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes keys of any length")
}

#[cfg(test)]
mod tests {
    use super::{Token, TokenKey};
    use domain::TenantId;

    #[test]
    fn a_token_is_of_one_key_one_tenant_and_one_generation() {
        let (key, other) = (TokenKey::from_bytes([1; 32]), TokenKey::from_bytes([2; 32]));
        let (a, b) = (TenantId::generate(), TenantId::generate());
        let proof = key.token(a, 1).prove(b"said");
        assert!(key.token(a, 1).proves(b"said", &proof));
        for (token, said) in [
            (key.token(a, 2), &b"said"[..]),
            (key.token(b, 1), b"said"),
            (other.token(a, 1), b"said"),
            (key.token(a, 1), b"SAID"),
        ] {
            assert!(!token.proves(said, &proof));
        }
        assert!(!key.token(a, 1).proves(b"said", &proof[..31]), "a shortened proof");
        assert!(!key.token(a, 1).proves(b"said", b""), "no proof");
    }

    #[test]
    fn a_token_never_shows_itself() {
        let token = TokenKey::from_bytes([1; 32]).token(TenantId::generate(), 1);
        let hex = serde_json::to_string(&token).unwrap();
        assert_eq!(format!("{token:?}"), "Token([hidden])");
        let back: Token = serde_json::from_str(&hex).unwrap();
        assert!(back.proves(b"x", &token.prove(b"x")));
        let error = serde_json::from_str::<Token>("\"00secret\"").unwrap_err().to_string();
        assert!(!error.contains("secret"), "{error}");
    }
}
