//! The person whom a provider vouches for.

use openidconnect::{IdTokenClaims, StandardClaims, core::CoreGenderClaim};

use crate::{OidcError, error::said, verify::Extra};

/// RFC 5321 allows an address no more.
const EMAIL_MAX: usize = 254;
/// OpenID Connect Core, section 2, allows a subject no more.
const SUBJECT_MAX: usize = 255;
/// More of a name is not kept.
const NAME_MAX: usize = 120;

/// A person whom the provider vouches for. The identity is issuer and subject; an address may pass to somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedPerson {
    /// Who says it.
    pub issuer: String,
    /// Whom it means; never used for anybody else by that issuer.
    pub subject: String,
    /// The address, which the provider calls verified: in small letters, ASCII alone.
    pub email: String,
    /// The name, where it is known: one line of at most 120 characters.
    pub name: Option<String>,
    /// The language, where it is known, like `sw` or `en-GB`.
    pub locale: Option<String>,
}

/// What is said of a person, by the ID token or by the userinfo endpoint.
#[derive(Default)]
pub(crate) struct Said {
    email: Option<String>,
    verified: bool,
    name: Option<String>,
    locale: Option<String>,
}

/// Takes the same fields from either kind of claims, which have the same methods and no trait in common.
macro_rules! said_by {
    ($claims:expr) => {
        Said {
            email: $claims.email().map(|email| email.as_str().to_owned()),
            verified: $claims.email_verified() == Some(true),
            name: $claims.name().and_then(|names| names.get(None)).map(|name| name.as_str().to_owned()),
            locale: $claims.locale().map(|locale| locale.as_ref().to_owned()),
        }
    };
}

impl Said {
    pub(crate) fn by_token(claims: &IdTokenClaims<Extra, CoreGenderClaim>) -> Self {
        said_by!(claims)
    }

    pub(crate) fn by_userinfo(claims: &StandardClaims<CoreGenderClaim>) -> Self {
        said_by!(claims)
    }

    /// Whether an address is said at all; whether it is verified is for whoever said the address.
    pub(crate) const fn has_email(&self) -> bool {
        self.email.is_some()
    }

    /// The person.
    ///
    /// # Errors
    /// Where there is no address, it is not verified, or it is none that can be used.
    pub(crate) fn person(self, issuer: &str, subject: &str) -> Result<VerifiedPerson, OidcError> {
        if subject.is_empty() || subject.len() > SUBJECT_MAX || subject.chars().any(char::is_control) {
            return Err(OidcError::Person("its subject is empty, too long, or no text".to_owned()));
        }
        let email = self.email.filter(|email| !email.is_empty()).ok_or(OidcError::NoEmail)?;
        if !self.verified {
            return Err(OidcError::Unverified);
        }
        let one_line = |text: String, most: usize| -> Option<String> {
            let line: String =
                text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(most).collect();
            Some(line.trim().to_owned()).filter(|line| !line.is_empty())
        };
        Ok(VerifiedPerson {
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
            email: address(&email)?,
            name: self.name.and_then(|name| one_line(name, NAME_MAX)),
            locale: self.locale.map(|locale| said(&locale)).filter(|locale| locale.len() <= 35),
        })
    }
}

/// An address in the one form in which addresses are compared. Letters of other scripts, which look like Latin ones and
/// are not, are refused: nobody could tell two such addresses apart. A plus sign stays, since it is part of the address.
fn address(email: &str) -> Result<String, OidcError> {
    if email.len() > EMAIL_MAX {
        return Err(OidcError::Email("it is longer than 254 characters"));
    }
    if !email.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(OidcError::Email(
            "it has letters or marks that an address in plain Latin letters has not",
        ));
    }
    let parts = email.split_once('@').filter(|(name, host)| !name.is_empty() && !host.contains('@'));
    let host = parts.map(|(_, host)| host).filter(|host| host.contains('.'));
    let whole =
        host.is_some_and(|host| !host.starts_with('.') && !host.ends_with('.') && !host.contains(".."));
    if !whole || email.bytes().any(|byte| b"<>()[],;:\\\"".contains(&byte)) {
        return Err(OidcError::Email("it does not have the form name@host"));
    }
    Ok(email.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_one_form() {
        assert_eq!(address("Asha.Juma@Example.CO.tz").unwrap(), "asha.juma@example.co.tz");
        assert_eq!(address("asha+shop@example.com").unwrap(), "asha+shop@example.com");
        let long = format!("{}@example.com", "a".repeat(250));
        for wrong in [
            // A Cyrillic а, a full-width a, a letter with an invisible mark.
            "\u{430}sha@example.com",
            "\u{ff41}sha@example.com",
            "asha\u{200b}@example.com",
            "asha@ex\u{430}mple.com",
            "asha @example.com",
            "asha@example.com\n",
            "asha@localhost",
            "asha@example..com",
            "asha@.example.com",
            "asha@example.com.",
            "@example.com",
            "asha@one@example.com",
            "Asha <asha@example.com>",
            "asha",
            "",
            &long,
        ] {
            assert!(address(wrong).is_err(), "{wrong:?}");
        }
    }
}
