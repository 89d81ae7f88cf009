//! Passwords: made, hashed and compared.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use rand::RngExt;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// A longer password is refused unread: hashing it would cost more than it is worth.
pub(crate) const LONGEST_BYTES: usize = 4096;

/// What goes wrong with a password's hash, never with the password.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// The stored text is no argon2id hash.
    #[error("the stored hash of the admin password cannot be read; set ADMIN_PASSWORD to start without it")]
    StoredHash,
    /// Hashing failed.
    #[error("the password could not be hashed")]
    Hashing,
}

/// A new password: four groups of five characters that are not mistaken for one another, 98 bits.
#[must_use]
pub fn generate() -> SecretString {
    const ALPHABET: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut rng = rand::rng();
    let mut text = String::with_capacity(23);
    for group in 0..4 {
        if group > 0 {
            text.push('-');
        }
        text.extend((0..5).map(|_| char::from(ALPHABET[rng.random_range(0..ALPHABET.len())])));
    }
    SecretString::from(text)
}

/// The argon2id hash of a password, as a PHC string with its own salt and costs (19 MiB, 2 passes).
///
/// # Errors
/// Where the machine gives no random salt.
pub fn hash(password: &SecretString) -> Result<String, PasswordError> {
    let hash = Argon2::default().hash_password(password.expose_secret().as_bytes());
    Ok(hash.map_err(|_| PasswordError::Hashing)?.to_string())
}

/// Whether a text is a hash that [`hash`] could have made.
pub(crate) fn is_hash(phc: &str) -> bool {
    PasswordHash::new(phc).is_ok()
}

/// Whether a hash that [`hash`] made is of this password. Takes its time; a server uses a [`crate::Gate`].
#[must_use]
pub fn is_hash_of(phc: &str, password: &SecretString) -> bool {
    password.expose_secret().len() <= LONGEST_BYTES
        && PasswordHash::new(phc).is_ok_and(|hash| {
            Argon2::default().verify_password(password.expose_secret().as_bytes(), &hash).is_ok()
        })
}

/// The word that goes with a hash.
#[must_use]
pub fn epoch_of(phc: &str) -> String {
    Sha256::digest(phc).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_passwords_differ_and_can_be_typed() {
        let (one, other) = (generate(), generate());
        assert_ne!(one.expose_secret(), other.expose_secret());
        assert_eq!(one.expose_secret().len(), 23);
        assert!(
            one.expose_secret().bytes().all(|b| b == b'-' || b.is_ascii_lowercase() || b.is_ascii_digit())
        );
    }
}
