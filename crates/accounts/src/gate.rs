//! Checks passwords without running argon2 at every request, one way for the admin password and those of accounts, so that
//! whoever guesses is slowed by both together. Who comes when is told in [`crate::line`].
//!
//! argon2 takes 19 MiB and some 30 ms. Two checks run at once: one for those who have been wrong lately, one for everybody
//! else, so that a crowd of guessers does not hold up whoever types a password for the first time.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use tokio::{
    sync::{Semaphore, oneshot},
    time::Instant,
};
use tokio_util::task::TaskTracker;

use crate::{
    line::{Line, Place, Source},
    password::{self, PasswordError},
};

/// How long a password that was right once is known without argon2.
const REMEMBERED: Duration = Duration::from_secs(300);
/// How many passwords are remembered at once.
const REMEMBERED_AT_ONCE: usize = 256;

/// Why a password was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// It is wrong; the wait for this answer grows with each one.
    Wrong,
    /// Too many attempts are under way at once.
    TooMany,
}

/// What a right password is worth where it was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Worth {
    /// It lets in, or on to the second factor.
    Entry,
    /// Nothing, since a second factor is missing: it is checked like any other, answered like a wrong one, and late.
    Nothing,
}

/// Keeps the admin password and checks all.
pub struct Gate {
    /// Of this process alone, so that no tag means anything elsewhere.
    key: [u8; 32],
    admin: Right,
    /// A word that another admin password does not have.
    epoch: String,
    /// What a password is checked against where there is no such account, so that both take the same time.
    nobody: SecretString,
    line: Line,
    shared: Arc<Shared>,
    /// Checks and the waits after wrong ones: they end by themselves, whoever hangs up.
    tasks: TaskTracker,
}

#[derive(Debug)]
struct Shared {
    for_guessers: Semaphore,
    for_others: Semaphore,
    /// Passwords that matched, by their tags.
    remembered: Mutex<HashMap<Tag, Instant>>,
}

type Tag = [u8; 32];

/// What is compared with.
#[derive(Clone)]
enum Right {
    /// Set in the configuration: compared by tag.
    Plain(Tag),
    /// Stored as a hash.
    Hash(SecretString),
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").finish_non_exhaustive()
    }
}

impl Gate {
    /// A gate for an admin password in clear. `epoch` is a word that stays the same as long as the password does.
    #[must_use]
    pub fn plain(password: &SecretString, epoch: String) -> Self {
        let key = rand::random();
        Self::with(key, Right::Plain(tag(&key, "", password)), epoch)
    }

    /// A gate for a hash that [`password::hash`] made.
    ///
    /// # Errors
    /// Where the text is no such hash.
    pub fn hashed(phc: String) -> Result<Self, PasswordError> {
        if !password::is_hash(&phc) {
            return Err(PasswordError::StoredHash);
        }
        let epoch = password::epoch_of(&phc);
        Ok(Self::with(rand::random(), Right::Hash(SecretString::from(phc)), epoch))
    }

    fn with(key: [u8; 32], admin: Right, epoch: String) -> Self {
        Self {
            key,
            admin,
            epoch,
            nobody: SecretString::from(password::hash(&password::generate()).unwrap_or_default()),
            line: Line::default(),
            shared: Arc::new(Shared {
                for_guessers: Semaphore::new(1),
                for_others: Semaphore::new(1),
                remembered: Mutex::default(),
            }),
            tasks: TaskTracker::new(),
        }
    }

    /// A word that goes with the admin password: sessions from before it changed carry another.
    #[must_use]
    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    /// Whether this is the admin password. `from` is whom wrong ones are counted against.
    pub(crate) async fn admit(
        &self,
        password: &SecretString,
        from: Source,
        worth: Worth,
    ) -> Result<(), Denied> {
        self.check(self.admin.clone(), password, from, worth).await
    }

    /// Whether this is the password of an account, given by its hash; `None` is no account, and takes as long.
    pub(crate) async fn admit_account(
        &self,
        phc: Option<&SecretString>,
        password: &SecretString,
        from: Source,
        worth: Worth,
    ) -> Result<(), Denied> {
        let worth = if phc.is_some() { worth } else { Worth::Nothing };
        self.check(Right::Hash(phc.unwrap_or(&self.nobody).clone()), password, from, worth).await
    }

