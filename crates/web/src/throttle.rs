//! Slows those who guess passwords, and nobody else.
//!
//! A wrong password costs its sender a wait that doubles; a right one never waits. So nobody can lock the operator out
//! by guessing, and one address can neither guess fast nor hold the queue of checks for itself.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use crate::forwarded::network;

/// Attempts of one address that may be under way at once.
const PER_ADDRESS: u32 = 4;
/// Attempts of everybody that may be under way at once.
const IN_ALL: u32 = 64;
/// The wait after the first wrong password; it doubles from there.
const FIRST_DELAY: Duration = Duration::from_millis(250);
/// The longest wait.
const LONGEST_DELAY: Duration = Duration::from_secs(8);
/// After this time without a wrong password an address starts anew.
const FORGET_AFTER: Duration = Duration::from_secs(15 * 60);
/// Addresses remembered at once; those without attempts under way go first.
const REMEMBERED: usize = 4096;

/// Whom an attempt is counted against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// A peer without an address.
    Unknown,
    /// Everybody behind this address.
    Address(IpAddr),
    /// A browser from which somebody has signed in before: whoever guesses from its address, or fills the queue of
    /// checks, does not stand in its way.
    Device([u8; 16]),
}

impl From<Option<IpAddr>> for Source {
    fn from(from: Option<IpAddr>) -> Self {
        from.map_or(Self::Unknown, Self::Address)
    }
}

/// Who has guessed how often.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    under_way: u32,
    sources: HashMap<Source, Attempts>,
}

#[derive(Debug, Default)]
struct Attempts {
    under_way: u32,
    failures: u32,
    last_failure: Option<Instant>,
}

/// An attempt under way; dropping it ends it.
#[derive(Debug)]
pub(crate) struct Attempt<'a> {
    throttle: &'a Throttle,
    from: Source,
}

impl Throttle {
    /// Begins an attempt, or `None` where too many are under way.
    pub(crate) fn begin(&self, from: impl Into<Source>) -> Option<Attempt<'_>> {
        let from = match from.into() {
            Source::Address(address) => Source::Address(network(address)),
            other => other,
        };
        let mut state = self.lock();
        if state.under_way >= IN_ALL && !matches!(from, Source::Device(_)) {
            return None;
        }
        if state.sources.len() >= REMEMBERED && !state.sources.contains_key(&from) {
            let now = Instant::now();
            state.sources.retain(|_, source| source.under_way > 0 || !source.forgotten(now));
            if state.sources.len() >= REMEMBERED {
                state.sources.retain(|_, source| source.under_way > 0);
            }
        }
        let source = state.sources.entry(from).or_default();
        if source.under_way >= PER_ADDRESS {
            return None;
        }
        source.under_way += 1;
        state.under_way += 1;
        Some(Attempt { throttle: self, from })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attempts {
    fn forgotten(&self, now: Instant) -> bool {
        self.last_failure.is_none_or(|at| now.duration_since(at) >= FORGET_AFTER)
    }
}

impl Attempt<'_> {
    /// Notes a wrong password and says how long its sender waits for the answer.
    pub(crate) fn failed(&self) -> Duration {
        let now = Instant::now();
        let mut state = self.throttle.lock();
        let source = state.sources.entry(self.from).or_default();
        if source.forgotten(now) {
            source.failures = 0;
        }
        source.failures = source.failures.saturating_add(1);
        source.last_failure = Some(now);
        FIRST_DELAY.saturating_mul(1 << (source.failures - 1).min(10)).min(LONGEST_DELAY)
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        let mut state = self.throttle.lock();
        state.under_way -= 1;
        if let Some(source) = state.sources.get_mut(&self.from) {
            source.under_way -= 1;
            if source.under_way == 0 && source.failures == 0 {
                state.sources.remove(&self.from);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn waits_double_to_a_ceiling_and_are_forgotten() {
        let throttle = Throttle::default();
        let address = Some("192.0.2.1".parse().unwrap());
        let waits: Vec<_> = (0..7).map(|_| throttle.begin(address).unwrap().failed().as_millis()).collect();
        assert_eq!(waits, [250, 500, 1000, 2000, 4000, 8000, 8000]);
        let other = Some("192.0.2.2".parse().unwrap());
        assert_eq!(throttle.begin(other).unwrap().failed(), FIRST_DELAY, "another address is not slowed");
        tokio::time::advance(FORGET_AFTER).await;
        assert_eq!(throttle.begin(address).unwrap().failed(), FIRST_DELAY);
    }

    #[test]
    fn one_address_cannot_fill_the_queue() {
        let throttle = Throttle::default();
        let address = Some("2001:db8::1".parse().unwrap());
        let attempts: Vec<_> = (0..PER_ADDRESS).map(|_| throttle.begin(address).unwrap()).collect();
        assert!(throttle.begin(Some("2001:db8::2".parse().unwrap())).is_none(), "the same /64");
        assert!(throttle.begin(Some("192.0.2.1".parse().unwrap())).is_some());
        drop(attempts);
        assert!(throttle.begin(address).is_some());
    }

    #[test]
    fn a_browser_that_was_let_in_before_has_a_place_of_its_own() {
        let throttle = Throttle::default();
        let all: Vec<_> = (0..IN_ALL).filter_map(|n| throttle.begin(Some(IpAddr::V4(n.into())))).collect();
        assert!(throttle.begin(Some("192.0.2.1".parse().unwrap())).is_none(), "{} at once", all.len());
        assert!(throttle.begin(Source::Device([7; 16])).is_some());
    }

    #[test]
    fn memory_is_bounded() {
        let throttle = Throttle::default();
        for n in 0..(2 * REMEMBERED as u32) {
            let _ = throttle.begin(Some(IpAddr::V4(n.into()))).unwrap().failed();
        }
        assert!(throttle.lock().sources.len() <= REMEMBERED);
    }
}
