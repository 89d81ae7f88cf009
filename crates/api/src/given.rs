//! A field that may be left out, or be null, or have a value: serde alone takes null for left out.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

pub(crate) fn serialize<T: Serialize, S: Serializer>(
    value: &Option<Option<T>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    value.as_ref().and_then(Option::as_ref).serialize(serializer)
}

pub(crate) fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// A value or null, which must not be left out: nobody means a thing by saying nothing.
pub(crate) fn or_null<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}

/// A whole number. A page's form sends digits, and nothing where it was left empty.
pub(crate) fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a whole number")]
    enum Sent {
        Number(u32),
        Digits(String),
    }
    match Option::deserialize(deserializer)? {
        None => Ok(None),
        Some(Sent::Number(number)) => Ok(Some(number)),
        Some(Sent::Digits(digits)) if digits.trim().is_empty() => Ok(None),
        Some(Sent::Digits(digits)) => digits
            .trim()
            .parse()
            .map(Some)
            .map_err(|_| serde::de::Error::custom("a whole number is expected, like 30")),
    }
}
