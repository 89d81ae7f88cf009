//! What a session holds, and whether it still counts.

use ::store::Actor;
use domain::{MembershipStatus, UserId};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;
use web::{Kind, Problem};

use crate::{App, auth::Operator, refusal};

const KEY: &str = "operator";
const PENDING: &str = "pending";
/// A session ends after this time in any case.
const LONGEST_SECONDS: i64 = 7 * 24 * 3600;
/// How often the time of the last request is written down.
const NOTED_SECONDS: i64 = 60;
/// How long a right password waits for its second factor.
const PENDING_SECONDS: i64 = 300;
/// Codes that may be tried for one right password.
const TRIES: u8 = 5;

/// Who is signed in.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    /// The person; empty for the admin password.
    user: Option<UserId>,
    /// The password's epoch or the account's version; another one ends the session.
    version: String,
    /// When it began and when it was last used, in seconds since 1970.
    since: i64,
    seen: i64,
}

/// Whose password was right while the second factor is still to come.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Pending {
    /// The person.
    pub(crate) user: UserId,
    version: i64,
    since: i64,
    tries: u8,
    /// Where to go then.
    pub(crate) next: String,
}

/// Whose password was right.
#[derive(Debug, Clone)]
pub(crate) struct Proved {
    /// Who.
    pub(crate) actor: Actor,
    /// The name for pages.
    pub(crate) name: String,
    /// What the session is bound to.
    pub(crate) version: String,
}

/// The admin password's bearer.
pub(crate) fn admin(app: &App) -> Proved {
    Proved { actor: Actor::Admin, name: "admin".to_owned(), version: app.gate.epoch().to_owned() }
}

#[expect(clippy::needless_pass_by_value, reason = "it is given to map_err")]
fn unavailable(error: tower_sessions::session::Error) -> Problem {
    tracing::warn!(%error, "a session could not be read or written");
    Problem::new(Kind::Unavailable, "Sessions cannot be read at the moment; try again.")
}

/// Begins a session under a new id, so that one that was planted before is worth nothing.
pub(crate) async fn begin(app: &App, session: &Session, proved: &Proved) -> Result<(), Problem> {
    let now = app.now().as_second();
    let kept = Kept { user: proved.actor.user(), version: proved.version.clone(), since: now, seen: now };
    session.cycle_id().await.map_err(unavailable)?;
    session.clear().await;
    session.insert(KEY, kept).await.map_err(unavailable)
}

/// Ends a session.
pub(crate) async fn end(session: &Session) -> Result<(), Problem> {
    session.flush().await.map_err(unavailable)
}

/// Who is signed in; `None` where nobody is, or is any more.
pub(crate) async fn operator(app: &App, session: &Session) -> Result<Option<Operator>, Problem> {
    let kept: Option<Kept> = session.get(KEY).await.map_err(unavailable)?;
    let Some(kept) = kept else { return Ok(None) };
    let now = app.now().as_second();
    let idle = i64::try_from(app.sign_in.idle.as_secs()).unwrap_or(i64::MAX);
    let proved = if now - kept.since > LONGEST_SECONDS || now - kept.seen > idle {
        None
    } else {
        match kept.user {
            None => Some(admin(app)),
            Some(user) => account(app, user).await?,
        }
    };
    let Some(proved) = proved.filter(|proved| proved.version == kept.version) else {
        end(session).await?;
        return Ok(None);
    };
    if now - kept.seen >= NOTED_SECONDS {
        session.insert(KEY, Kept { seen: now, ..kept }).await.map_err(unavailable)?;
    }
    Ok(Some(Operator { actor: proved.actor, name: proved.name, by_session: true }))
}

/// An operator's account, where it is in force.
async fn account(app: &App, user: UserId) -> Result<Option<Proved>, Problem> {
    let found = app.store.operator().operator_by_id(user).await.map_err(|error| refusal::by_store(&error))?;
    Ok(found.filter(|account| account.member.membership.status == MembershipStatus::Active).map(|account| {
        Proved {
            actor: Actor::User(user),
            name: account.member.user.name,
            version: account.password_version.to_string(),
        }
    }))
}

/// Remembers that the password was right and the second factor is to come.
pub(crate) async fn wait_for_code(
    app: &App,
    session: &Session,
    user: UserId,
    version: i64,
    next: String,
) -> Result<(), Problem> {
    session.cycle_id().await.map_err(unavailable)?;
    session.clear().await;
    let pending = Pending { user, version, since: app.now().as_second(), tries: 0, next };
    session.insert(PENDING, pending).await.map_err(unavailable)
}

/// Whose second factor is awaited.
pub(crate) async fn pending(app: &App, session: &Session) -> Result<Option<Pending>, Problem> {
    let pending: Option<Pending> = session.get(PENDING).await.map_err(unavailable)?;
    let now = app.now().as_second();
    Ok(pending.filter(|pending| pending.tries < TRIES && now - pending.since <= PENDING_SECONDS))
}

/// Counts a try before it is made, so that trying many at once helps nobody.
pub(crate) async fn count_try(session: &Session, pending: &Pending) -> Result<(), Problem> {
    let counted = Pending { tries: pending.tries + 1, ..pending.clone() };
    session.insert(PENDING, counted).await.map_err(unavailable)?;
    session.save().await.map_err(unavailable)
}

impl Pending {
    /// Whether the account is still the one whose password was right.
    pub(crate) fn fits(&self, version: i64) -> bool {
        self.version == version
    }
}

/// Something that a page keeps for the next one, like a secret that is not confirmed yet.
pub(crate) async fn keep(session: &Session, key: &str, value: &str) -> Result<(), Problem> {
    session.insert(key, value).await.map_err(unavailable)
}

/// What [`keep`] has kept.
pub(crate) async fn kept(session: &Session, key: &str) -> Result<Option<String>, Problem> {
    session.get(key).await.map_err(unavailable)
}

/// Binds the session to the account as it is now: whoever changes their own password stays signed in.
pub(crate) async fn renew(app: &App, session: &Session, user: UserId) -> Result<(), Problem> {
    match account(app, user).await? {
        Some(proved) => begin(app, session, &proved).await,
        None => end(session).await,
    }
}
