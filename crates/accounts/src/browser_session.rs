//! What a session holds.

use domain::UserId;
use serde::{Deserialize, Serialize};
use store::Actor;
use tower_sessions::Session;

use crate::{Accounts, Proved, SignInError, browser_sessions::hashed, proof::Means};

const KEY: &str = "operator";
const PENDING: &str = "pending";
/// How often the time of the last request is written down.
const NOTED_SECONDS: i64 = 60;
/// How long a right password waits for its second factor.
const PENDING_SECONDS: i64 = 300;
/// How long somebody who has just proved who they are may do what asks for it.
const CONFIRMED_SECONDS: i64 = 300;

/// Who is signed in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// The person; empty for the admin password.
    pub(crate) user: Option<UserId>,
    /// The account's version; another one ends the session.
    pub(crate) version: String,
    /// When it began and when it was last used, in seconds since 1970.
    pub(crate) since: i64,
    pub(crate) seen: i64,
    /// When password and second factor were last proved; sessions of earlier versions say nothing of it.
    #[serde(default)]
    pub(crate) proved: i64,
}

impl Kept {
    pub(crate) fn actor(&self) -> Actor {
        self.user.map_or(Actor::Admin, Actor::User)
    }

    /// The one in a stored session's document.
    pub(crate) fn read(data: &str) -> Option<Self> {
        let mut data: serde_json::Map<String, serde_json::Value> = serde_json::from_str(data).ok()?;
        serde_json::from_value(data.remove(KEY)?).ok()
    }
}

/// Whose password was right while the second factor is still to come.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pending {
    user: Option<UserId>,
    version: String,
    since: i64,
    /// Where to go then.
    pub next: String,
}

impl Accounts {
    /// Begins a session under a new id, so that one that was planted before is worth nothing.
    pub async fn begin(&self, session: &Session, proved: &Proved) -> Result<(), SignInError> {
        let now = self.now().as_second();
        let user = proved.actor.user();
        let kept = Kept { user, version: proved.version.clone(), since: now, seen: now, proved: now };
        session.cycle_id().await?;
        session.clear().await;
        session.insert(KEY, kept).await?;
        self.take_back();
        Ok(())
    }

    /// Ends a session, and what goes on for it.
    pub async fn end(&self, session: &Session) -> Result<(), SignInError> {
        // Anybody may send a cookie that we have not made: nothing is written for it, and nobody has to look again.
        if session.get_value(KEY).await?.is_none() && session.get_value(PENDING).await?.is_none() {
            return Ok(());
        }
        session.flush().await?;
        self.take_back();
        Ok(())
    }

    /// Who is signed in, and the session's name for [`Means::Session`]; `None` where nobody is, or is any more.
    pub async fn signed_in(&self, session: &Session) -> Result<Option<(Proved, Means)>, SignInError> {
        let kept: Option<Kept> = session.get(KEY).await?;
        let (Some(kept), Some(id)) = (kept, session.id()) else { return Ok(None) };
        let now = self.now().as_second();
        let proved = if now > self.ends_at(&kept) { None } else { self.account(kept.actor()).await? };
        let Some(proved) = proved.filter(|proved| proved.version == kept.version) else {
            self.end(session).await?;
            return Ok(None);
        };
        if now - kept.seen >= NOTED_SECONDS {
            session.insert(KEY, Kept { seen: now, ..kept }).await?;
        }
        Ok(Some((proved, Means::Session(hashed(&id)))))
    }

    /// Remembers that the password was right and the second factor is to come.
    pub async fn wait_for_code(
        &self,
        session: &Session,
        proved: &Proved,
        next: String,
    ) -> Result<(), SignInError> {
        session.cycle_id().await?;
        session.clear().await;
        let pending = Pending {
            user: proved.actor.user(),
            version: proved.version.clone(),
            since: self.now().as_second(),
            next,
        };
        Ok(session.insert(PENDING, pending).await?)
    }

    /// Whose second factor is awaited, where the account is still the one whose password was right.
    pub async fn pending(&self, session: &Session) -> Result<Option<(Pending, Proved)>, SignInError> {
        // One that an earlier version has kept cannot be read, and the password is asked for again.
        let pending: Option<Pending> = session.get(PENDING).await.ok().flatten();
        let in_time = |pending: &Pending| self.now().as_second() - pending.since <= PENDING_SECONDS;
        let Some(pending) = pending.filter(in_time) else { return Ok(None) };
        let actor = pending.user.map_or(Actor::Admin, Actor::User);
        let proved = self.account(actor).await?.filter(|proved| proved.version == pending.version);
        Ok(proved.map(|proved| (pending, proved)))
    }

    /// Whether whoever is signed in has proved it within the last five minutes.
    pub async fn has_confirmed(&self, session: &Session) -> Result<bool, SignInError> {
        let kept: Option<Kept> = session.get(KEY).await?;
        let age = kept.map(|kept| self.now().as_second() - kept.proved);
        Ok(age.is_some_and(|age| (0..=CONFIRMED_SECONDS).contains(&age)))
    }

    /// Notes that whoever is signed in has just proved it once more.
    pub async fn confirm(&self, session: &Session) -> Result<(), SignInError> {
        if let Some(kept) = session.get::<Kept>(KEY).await? {
            session.insert(KEY, Kept { proved: self.now().as_second(), ..kept }).await?;
        }
        Ok(())
    }

    /// Something that a page keeps for the next one, like a secret that is not confirmed yet.
    pub async fn keep(&self, session: &Session, key: &str, value: &str) -> Result<(), SignInError> {
        Ok(session.insert(key, value).await?)
    }

    /// What [`Self::keep`] has kept.
    pub async fn kept(&self, session: &Session, key: &str) -> Result<Option<String>, SignInError> {
        Ok(session.get(key).await?)
    }

    /// Binds a session to the account as it is now: whoever changes their own password stays signed in. Answers the
    /// account, for the cookie by which the browser is known.
    pub async fn renew(&self, session: &Session, actor: Actor) -> Result<Option<Proved>, SignInError> {
        let account = self.account(actor).await?;
        match &account {
            Some(proved) => self.begin(session, proved).await?,
            None => self.end(session).await?,
        }
        Ok(account)
    }
}
