//! Failed sign-ins, as they are told: by one honest line for a series of them, and by an alert where it is no slip.
//!
//! The first failure is written down at once, and then no other until the series has been quiet for a minute, or has gone
//! on for a quarter of an hour; that line says how many there were by then. So a flood fills no disk and hides nothing.
//! What is remembered is one series for each account and way, and one for names that nobody has.

use std::{
    collections::{BTreeSet, HashMap},
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use domain::Timestamp;
use serde_json::json;
use store::{Actor, NewEvent};
use tokio_util::sync::CancellationToken;

use crate::Accounts;

/// A series that has been quiet for so long is told.
const QUIET_SECONDS: i64 = 60;
/// One that goes on is told so often.
const TOLD_EVERY_SECONDS: i64 = 15 * 60;
/// After so long without a failure a series is over, and with it the alert.
const OVER_SECONDS: i64 = 30 * 60;
/// So many failures of a series are no slip.
const ALARMING: u64 = 10;
/// Addresses that a line names.
const NAMED: usize = 8;
/// How often it is looked whether something is to be told.
const LOOK: Duration = Duration::from_secs(10);

/// What was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum What {
    /// A password.
    Password,
    /// A password where a second factor has to follow and cannot, as by HTTP Basic; right or not.
    PasswordWithoutCode,
    /// A password, to confirm something that was about to be done.
    PasswordAgain,
    /// A second factor.
    SecondFactor,
    /// A password of an owner or staff.
    PortalPassword,
}

impl What {
    const fn word(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::PasswordWithoutCode => "password without the second factor",
            Self::PasswordAgain => "password, once more",
            Self::SecondFactor => "second factor",
            Self::PortalPassword => "password to the portal",
        }
    }
}

/// Somebody guesses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guessed {
    /// At whose account; `None` for names that nobody has.
    pub account: Option<Actor>,
    /// What is guessed, in a few words.
    pub what: &'static str,
    /// How many tries there were by now.
    pub tries: u64,
    /// Since when.
    pub since: Timestamp,
}

/// All series that are not over.
#[derive(Debug, Default)]
pub(crate) struct Guesses(Mutex<HashMap<(Option<Actor>, What), Series>>);

#[derive(Debug, Clone)]
struct Series {
    since: Timestamp,
    last: Timestamp,
    tries: u64,
    told: u64,
    told_at: Timestamp,
    from: BTreeSet<IpAddr>,
    from_more: bool,
}

/// A line for the audit log.
type Line = (Option<Actor>, What, Series);

impl Guesses {
    /// Counts a failure; the line of the first one.
    fn count(
        &self,
        account: Option<Actor>,
        what: What,
        from: Option<IpAddr>,
        now: Timestamp,
    ) -> Option<Line> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let series = all.entry((account, what)).or_insert_with(|| Series {
            since: now,
            last: now,
            tries: 0,
            told: 0,
            told_at: now,
            from: BTreeSet::new(),
            from_more: false,
        });
        series.tries += 1;
        series.last = now;
        if let Some(from) = from
            && !series.from.contains(&from)
        {
            if series.from.len() < NAMED {
                series.from.insert(from);
            } else {
                series.from_more = true;
            }
        }
        (series.tries == 1).then(|| {
            series.told = 1;
            (account, what, series.clone())
        })
    }

    /// Lines that are due; at the end, all that have not been told.
    fn due(&self, now: Timestamp, at_the_end: bool) -> Vec<Line> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut lines = Vec::new();
        for ((account, what), series) in all.iter_mut().filter(|(_, series)| series.tries > series.told) {
            let quiet = seconds(series.last, now) >= QUIET_SECONDS;
            let long = seconds(series.told_at, now) >= TOLD_EVERY_SECONDS;
            if quiet || long || at_the_end {
                series.told = series.tries;
                series.told_at = now;
                lines.push((*account, *what, series.clone()));
            }
        }
        all.retain(|_, series| series.tries > series.told || seconds(series.last, now) < OVER_SECONDS);
        lines
    }
}

fn seconds(from: Timestamp, to: Timestamp) -> i64 {
    to.duration_since(from).as_secs()
}

impl Accounts {
    pub(crate) async fn failed(&self, account: Option<Actor>, what: What, from: Option<IpAddr>) {
        let now = self.now();
        let first = self.0.guesses.count(account, what, from, now);
        for line in first.into_iter().chain(self.0.guesses.due(now, false)) {
            self.write_down(line).await;
        }
    }

