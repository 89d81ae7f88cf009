//! The side that asks.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    rand::SystemRandom,
    signature::{Ed25519KeyPair, KeyPair},
};

use crate::Claim;

/// A key that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// There is no randomness to make one of.
    #[error("no key could be made: the system gives no random numbers")]
    Random,
    /// It is no Ed25519 key in PKCS#8.
    #[error("this is no Ed25519 key in PKCS#8, version 2 ({0})")]
    NoKey(String),
    /// It is no public key.
    #[error("a public key is 32 bytes in base64, {0} were found")]
    NoPublicKey(usize),
}

/// Signs claims.
pub struct Signer(Ed25519KeyPair);

/// Leaves the key out.
impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").finish_non_exhaustive()
    }
}

impl Signer {
    /// A new key, and its PKCS#8 document for whoever keeps it.
    ///
    /// # Errors
    /// [`KeyError::Random`].
    pub fn generate() -> Result<(Self, Vec<u8>), KeyError> {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| KeyError::Random)?;
        let document = document.as_ref().to_vec();
        Ok((Self::from_pkcs8(&document)?, document))
    }

    /// A key that was kept.
    ///
    /// # Errors
    /// [`KeyError::NoKey`].
    pub fn from_pkcs8(document: &[u8]) -> Result<Self, KeyError> {
        Ed25519KeyPair::from_pkcs8(document).map(Self).map_err(|error| KeyError::NoKey(error.to_string()))
    }

    /// The public half, for the [`crate::Verifier`].
    #[must_use]
    pub fn public_key(&self) -> Vec<u8> {
        self.0.public_key().as_ref().to_vec()
    }

    /// A claim as a header's value.
    #[must_use]
    pub fn sign(&self, claim: &Claim) -> String {
        // A claim holds texts and numbers, which JSON always takes.
        let document = URL_SAFE_NO_PAD.encode(serde_json::to_vec(claim).unwrap_or_default());
        let signature = self.0.sign(document.as_bytes());
        format!("{document}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}
