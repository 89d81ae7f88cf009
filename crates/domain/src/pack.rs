//! By what a pack is named: `template_type` of a tenant, and `id` in a pack's own `pack.toml`.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Characters of an id, at most.
const MOST: usize = 32;

/// The id of a pack: 2 to 32 of A-Z, 0-9 and _, a letter first. Whether an installation has such a pack is another matter.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[cfg_attr(
    feature = "schema",
    schema(
        value_type = String, pattern = "^[A-Z][A-Z0-9_]{1,31}$", examples("BOOKING"),
        description = "The id of a pack that this installation has: BOOKING, ECOMMERCE, SUPPORT, and those in PACKS_DIR."
    )
)]
// ASCII, and zeros after it.
pub struct PackId([u8; MOST]);

/// A text that names no pack, whatever packs there are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is no pack's id: that is 2 to 32 of A-Z, 0-9 and _, and begins with a letter, like RESTAURANT"
)]
pub struct InvalidPackId(String);

impl PackId {
    /// Appointments; ships.
    pub const BOOKING: Self = Self::known(b"BOOKING");
    /// A shop with a catalogue; ships.
    pub const ECOMMERCE: Self = Self::known(b"ECOMMERCE");
    /// Questions and tickets; ships.
    pub const SUPPORT: Self = Self::known(b"SUPPORT");
    /// Those that are part of every executable.
    pub const SHIPPED: [Self; 3] = [Self::BOOKING, Self::ECOMMERCE, Self::SUPPORT];

    const fn known(text: &[u8]) -> Self {
        let mut bytes = [0; MOST];
        let mut at = 0;
        while at < text.len() {
            bytes[at] = text[at];
            at += 1;
        }
        Self(bytes)
    }

    /// The id as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let length = self.0.iter().position(|byte| *byte == 0).unwrap_or(MOST);
        // ASCII alone is ever put in.
        self.0.get(..length).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default()
    }

    /// Whether it is part of every executable, so that no worker has to be told it.
    #[must_use]
    pub fn ships(self) -> bool {
        Self::SHIPPED.contains(&self)
    }
}

impl FromStr for PackId {
    type Err = InvalidPackId;

    fn from_str(text: &str) -> Result<Self, InvalidPackId> {
        let lawful = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
        let begins = text.bytes().next().is_some_and(|byte| byte.is_ascii_uppercase());
        if begins && (2..=MOST).contains(&text.len()) && text.bytes().all(lawful) {
            return Ok(Self::known(text.as_bytes()));
        }
        Err(InvalidPackId(text.chars().take(64).collect()))
    }
}

impl fmt::Display for PackId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for PackId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for PackId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for PackId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
