//! Phone numbers: E.164 in the control plane, bare digits in a worker.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A phone number in E.164 form, `+` first. Parsed by the control plane only: the first parse loads 6 MB of metadata.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Phone(String);

/// A text that is no phone number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{got}\" is no phone number: {why}; write it with its country code, like +255712345678")]
pub struct InvalidPhone {
    got: String,
    why: &'static str,
}

impl Phone {
    /// Reads a number in international form: spaces, hyphens, dots and brackets are taken, a missing `+` is not.
    ///
    /// # Errors
    /// Where it is no valid number of any country.
    pub fn parse(text: &str) -> Result<Self, InvalidPhone> {
        let refuse = |why| InvalidPhone { got: text.chars().take(32).collect(), why };
        let trimmed = text.trim();
        if trimmed.len() > 64 {
            return Err(refuse("too long"));
        }
        let Some(rest) = trimmed.strip_prefix('+') else {
            return Err(refuse("the country code with its + is missing"));
        };
        if !rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '(' | ')')) {
            return Err(refuse("it has characters that are no part of a number"));
        }
        let number = phonenumber::parse(None, trimmed).map_err(|_| refuse("it cannot be read"))?;
        if !phonenumber::is_valid(&number) {
            return Err(refuse("no country has such a number"));
        }
        Ok(Self(number.format().mode(phonenumber::Mode::E164).to_string()))
    }

    /// Wraps a number that comes from our own database.
    #[must_use]
    pub fn from_e164_unchecked(text: String) -> Self {
        Self(text)
    }

    /// The number with its `+`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number without its `+`, as WhatsApp writes it.
    #[must_use]
    pub fn digits(&self) -> Digits {
        Digits(self.0.trim_start_matches('+').to_owned())
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl FromStr for Phone {
    type Err = InvalidPhone;
    fn from_str(text: &str) -> Result<Self, InvalidPhone> {
        Self::parse(text)
    }
}
impl<'de> Deserialize<'de> for Phone {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// A phone number as WhatsApp writes it: 5 to 20 digits, country code first, no `+`. Not checked against any country.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digits(String);

/// A text that is no run of 5 to 20 digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a number is 5 to 20 digits, like 255712345678")]
pub struct InvalidDigits;

impl Digits {
    /// Wraps 5 to 20 ASCII digits.
    ///
    /// # Errors
    /// Where the text is anything else.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidDigits> {
        let text = text.into();
        if (5..=20).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(text))
        } else {
            Err(InvalidDigits)
        }
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number for a log line: all but its last three digits are hidden.
    #[must_use]
    pub fn masked(&self) -> String {
        let keep = self.0.len() - 3;
        format!("{}{}", "*".repeat(keep), &self.0[keep..])
    }
}

impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
/// Masked, since `{:?}` ends up in logs.
impl fmt::Debug for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}
impl TryFrom<String> for Digits {
    type Error = InvalidDigits;
    fn try_from(text: String) -> Result<Self, InvalidDigits> {
        Self::new(text)
    }
}
impl From<Digits> for String {
    fn from(digits: Digits) -> Self {
        digits.0
    }
}
