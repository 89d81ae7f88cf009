//! Email addresses by which people are known: in lower case, in plain letters, as they were typed otherwise.
//!
//! `asha+salon@…` is another address than `asha@…`, since only its provider knows whether the two are one mailbox. Letters
//! of other scripts that look like plain ones are refused, so that nobody is taken for somebody else.

use std::fmt;

/// The longest address that is taken (RFC 5321).
const LONGEST: usize = 254;
/// The longest part before the `@`.
const LONGEST_LOCAL: usize = 64;

/// An address that people are known by.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Address(String);

/// Masked, since it is a person's.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(…)")
    }
}

impl Address {
    /// Reads what was typed, or what a provider says.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let (local, domain) = text.split_once('@')?;
        let sign = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&b);
        let local_fits = (1..=LONGEST_LOCAL).contains(&local.len())
            && local.bytes().all(sign)
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..");
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let domain_fits = domain.contains('.') && domain.split('.').all(label);
        (text.len() <= LONGEST && local_fits && domain_fits).then_some(Self(text))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_in_lower_case_and_otherwise_as_it_is() {
        for (typed, read) in [
            (" Asha@Example.COM ", "asha@example.com"),
            ("asha+Salon@example.com", "asha+salon@example.com"),
            ("a.b-c_d'e@mail.example.co.tz", "a.b-c_d'e@mail.example.co.tz"),
            ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
        ] {
            assert_eq!(Address::read(typed).unwrap().as_str(), read);
        }
    }

    #[test]
    fn what_looks_like_an_address_and_is_none_is_refused() {
        for wrong in [
            "",
            "@",
            "asha",
            "asha@",
            "@example.com",
            "asha@example",
            "asha@@example.com",
            "a@b@example.com",
            "аsha@example.com", // a Cyrillic letter
            "asha@exаmple.com", // another one
            "asha@example.com\n",
            "asha@exam ple.com",
            "as\0ha@example.com",
            "asha@example.com, juma@example.com",
            "<asha@example.com>",
            ".asha@example.com",
            "as..ha@example.com",
            "asha@-example.com",
            "asha@example..com",
            "ASHA\u{212A}@example.com", // the sign for kelvin, whose lower case is a k
            "asha@example.com\u{200b}",
        ] {
            // A line feed at the end is a blank around it, which is no part of an address.
            let read = Address::read(wrong);
            assert!(read.is_none() || wrong.trim_end() == "asha@example.com", "{wrong:?}");
        }
        assert!(Address::read(&format!("{}@example.com", "a".repeat(65))).is_none());
        assert!(Address::read(&format!("a@{}.com", "b.".repeat(130))).is_none());
    }
}
