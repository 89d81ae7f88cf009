//! What is signed: a JSON document in base64url, a full stop, and the signature over that text in base64url.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::LONGEST_MS;

/// The version of a claim's form.
pub const VERSION: u8 = 1;

/// Who asks for what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// [`VERSION`].
    pub v: u8,
    /// SHA-256 of the token in the browser's cookie, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<String>,
    /// The person's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The tenant's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// The method, in capitals.
    pub method: String,
    /// The path with its query, as it is sent.
    pub path: String,
    /// SHA-256 of the body, in hexadecimal.
    pub body: String,
    /// 16 random bytes in hexadecimal.
    pub nonce: String,
    /// When it was signed, in milliseconds since 1970.
    pub issued_ms: i64,
    /// Until when it can be used.
    pub expires_ms: i64,
}

/// A request as it is asked, or as it has come in.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The method, in capitals.
    pub method: &'a str,
    /// The path with its query.
    pub path: &'a str,
    /// See [`body_hash`].
    pub body_hash: &'a str,
}

impl Claim {
    /// A claim on a request that nobody is known for yet; it lives as long as claims may.
    #[must_use]
    pub fn new(asked: Asked<'_>, nonce: [u8; 16], now_ms: i64) -> Self {
        Self {
            v: VERSION,
            session: None,
            user: None,
            tenant: None,
            method: asked.method.to_owned(),
            path: asked.path.to_owned(),
            body: asked.body_hash.to_owned(),
            nonce: hex::encode(nonce),
            issued_ms: now_ms,
            expires_ms: now_ms.saturating_add(LONGEST_MS),
        }
    }
}

/// How a body stands in a claim; that of no body is the hash of nothing.
#[must_use]
pub fn body_hash(body: &[u8]) -> String {
    hex::encode(Sha256::digest(body))
}