    /// The same, written in a task of its own: no answer tells by its time whether there was something to write.
    pub(crate) fn failed_in_passing(&self, account: Option<Actor>, what: What, from: Option<IpAddr>) {
        let now = self.now();
        let first = self.0.guesses.count(account, what, from, now);
        let lines: Vec<_> = first.into_iter().chain(self.0.guesses.due(now, false)).collect();
        if lines.is_empty() {
            return;
        }
        let accounts = self.clone();
        self.0.gate.in_passing(async move {
            for line in lines {
                accounts.write_down(line).await;
            }
        });
    }

    /// Writes down what is to be told, until `stop`, and what is left then.
    pub async fn tell_of_guesses(self, stop: CancellationToken) {
        let mut looks = tokio::time::interval(LOOK);
        loop {
            let ends = tokio::select! {
                () = stop.cancelled() => true,
                _ = looks.tick() => false,
            };
            self.tell_due(ends).await;
            if ends {
                return;
            }
        }
    }

    /// Writes down what is to be told by now; at the end, all that was not.
    pub async fn tell_due(&self, at_the_end: bool) {
        for line in self.0.guesses.due(self.now(), at_the_end) {
            self.write_down(line).await;
        }
    }

    /// Who guesses now, and is no slip.
    #[must_use]
    pub fn guessed(&self) -> Vec<Guessed> {
        let now = self.now();
        let all = self.0.guesses.0.lock().unwrap_or_else(PoisonError::into_inner);
        let live = all
            .iter()
            .filter(|(_, series)| series.tries >= ALARMING && seconds(series.last, now) < OVER_SECONDS);
        let mut guessed: Vec<_> = live
            .map(|((account, what), series)| Guessed {
                account: *account,
                what: what.word(),
                tries: series.tries,
                since: series.since,
            })
            .collect();
        guessed.sort_by_key(|guessed| (guessed.account.map(|account| account.to_string()), guessed.what));
        guessed
    }

    async fn write_down(&self, (account, what, series): Line) {
        let from: Vec<_> = series.from.iter().map(ToString::to_string).collect();
        tracing::warn!(what = what.word(), tries = series.tries, ?from, "a sign-in failed");
        let payload = json!({
            "what": what.word(),
            "account": account.map(|account| account.to_string()),
            "tries": series.tries,
            "since": series.since,
            "from": from,
            "from_more": series.from_more,
        });
        let event = NewEvent {
            tenant_id: None,
            user_id: None,
            actor: Actor::System.to_string(),
            event_type: "SIGN_IN_FAILED",
            payload,
        };
        if let Err(error) = self.0.store.operator().record_event(&event).await {
            tracing::error!(%error, "a failed sign-in could not be written to the audit log");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_told_by_its_first_and_by_how_many_there_were() {
        let guesses = Guesses::default();
        let at = |second| Timestamp::from_second(1_000_000 + second).unwrap();
        let from = |n: u8| Some(IpAddr::from([192, 0, 2, n]));
        let mut lines = Vec::new();
        for n in 0..3000 {
            lines.extend(guesses.count(Some(Actor::Admin), What::Password, from((n % 200) as u8), at(n)));
            lines.extend(guesses.due(at(n), false));
        }
        lines.extend(guesses.due(at(3000), false));
        lines.extend(guesses.due(at(3059), false));
        let told: Vec<_> = lines.iter().map(|(_, _, series)| series.tries).collect();
        assert_eq!(told, [1, 901, 1801, 2701, 3000], "once, each quarter of an hour, and when it is quiet");
        let (_, _, last) = lines.last().unwrap();
        assert!(last.from.len() == NAMED && last.from_more);
        assert!(guesses.due(at(3060), false).is_empty());
        guesses.due(at(2999 + OVER_SECONDS), false);
        assert!(guesses.0.lock().unwrap().is_empty(), "it is over");
    }

    #[test]
    fn what_was_not_told_is_told_at_the_end() {
        let guesses = Guesses::default();
        let now = Timestamp::from_second(1_000_000).unwrap();
        for _ in 0..4 {
            guesses.count(None, What::SecondFactor, None, now);
        }
        assert!(guesses.due(now, false).is_empty());
        assert_eq!(guesses.due(now, true).len(), 1);
    }
}
