//! Seals and opens texts.

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use ring::{
    aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf,
    rand::{SecureRandom as _, SystemRandom},
};
use secrecy::{ExposeSecret as _, SecretString};

/// How a sealed text begins; what else a column holds was never sealed.
const MARK: &str = "sealed.v1:";

/// Seals for one purpose. Cheap to clone.
#[derive(Clone)]
pub struct Sealer(LessSafeKey);

/// Leaves the key out.
impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer")
    }
}

/// Why a text was not sealed or opened. It says no more than that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// It was sealed with another master key, for another purpose or for somebody else, or was changed since.
    #[error(
        "a secret was not sealed with this master key: is master.key, or MASTER_KEY, that of this database? Where it is to be \
         another one from now on, `flowhq master-key change --old FILE` seals all anew"
    )]
    Foreign,
    /// The system gives no random numbers, or a key cannot be derived.
    #[error("the system cannot seal a secret")]
    System,
}

impl Sealer {
    pub(crate) fn new(master: &hkdf::Prk, purpose: &'static str) -> Result<Self, SealError> {
        let parts = [purpose.as_bytes()];
        let derived = master.expand(&parts, &CHACHA20_POLY1305).map_err(|_| SealError::System)?;
        Ok(Self(LessSafeKey::new(UnboundKey::from(derived))))
    }

    /// Whether a text was sealed by any key.
    #[must_use]
    pub fn is_sealed(text: &str) -> bool {
        text.starts_with(MARK)
    }

    /// Seals a secret for `whose` it is: `sealed.v1:` and, in base64, a random nonce, the secret and its tag.
    ///
    /// # Errors
    /// [`SealError::System`] where there are no random numbers.
    pub fn seal(&self, secret: &SecretString, whose: &str) -> Result<SecretString, SealError> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).map_err(|_| SealError::System)?;
        let mut text = secret.expose_secret().as_bytes().to_vec();
        let unique = Nonce::assume_unique_for_key(nonce);
        let bound = Aad::from(whose.as_bytes());
        self.0.seal_in_place_append_tag(unique, bound, &mut text).map_err(|_| SealError::System)?;
        let sealed = [nonce.as_slice(), &text].concat();
        Ok(SecretString::from(format!("{MARK}{}", STANDARD_NO_PAD.encode(sealed))))
    }

    /// Opens what was sealed for `whose` it is.
    ///
    /// # Errors
    /// [`SealError::Foreign`] where it was not, or was changed.
    pub fn open(&self, sealed: &SecretString, whose: &str) -> Result<SecretString, SealError> {
        let text = sealed.expose_secret().strip_prefix(MARK).ok_or(SealError::Foreign)?;
        let mut bytes = STANDARD_NO_PAD.decode(text).map_err(|_| SealError::Foreign)?;
        let (nonce, rest) = bytes.split_at_mut_checked(NONCE_LEN).ok_or(SealError::Foreign)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError::Foreign)?;
        let opened = self.0.open_in_place(nonce, Aad::from(whose.as_bytes()), rest);
        let opened = opened.map_err(|_| SealError::Foreign)?;
        let text = std::str::from_utf8(opened).map_err(|_| SealError::Foreign)?;
        Ok(SecretString::from(text))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;
    use crate::MasterKey;

    fn key(text: &str) -> MasterKey {
        MasterKey::from_setting(&SecretString::from(text.repeat(64))).unwrap()
    }

    #[test]
    fn what_was_sealed_opens_for_its_owner_and_purpose_under_its_key_alone() {
        let sealer = key("a").sealer("totp").unwrap();
        let secret = SecretString::from("JBSWY3DPEHPK3PXP");
        let sealed = sealer.seal(&secret, "admin").unwrap();
        assert!(Sealer::is_sealed(sealed.expose_secret()) && !Sealer::is_sealed(secret.expose_secret()));
        assert!(!sealed.expose_secret().contains(secret.expose_secret()));
        assert_eq!(sealer.open(&sealed, "admin").unwrap().expose_secret(), secret.expose_secret());
        let again = sealer.seal(&secret, "admin").unwrap();
        assert_ne!(again.expose_secret(), sealed.expose_secret(), "nobody sees that two are the same");

        let foreign =
            |opened: Result<SecretString, SealError>| assert_eq!(opened.unwrap_err(), SealError::Foreign);
        foreign(sealer.open(&sealed, "somebody else"));
        foreign(key("b").sealer("totp").unwrap().open(&sealed, "admin"));
        foreign(key("a").sealer("sessions").unwrap().open(&sealed, "admin"));
        foreign(sealer.open(&secret, "admin"));
        let text = sealed.expose_secret();
        for at in MARK.len()..text.len() {
            let mut changed = text.to_owned();
            let other = if changed.as_bytes()[at] == b'A' { "B" } else { "A" };
            changed.replace_range(at..=at, other);
            foreign(sealer.open(&SecretString::from(changed), "admin"));
            foreign(sealer.open(&SecretString::from(&text[..at]), "admin"));
        }
        assert_eq!(format!("{sealer:?}"), "Sealer");
    }
}
