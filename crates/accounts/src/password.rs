//! Passwords: made, hashed and compared.

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{PasswordHasher, phc::PasswordHash},
};
use rand::RngExt;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

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
        && compare(phc, password.expose_secret().as_bytes()).unwrap_or_default()
}

/// `None` where the hash is none that [`hash`] makes.
fn compare(phc: &str, password: &[u8]) -> Option<bool> {
    let stored = PasswordHash::new(phc).ok()?;
    let (salt, right) = (stored.salt.as_ref()?, stored.hash.as_ref()?);
    let known = stored.algorithm.as_str() == Algorithm::Argon2id.as_str()
        && stored.version == Some(u32::from(Version::default()));
    let params = Params::try_from(&stored).ok().filter(|_| known)?;
    let blocks = params.block_count();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::default(), params);
    let mut given = vec![0; right.len()];
    // Of its own, wiped, and the system's again at once: a block of this size is a mapping (`memory`), which no thread keeps.
    let mut memory = vec![Block::default(); blocks];
    let hashed = argon2.hash_password_into_with_memory(password, salt.as_ref(), &mut given, &mut memory);
    memory.fill(Block::default());
    drop(memory);
    hashed.ok().map(|()| given.ct_eq(right.as_ref()).into())
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
    fn a_hash_is_of_its_own_password_alone_and_its_memory_is_given_back() {
        /// The process's memory that is no file's, in kB.
        fn anonymous() -> u64 {
            let status = std::fs::read_to_string("/proc/self/status").unwrap();
            let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
            line.trim().trim_end_matches(" kB").parse().unwrap()
        }

        // As the control plane has it; another allocator than glibc's has ways of its own.
        let gives_back = memory::give_back_soon(memory::For::Many);
        let (right, wrong) = (generate(), generate());
        let (one, other) = (hash(&right).unwrap(), hash(&wrong).unwrap());
        let before = if gives_back { anonymous() } else { 0 };
        std::thread::scope(|threads| {
            for _ in 0..4 {
                threads.spawn(|| {
                    assert!(is_hash_of(&one, &right) && !is_hash_of(&one, &wrong));
                    assert!(is_hash_of(&other, &wrong) && !is_hash_of(&other, &right));
                });
            }
        });
        let after = if gives_back { anonymous() } else { 0 };
        assert!(after <= before + 10 * 1024, "{before} kB before, {after} kB after");
        // A cheaper hash of another make is none of ours, whatever it says.
        for foreign in [one.replace("argon2id", "argon2i"), one.replace("v=19", "v=16"), String::new()] {
            assert!(!is_hash_of(&foreign, &right), "{foreign}");
        }
    }

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
