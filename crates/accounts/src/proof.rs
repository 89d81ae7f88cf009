//! Whether what was proved once still holds, for what goes on longer than a request: streams and exports.
//!
//! Whatever is taken back in this process is told at once, and everything that goes on looks again. It also looks by
//! itself every few seconds, since another process may have changed the database, and at the second at which a session
//! ends by itself. A database that does not answer is no yes: after half a minute without an answer it ends.

use std::time::Duration;

use domain::Timestamp;
use futures_util::{Stream, StreamExt};
use store::{Actor, StoreError};
use tokio::time::Instant;

use crate::{Accounts, PeopleError, browser_session::Kept};

/// A session ends after this time in any case.
const LONGEST_SECONDS: i64 = 7 * 24 * 3600;
/// How often the clock is looked at.
const TICK: Duration = Duration::from_millis(500);
/// How often the database is asked, without news.
const ASK: Duration = Duration::from_secs(5);
/// How long it may not answer.
const UNANSWERED: Duration = Duration::from_secs(30);

/// By what somebody has proved who they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Means {
    /// By being let into the socket in the data directory.
    Socket,
    /// By a password that came with the request.
    Password,
    /// By a session, named by a hash of its id.
    Session(String),
    /// By what the portal says: a person of this tenant, by a session of the portal's where it names one.
    Portal {
        /// A hash of the session's token.
        session: Option<String>,
        /// The tenant of which the person must still be one.
        tenant: domain::TenantId,
    },
}

/// What somebody has proved.
#[derive(Debug, Clone)]
pub struct Proof {
    /// Who.
    pub actor: Actor,
    /// The account's version.
    pub version: String,
    /// By what.
    pub means: Means,
}

/// Ends what was answered, so that nobody takes a part for the whole.
#[derive(Debug, thiserror::Error)]
#[error("whoever reads may read no more")]
pub struct Revoked;

/// Whether a proof holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hold {
    Ended,
    /// Until then, where nothing happens.
    Until(Option<Timestamp>),
}

impl Accounts {
    /// Tells everything that goes on to look again.
    pub(crate) fn take_back(&self) {
        self.0.revoked.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Tells everything that goes on to look again: something else has taken back what somebody may see.
    pub fn look_again(&self) {
        self.take_back();
    }

    /// Removes an operator, and ends all that goes on for the account.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] where the person is no operator.
    pub async fn remove(&self, by: Actor, whose: domain::UserId) -> Result<(), StoreError> {
        self.0.store.operator().by(by).remove_operator(whose).await?;
        self.take_back();
        Ok(())
    }

    /// When a session ends by itself, in seconds since 1970.
    pub(crate) fn ends_at(&self, kept: &Kept) -> i64 {
        let idle = i64::try_from(self.options().idle.as_secs()).unwrap_or(i64::MAX);
        kept.seen.saturating_add(idle).min(kept.since.saturating_add(LONGEST_SECONDS))
    }

    async fn hold(&self, proof: &Proof) -> Result<Hold, PeopleError> {
        let until = match &proof.means {
            Means::Socket => return Ok(Hold::Until(None)),
            Means::Password => None,
            Means::Portal { session, tenant } => {
                let held = self.people().holds(proof.actor, session.as_deref(), *tenant).await?;
                return Ok(held.map_or(Hold::Ended, |until| Hold::Until(Some(until))));
            }
            Means::Session(id) => {
                let kept = self.0.store.operator().session(id).await?;
                let kept = kept.and_then(|session| Kept::read(&session.data));
                let Some(kept) = kept.filter(|kept| kept.version == proof.version) else {
                    return Ok(Hold::Ended);
                };
                let ends = self.ends_at(&kept);
                if self.now().as_second() > ends {
                    return Ok(Hold::Ended);
                }
                Timestamp::from_second(ends).ok()
            }
        };
        let account = self.account(proof.actor).await?;
        Ok(match account.filter(|account| account.version == proof.version) {
            Some(_) => Hold::Until(until),
            None => Hold::Ended,
        })
    }

    /// Returns when a proof holds no more.
    pub fn ended(&self, proof: Proof) -> impl Future<Output = ()> + Send + 'static {
        let accounts = self.clone();
        // Listened for from now on, not from the first poll.
        let mut revoked = self.0.revoked.subscribe();
        async move {
            let mut ticks = tokio::time::interval(TICK);
            let (mut until, mut answered, mut asked) = (None, Instant::now(), None);
            loop {
                let due = |asked: Option<Instant>| asked.is_none_or(|at: Instant| at.elapsed() >= ASK);
                tokio::select! {
                    // The sender lives as long as the accounts that are held here.
                    _ = revoked.changed() => {}
                    _ = ticks.tick() => {
                        let over = until.is_some_and(|until| accounts.now() > until);
                        if !over && !due(asked) {
                            continue;
                        }
                    }
                }
                asked = Some(Instant::now());
                match accounts.hold(&proof).await {
                    Ok(Hold::Ended) => return,
                    Ok(Hold::Until(next)) => {
                        until = next;
                        answered = Instant::now();
                    }
                    Err(_) if answered.elapsed() < UNANSWERED => {}
                    Err(error) => {
                        tracing::warn!(%error, "nobody can say whether a stream's reader may still read: it ends");
                        return;
                    }
                }
            }
        }
    }

    /// Passes on what is answered as long as a proof holds, and breaks it off then.
    pub fn while_it_holds<T, E>(
        &self,
        proof: Proof,
        answer: impl Stream<Item = Result<T, E>> + Send + 'static,
    ) -> impl Stream<Item = Result<T, Box<dyn std::error::Error + Send + Sync>>> + Send + 'static
    where
        T: Send + 'static,
        E: std::error::Error + Send + Sync + 'static,
    {
        let ended = futures_util::stream::once(self.ended(proof)).map(|()| Step::Ended);
        let answer = answer.map(Step::Next).chain(futures_util::stream::iter([Step::Done]));
        // Which ends at the first of both ends.
        let steps = futures_util::stream::select(ended, answer);
        let until = steps.scan(false, |over, step| {
            let out = match step {
                _ if *over => None,
                Step::Next(Ok(next)) => Some(Some(Ok(next))),
                Step::Next(Err(error)) => Some(Some(Err(error.into()))),
                Step::Ended => {
                    *over = true;
                    Some(Some(Err(Revoked.into())))
                }
                Step::Done => None,
            };
            std::future::ready(out)
        });
        until.filter_map(std::future::ready)
    }
}

/// What comes next of an answer.
enum Step<T, E> {
    Next(Result<T, E>),
    Done,
    Ended,
}
