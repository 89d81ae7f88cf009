//! Passwords: made, hashed, and checked without running argon2 at every request. One gate keeps the admin password and
//! checks those of accounts, so that whoever guesses is slowed by both together.

use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use hmac::{Hmac, KeyInit, Mac};
use rand::RngExt;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use tokio::{sync::Semaphore, time::Instant};

pub use crate::throttle::Source;
use crate::throttle::Throttle;

/// How long a password that was right once is known without argon2.
const REMEMBERED: Duration = Duration::from_secs(300);
/// How many passwords of accounts are remembered at once.
const REMEMBERED_ACCOUNTS: usize = 256;
/// A longer password is refused unread: hashing it would cost more than it is worth.
const LONGEST: usize = 1024;

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

/// Why a password was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// It is wrong; the wait for this answer grows with each one.
    Wrong,
    /// Too many attempts are under way at once.
    TooMany,
}

/// Keeps one password.
pub struct Gate {
    /// Of this process alone, so that no tag means anything elsewhere.
    key: [u8; 32],
    known: Known,
    /// argon2 takes 19 MiB for each check.
    one_at_a_time: Semaphore,
    throttle: Throttle,
    /// Passwords of accounts that matched, by their tags.
    accounts: Mutex<HashMap<Tag, Instant>>,
    /// A word that another admin password does not have.
    epoch: String,
    /// What a password is checked against where there is no such account, so that both take the same time.
    nobody: String,
}

type Tag = [u8; 32];

enum Known {
    /// Set in the configuration: compared by tag.
    Plain(Tag),
    /// Stored as a hash; a password that matched is remembered by its tag for a while.
    Hashed { phc: String, remembered: Mutex<Option<(Tag, Instant)>> },
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").finish_non_exhaustive()
    }
}

impl Gate {
    /// A gate for a password in clear. `epoch` is a word that stays the same as long as the password does.
    #[must_use]
    pub fn plain(password: &SecretString, epoch: String) -> Self {
        let key = rand::random();
        Self::with(key, Known::Plain(tag(&key, password)), epoch)
    }

    /// A gate for a hash that [`hash`] made.
    ///
    /// # Errors
    /// Where the text is no such hash.
    pub fn hashed(phc: String) -> Result<Self, PasswordError> {
        PasswordHash::new(&phc).map_err(|_| PasswordError::StoredHash)?;
        let epoch = epoch_of(&phc);
        Ok(Self::with(rand::random(), Known::Hashed { phc, remembered: Mutex::new(None) }, epoch))
    }

    fn with(key: [u8; 32], known: Known, epoch: String) -> Self {
        Self {
            key,
            known,
            one_at_a_time: Semaphore::new(1),
            throttle: Throttle::default(),
            accounts: Mutex::default(),
            epoch,
            nobody: hash(&generate()).unwrap_or_default(),
        }
    }

    /// A word that goes with the admin password: sessions from before it changed carry another.
    #[must_use]
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    /// Whether this is the admin password. `from` is whom wrong ones are counted against.
    ///
    /// # Errors
    /// See [`Denied`]. A wrong password is answered late.
    pub async fn admit(&self, password: &SecretString, from: impl Into<Source>) -> Result<(), Denied> {
        let tag = tag(&self.key, password);
        // A right password that is known by its tag waits for nobody.
        if self.knows(&tag) {
            return Ok(());
        }
        let attempt = self.throttle.begin(from).ok_or(Denied::TooMany)?;
        if self.matches_hash(password, tag).await {
            return Ok(());
        }
        tokio::time::sleep(attempt.failed()).await;
        Err(Denied::Wrong)
    }

    /// Whether this is the password of the account with this hash; `None` stands for an account that is not there.
    ///
    /// # Errors
    /// See [`Denied`]. A wrong password is answered late, and a missing account like a wrong password.
    pub async fn admit_account(
        &self,
        phc: Option<&SecretString>,
        password: &SecretString,
        from: impl Into<Source>,
    ) -> Result<(), Denied> {
        let tag = account_tag(&self.key, phc, password);
        let remembered = |tag: &Tag| {
            let accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
            accounts.get(tag).is_some_and(|until| Instant::now() < *until)
        };
        if phc.is_some() && remembered(&tag) {
            return Ok(());
        }
        let attempt = self.throttle.begin(from).ok_or(Denied::TooMany)?;
        let right = phc.map_or(self.nobody.as_str(), ExposeSecret::expose_secret).to_owned();
        if self.verify(right, password).await && phc.is_some() {
            let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            accounts.retain(|_, until| *until > now);
            if accounts.len() < REMEMBERED_ACCOUNTS {
                accounts.insert(tag, now + REMEMBERED);
            }
            return Ok(());
        }
        tokio::time::sleep(attempt.failed()).await;
        Err(Denied::Wrong)
    }

    /// Checks a second factor by `check`; a wrong one is answered late, as a wrong password is.
    ///
    /// # Errors
    /// See [`Denied`], or what `check` says.
    pub async fn admit_code<E>(
        &self,
        from: impl Into<Source>,
        check: impl Future<Output = Result<bool, E>>,
    ) -> Result<Result<(), Denied>, E> {
        let Some(attempt) = self.throttle.begin(from) else { return Ok(Err(Denied::TooMany)) };
        if check.await? {
            return Ok(Ok(()));
        }
        tokio::time::sleep(attempt.failed()).await;
        Ok(Err(Denied::Wrong))
    }

