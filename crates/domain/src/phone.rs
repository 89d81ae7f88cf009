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
    why: String,
}

impl Phone {
    /// Reads a number in international form, as people paste it: spaces, hyphens, dots and brackets of every kind, marks
    /// of direction and `tel:` are taken, a missing `+` is not. Either form of a line is taken (see [`crate::line_forms`]).
    ///
    /// # Errors
    /// Where it is no valid number of any country.
    pub fn parse(text: &str) -> Result<Self, InvalidPhone> {
        let visible = text.chars().filter(|c| !is_invisible(*c)).take(32);
        let visible: String = visible.map(|c| if c.is_control() { ' ' } else { c }).collect();
        let refuse = |why: &str| InvalidPhone { got: visible.clone(), why: why.to_owned() };
        if text.len() > 128 {
            return Err(refuse("too long"));
        }
        let plain: String = text.chars().filter(|c| !is_invisible(*c)).map(plain).collect();
        let plain = plain.trim();
        let plain = match plain.get(..4) {
            Some(scheme) if scheme.eq_ignore_ascii_case("tel:") => plain[4..].trim_start(),
            _ => plain,
        };
        let Some(rest) = plain.strip_prefix('+') else {
            return Err(refuse("the country code with its + is missing"));
        };
        if let Some(c) =
            rest.chars().find(|c| !c.is_ascii_digit() && !matches!(c, ' ' | '-' | '.' | '(' | ')'))
        {
            let shown = if c.is_control() { ' ' } else { c };
            let why = format!(
                "it has characters that are no part of a number, first '{shown}' (U+{:04X})",
                u32::from(c)
            );
            return Err(refuse(&why));
        }
        let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
        let given = Digits::new(digits).map_err(|_| refuse("it has too few digits or too many"))?;
        // Where a country has lengthened its numbers, the old form is no valid number any more, and still one line.
        let forms = std::iter::once(given.clone()).chain(crate::line_forms(&given));
        let valid = forms.filter_map(|form| phonenumber::parse(None, format!("+{}", form.as_str())).ok());
        let valid = valid.into_iter().find(phonenumber::is_valid);
        let number = valid.ok_or_else(|| refuse("no country has such a number"))?;
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

/// Marks that come along where a number is copied, and show nothing: of direction, of width zero, of byte order.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00ad}' | '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// What people's programs write for a blank, a hyphen and a plus.
const fn plain(c: char) -> char {
    match c {
        '\t' | '\u{00a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            ' '
        }
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe63}' | '\u{ff0d}' => '-',
        '\u{ff0b}' | '\u{fe62}' => '+',
        other => other,
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