    /// A place in the line, for a second factor.
    pub(crate) async fn place(&self, from: Source) -> Result<Place, Denied> {
        self.line.place(from).await.ok_or(Denied::TooMany)
    }

    /// Carries something out that no answer waits for.
    pub(crate) fn in_passing(&self, work: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(work);
    }

    /// Keeps the place of a wrong one for its wait, and returns then.
    pub(crate) async fn penance(&self, place: Place) {
        // It cannot panic; whoever asked may hang up, and it is kept all the same.
        let _ = self.penance_later(place).await;
    }

    /// The same without waiting for it.
    pub(crate) fn penance_later(&self, place: Place) -> tokio::task::JoinHandle<()> {
        let wait = place.failed();
        self.tasks.spawn(async move {
            tokio::time::sleep(wait).await;
            drop(place);
        })
    }

    async fn check(
        &self,
        right: Right,
        password: &SecretString,
        from: Source,
        worth: Worth,
    ) -> Result<(), Denied> {
        let of = match &right {
            Right::Plain(_) => "",
            Right::Hash(phc) => phc.expose_secret(),
        };
        let tag = tag(&self.key, of, password);
        // A right password that is known waits for nobody, unless somebody guesses from there: to be told at once which of
        // a thousand guesses is known would be a way around the line.
        if worth == Worth::Entry && self.line.is_calm(from) && self.shared.knows(&right, &tag) {
            return Ok(());
        }
        let place = self.line.place(from).await.ok_or(Denied::TooMany)?;
        let clean = from_is_clean(&self.line, from);
        let (shared, password) = (Arc::clone(&self.shared), password.clone());
        let (tell, told) = oneshot::channel();
        self.tasks.spawn(async move {
            let matches = shared.matches(right, tag, password, clean, worth).await;
            if matches && worth == Worth::Entry {
                drop(place);
                // Whoever hung up is not told.
                let _ = tell.send(());
                return;
            }
            let wait = place.failed();
            tokio::time::sleep(wait).await;
        });
        // A task that ends without a word says no.
        told.await.map_err(|_| Denied::Wrong)
    }
}

fn from_is_clean(line: &Line, from: Source) -> bool {
    matches!(from, Source::Device(_)) || line.is_clean(from)
}

impl Shared {
    fn knows(&self, right: &Right, tag: &Tag) -> bool {
        match right {
            Right::Plain(right) => right.ct_eq(tag).into(),
            Right::Hash(_) => {
                let remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
                remembered.get(tag).is_some_and(|until| Instant::now() < *until)
            }
        }
    }

    async fn matches(
        &self,
        right: Right,
        tag: Tag,
        password: SecretString,
        clean: bool,
        worth: Worth,
    ) -> bool {
        let phc = match &right {
            Right::Plain(_) => return self.knows(&right, &tag),
            Right::Hash(phc) => phc.clone(),
        };
        // One that is worth nothing takes its time in any case.
        if worth == Worth::Entry && self.knows(&right, &tag) {
            return true;
        }
        let lane = if clean { &self.for_others } else { &self.for_guessers };
        let Ok(_turn) = lane.acquire().await else { return false };
        // Away from the threads that serve requests.
        let checked =
            tokio::task::spawn_blocking(move || password::is_hash_of(phc.expose_secret(), &password));
        let matches = checked.await.unwrap_or(false);
        if matches && worth == Worth::Entry {
            self.remember(tag);
        }
        matches
    }

    fn remember(&self, tag: Tag) {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        remembered.retain(|_, until| *until > now);
        if remembered.len() < REMEMBERED_AT_ONCE {
            remembered.insert(tag, now + REMEMBERED);
        }
    }
}

/// Bound to the account's hash, so that another password's tag means nothing after a change.
fn tag(key: &[u8; 32], phc: &str, password: &SecretString) -> Tag {
    // The inherent constructor for keys of the block size takes no errors with it.
    let mut block = [0; 64];
    block[..32].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    mac.update(phc.as_bytes());
    mac.update(b"\0");
    mac.update(password.expose_secret().as_bytes());
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests;