    fn knows(&self, tag: &Tag) -> bool {
        match &self.known {
            Known::Plain(right) => right.ct_eq(tag).into(),
            Known::Hashed { remembered, .. } => {
                let mut remembered = remembered.lock().unwrap_or_else(PoisonError::into_inner);
                if remembered.as_ref().is_some_and(|(_, until)| Instant::now() >= *until) {
                    *remembered = None;
                }
                remembered.as_ref().is_some_and(|(right, _)| right.ct_eq(tag).into())
            }
        }
    }

    async fn matches_hash(&self, password: &SecretString, tag: Tag) -> bool {
        let Known::Hashed { phc, remembered } = &self.known else { return false };
        let Ok(_permit) = self.one_at_a_time.acquire().await else { return false };
        // Somebody may have been let in with it while this one waited.
        if self.knows(&tag) {
            return true;
        }
        let right = matches(phc.clone(), password).await;
        if right {
            *remembered.lock().unwrap_or_else(PoisonError::into_inner) =
                Some((tag, Instant::now() + REMEMBERED));
        }
        right
    }

    async fn verify(&self, phc: String, password: &SecretString) -> bool {
        let Ok(_permit) = self.one_at_a_time.acquire().await else { return false };
        matches(phc, password).await
    }
}

/// Runs argon2 away from the threads that serve requests.
async fn matches(phc: String, password: &SecretString) -> bool {
    if password.expose_secret().len() > LONGEST {
        return false;
    }
    let password = password.clone();
    let checked = tokio::task::spawn_blocking(move || is_hash_of(&phc, &password));
    checked.await.unwrap_or(false)
}

/// Whether a hash that [`hash`] made is of this password. Takes its time; a server uses a [`Gate`].
#[must_use]
pub fn is_hash_of(phc: &str, password: &SecretString) -> bool {
    PasswordHash::new(phc).is_ok_and(|hash| {
        Argon2::default().verify_password(password.expose_secret().as_bytes(), &hash).is_ok()
    })
}

/// The word that goes with a hash.
#[must_use]
pub fn epoch_of(phc: &str) -> String {
    Sha256::digest(phc).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// Bound to the account's hash, so that another password's tag means nothing after a change.
fn account_tag(key: &[u8; 32], phc: Option<&SecretString>, password: &SecretString) -> Tag {
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(phc.map_or("", ExposeSecret::expose_secret).as_bytes());
    mac.update(b"\0");
    mac.update(password.expose_secret().as_bytes());
    mac.finalize().into_bytes().into()
}

fn tag(key: &[u8; 32], password: &SecretString) -> Tag {
    // The inherent constructor for keys of the block size takes no errors with it.
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(password.expose_secret().as_bytes());
    mac.finalize().into_bytes().into()
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

    #[tokio::test(start_paused = true)]
    async fn both_gates_take_the_right_password_only() {
        let right = SecretString::from("right horse");
        let hashed = Gate::hashed(hash(&right).unwrap()).unwrap();
        for gate in [Gate::plain(&right, "one".to_owned()), hashed] {
            assert_eq!(gate.admit(&right, Source::Unknown).await, Ok(()));
            assert_eq!(gate.admit(&right, Source::Unknown).await, Ok(()));
            assert_eq!(gate.admit(&SecretString::from("wrong"), Source::Unknown).await, Err(Denied::Wrong));
            assert_eq!(gate.admit(&SecretString::from(""), Source::Unknown).await, Err(Denied::Wrong));
            assert_eq!(
                gate.admit(&SecretString::from("x".repeat(1 << 20)), Source::Unknown).await,
                Err(Denied::Wrong)
            );
            assert_eq!(gate.admit(&right, Source::Unknown).await, Ok(()), "wrong ones lock nobody out");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_remembered_password_is_known_for_a_while_only() {
        let right = SecretString::from("right horse");
        let gate = Gate::hashed(hash(&right).unwrap()).unwrap();
        let tag = tag(&gate.key, &right);
        assert!(!gate.knows(&tag));
        gate.admit(&right, Source::Unknown).await.unwrap();
        assert!(gate.knows(&tag));
        tokio::time::advance(REMEMBERED).await;
        assert!(!gate.knows(&tag));
    }

    #[tokio::test(start_paused = true)]
    async fn an_account_is_known_by_its_own_hash_alone() {
        let gate = Gate::plain(&SecretString::from("right horse"), "one".to_owned());
        let (right, wrong) = (SecretString::from("correct staple"), SecretString::from("right horse"));
        let phc = SecretString::from(hash(&right).unwrap());
        for _ in 0..2 {
            assert_eq!(gate.admit_account(Some(&phc), &right, Source::Unknown).await, Ok(()));
        }
        assert_eq!(gate.admit_account(Some(&phc), &wrong, Source::Unknown).await, Err(Denied::Wrong));
        assert_eq!(gate.admit_account(None, &right, Source::Unknown).await, Err(Denied::Wrong));
        let changed = SecretString::from(hash(&wrong).unwrap());
        assert_eq!(gate.admit_account(Some(&changed), &right, Source::Unknown).await, Err(Denied::Wrong));
    }

    #[tokio::test(start_paused = true)]
    async fn guessers_wait_and_the_operator_does_not() {
        let right = SecretString::from("right horse");
        let gate = Gate::plain(&right, "one".to_owned());
        let address = Source::Address("192.0.2.1".parse().unwrap());
        let start = Instant::now();
        for _ in 0..4 {
            assert_eq!(gate.admit(&SecretString::from("guess"), address).await, Err(Denied::Wrong));
        }
        assert!(start.elapsed() >= Duration::from_millis(250 + 500 + 1000 + 2000));
        let start = Instant::now();
        assert_eq!(gate.admit(&right, address).await, Ok(()));
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[test]
    fn what_is_no_hash_is_refused_at_the_start() {
        assert!(Gate::hashed("plain".to_owned()).is_err());
    }
}
