//! Secrets of sessions and links: known to whoever holds them, and to us as a hash alone.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// A new secret, and the hash by which it is kept.
#[derive(Debug)]
pub struct Token {
    /// 256 random bits in base64url, 43 characters.
    pub secret: SecretString,
    /// Its SHA-256 in hexadecimal.
    pub id: String,
}

impl Token {
    pub(super) fn make() -> Self {
        let secret = URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>());
        Self { id: id_of(&secret), secret: SecretString::from(secret) }
    }

    /// What the holder is given, this once.
    #[must_use]
    pub fn tell(&self) -> String {
        self.secret.expose_secret().to_owned()
    }
}

/// The hash by which a secret is kept.
pub(super) fn id_of(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.trim()))
}
