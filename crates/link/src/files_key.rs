//! The key by which one tenant's files are sealed, on its way to that tenant's worker.

use std::fmt;

use secrecy::{ExposeSecret, SecretBox};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::token::BYTES;

/// The key of one tenant's files. It goes through the launch document alone, as the token does.
pub struct FilesKey(SecretBox<[u8; BYTES]>);

impl FilesKey {
    /// A key of these bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; BYTES]) -> Self {
        Self(SecretBox::new(Box::new(bytes)))
    }

    /// The key's bytes.
    #[must_use]
    pub fn expose(&self) -> [u8; BYTES] {
        *self.0.expose_secret()
    }
}

impl Clone for FilesKey {
    fn clone(&self) -> Self {
        Self::from_bytes(self.expose())
    }
}

impl fmt::Debug for FilesKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FilesKey([hidden])")
    }
}

impl Serialize for FilesKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&hex::encode(self.0.expose_secret()))
    }
}

impl<'de> Deserialize<'de> for FilesKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut bytes = [0; BYTES];
        // The cause is left out: it would quote the key.
        hex::decode_to_slice(&text, &mut bytes)
            .map_err(|_| serde::de::Error::custom("the key is not 64 hexadecimal digits"))?;
        Ok(Self::from_bytes(bytes))
    }
}
