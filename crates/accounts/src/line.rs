//! The line in which passwords and codes wait to be looked at. It slows those who guess, and keeps nobody out.
//!
//! A look takes a *place*. A right answer gives it back at once; a wrong one keeps it for a wait that doubles from a quarter
//! of a second to eight. Each source (an address, or a browser that an account is known by) has four places, and there are
//! 64 in all, so that one address looks at one guess in two seconds for ever, and everybody together at eight a second.
//! Those bounds are what a guesser meets; whoever has the right password meets them too where the guesser sits at the
//! same address, so places are given in a fair order:
//!
//! - Whoever finds no place waits for one, instead of being sent away to lose the next race: within a source in the order of
//!   coming. Behind six guessing threads of one's own address that is one turn of the longest wait.
//! - Between sources the one with the fewest places taken comes first. Where 18 addresses hold all 64, the next place that is
//!   given back goes to the nineteenth.
//! - Known browsers come before all others and take none of the 64.
//! - The line itself is bounded. Where it is full, the source with the most in it makes room.
//!
//! A place is kept by the line, not by the request: a guesser who hangs up after a wrong guess gains nothing.

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::oneshot,
    time::{Instant, timeout},
};
use web::forwarded::network;

/// Places of one source.
const PER_SOURCE: usize = 4;
/// Places of everybody, known browsers aside.
const IN_ALL: usize = 64;
/// How many of one source may wait.
const WAITING_PER_SOURCE: usize = 16;
/// How many may wait in all.
const WAITING_IN_ALL: usize = 256;
/// How long anybody waits for a place.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// The wait after the first wrong password; it doubles from there.
const FIRST_DELAY: Duration = Duration::from_millis(250);
/// The longest wait.
const LONGEST_DELAY: Duration = Duration::from_secs(8);
/// After this time without a wrong password a source starts anew.
const FORGET_AFTER: Duration = Duration::from_secs(15 * 60);
/// Wrong passwords after which nothing of a source is known any more without a place.
const MISSES: u32 = 16;
/// Sources remembered at once; those without places go first.
const REMEMBERED: usize = 4096;

/// Whom an attempt is counted against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// A peer without an address.
    Unknown,
    /// Everybody behind this address.
    Address(IpAddr),
    /// A browser from which this very account was signed in to before.
    Device([u8; 16]),
}

impl From<Option<IpAddr>> for Source {
    fn from(from: Option<IpAddr>) -> Self {
        from.map_or(Self::Unknown, |address| Self::Address(network(address)))
    }
}

impl Source {
    const fn is_known(self) -> bool {
        matches!(self, Self::Device(_))
    }
}

/// Who has a place, who waits for one, and who has guessed how often. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    /// Places taken, those of known browsers aside.
    taken: usize,
    sources: HashMap<Source, Attempts>,
    /// In the order of coming.
    waiting: VecDeque<Waiting>,
    /// Wrong ones that were looked at.
    #[cfg(test)]
    looked_at: u64,
}

#[derive(Debug)]
struct Waiting {
    from: Source,
    place: oneshot::Sender<Place>,
}

#[derive(Debug, Default)]
struct Attempts {
    taken: usize,
    failures: u32,
    last_failure: Option<Instant>,
}

/// A place; dropping it gives it back.
#[derive(Debug)]
pub(crate) struct Place {
    line: Line,
    from: Source,
}

impl Line {
    /// A place, now or when it is this one's turn; `None` where too many wait.
    pub(crate) async fn place(&self, from: Source) -> Option<Place> {
        let told = {
            let mut state = self.lock();
            state.waiting.retain(|waiting| !waiting.place.is_closed());
            let of_source = state.waits(from);
            if of_source == 0 && state.has_room(from) {
                state.take(from);
                drop(state);
                return Some(Place { line: self.clone(), from });
            }
            if of_source >= WAITING_PER_SOURCE || !state.makes_room_in_line(from, of_source) {
                state.note_failure(from);
                return None;
            }
            let (place, told) = oneshot::channel();
            state.waiting.push_back(Waiting { from, place });
            told
        };
        timeout(LONGEST_WAIT, told).await.ok()?.ok()
    }

    /// Whether a source has guessed so little that what it sends may be known without a place.
    pub(crate) fn is_calm(&self, from: Source) -> bool {
        let now = Instant::now();
        let state = self.lock();
        state.sources.get(&from).is_none_or(|source| source.forgotten(now) || source.failures < MISSES)
    }

    /// Whether a source has never been wrong, lately.
    pub(crate) fn is_clean(&self, from: Source) -> bool {
        let now = Instant::now();
        let state = self.lock();
        state.sources.get(&from).is_none_or(|source| source.forgotten(now) || source.failures == 0)
    }

    #[cfg(test)]
    pub(crate) fn failures(&self, from: Source) -> u32 {
        self.lock().sources.get(&from).map_or(0, |source| source.failures)
    }

    #[cfg(test)]
    pub(crate) fn looked_at(&self) -> u64 {
        self.lock().looked_at
    }

    /// Gives places to those whose turn it is.
    fn go_on(&self) {
        loop {
            let next = {
                let mut state = self.lock();
                let Some(at) = state.next() else { return };
                let next = state.waiting.remove(at);
                if let Some(next) = &next {
                    state.take(next.from);
                }
                next
            };
            let Some(Waiting { from, place }) = next else { return };
            // Whoever went away meanwhile gives it back, and the next one has it.
            drop(place.send(Place { line: self.clone(), from }));
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn has_room(&self, from: Source) -> bool {
        let of_source = self.sources.get(&from).map_or(0, |source| source.taken);
        of_source < PER_SOURCE && (from.is_known() || self.taken < IN_ALL)
    }

    fn take(&mut self, from: Source) {
        self.forget_some(from);
        self.sources.entry(from).or_default().taken += 1;
        self.taken += usize::from(!from.is_known());
    }

    fn waits(&self, from: Source) -> usize {
        self.waiting.iter().filter(|waiting| waiting.from == from).count()
    }

    /// Whose turn it is: known browsers first, then who has the fewest places, then who came first.
    fn next(&self) -> Option<usize> {
        let can = self.waiting.iter().enumerate().filter(|(_, waiting)| self.has_room(waiting.from));
        let turn = can.min_by_key(|(at, waiting)| {
            let taken = self.sources.get(&waiting.from).map_or(0, |source| source.taken);
            (!waiting.from.is_known(), taken, *at)
        });
        turn.map(|(at, _)| at)
    }

    /// Whether one more may wait. Where the line is full, the source with the most in it loses its last.
    fn makes_room_in_line(&mut self, from: Source, of_source: usize) -> bool {
        if self.waiting.len() < WAITING_IN_ALL {
            return true;
        }
        let most = self.waiting.iter().map(|waiting| waiting.from).max_by_key(|other| self.waits(*other));
        let Some(most) = most.filter(|most| *most != from && self.waits(*most) > of_source + 1) else {
            return false;
        };
        let last = self.waiting.iter().rposition(|waiting| waiting.from == most);
        last.and_then(|last| self.waiting.remove(last)).is_some()
    }

    fn note_failure(&mut self, from: Source) -> u32 {
        let now = Instant::now();
        self.forget_some(from);
        let source = self.sources.entry(from).or_default();
        if source.forgotten(now) {
            source.failures = 0;
        }
        source.failures = source.failures.saturating_add(1);
        source.last_failure = Some(now);
        source.failures
    }

    fn forget_some(&mut self, from: Source) {
        if self.sources.len() < REMEMBERED || self.sources.contains_key(&from) {
            return;
        }
        let now = Instant::now();
        self.sources.retain(|_, source| source.taken > 0 || !source.forgotten(now));
        if self.sources.len() >= REMEMBERED {
            self.sources.retain(|_, source| source.taken > 0);
        }
    }
}

impl Attempts {
    fn forgotten(&self, now: Instant) -> bool {
        self.last_failure.is_none_or(|at| now.duration_since(at) >= FORGET_AFTER)
    }
}

impl Place {
    /// Notes a wrong answer and says how long its sender waits.
    pub(crate) fn failed(&self) -> Duration {
        let mut state = self.line.lock();
        #[cfg(test)]
        {
            state.looked_at += 1;
        }
        let failures = state.note_failure(self.from);
        FIRST_DELAY.saturating_mul(1 << (failures - 1).min(10)).min(LONGEST_DELAY)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        {
            let mut state = self.line.lock();
            state.taken -= usize::from(!self.from.is_known());
            if let Some(source) = state.sources.get_mut(&self.from) {
                source.taken -= 1;
                if source.taken == 0 && source.failures == 0 {
                    state.sources.remove(&self.from);
                }
            }
        }
        self.line.go_on();
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn at(address: &str) -> Source {
        Source::from(Some(address.parse::<IpAddr>().unwrap()))
    }

    #[tokio::test(start_paused = true)]
    async fn waits_double_to_a_ceiling_and_are_forgotten() {
        let line = Line::default();
        let mut waits = Vec::new();
        for _ in 0..7 {
            waits.push(line.place(at("192.0.2.1")).await.unwrap().failed().as_millis());
        }
        assert_eq!(waits, [250, 500, 1000, 2000, 4000, 8000, 8000]);
        assert_eq!(line.place(at("192.0.2.2")).await.unwrap().failed(), FIRST_DELAY, "another is not slowed");
        tokio::time::advance(FORGET_AFTER).await;
        assert_eq!(line.place(at("192.0.2.1")).await.unwrap().failed(), FIRST_DELAY);
    }

    #[tokio::test]
    async fn within_a_source_whoever_came_first_is_next() {
        let line = Line::default();
        let mut held = Vec::new();
        for _ in 0..PER_SOURCE {
            held.push(line.place(at("2001:db8::1")).await.unwrap());
        }
        let mut first = Box::pin(line.place(at("2001:db8::2")));
        let mut second = Box::pin(line.place(at("2001:db8::1")));
        assert!(first.as_mut().now_or_never().is_none() && second.as_mut().now_or_never().is_none());
        held.pop();
        assert!(second.as_mut().now_or_never().is_none(), "the same /64 is one source");
        assert!(first.await.is_some());
        assert!(second.await.is_some(), "the first has given its place back");
    }

    #[tokio::test]
    async fn whoever_goes_away_while_waiting_takes_no_place() {
        let line = Line::default();
        let mut held = Vec::new();
        for _ in 0..PER_SOURCE {
            held.push(line.place(at("192.0.2.1")).await.unwrap());
        }
        let mut gone = Box::pin(line.place(at("192.0.2.1")));
        let mut next = Box::pin(line.place(at("192.0.2.1")));
        assert!(gone.as_mut().now_or_never().is_none() && next.as_mut().now_or_never().is_none());
        drop(gone);
        held.pop();
        assert!(next.now_or_never().flatten().is_some());
    }

    #[tokio::test]
    async fn of_several_sources_the_one_with_the_fewest_places_is_next() {
        let line = Line::default();
        let mut held = VecDeque::new();
        for n in 0..(IN_ALL / PER_SOURCE) {
            for _ in 0..PER_SOURCE {
                held.push_back(line.place(at(&format!("192.0.2.{n}"))).await.unwrap());
            }
        }
        let mut guesser = Box::pin(line.place(at("192.0.2.1")));
        let mut other = Box::pin(line.place(at("198.51.100.1")));
        assert!(guesser.as_mut().now_or_never().is_none() && other.as_mut().now_or_never().is_none());
        let known = line.place(Source::Device([7; 16])).now_or_never();
        assert!(known.flatten().is_some(), "a browser that is known needs none of the places");
        held.pop_front();
        assert!(other.now_or_never().flatten().is_some(), "whoever has none is first");
    }

    #[tokio::test]
    async fn a_full_line_makes_room_for_whoever_has_none_in_it() {
        let line = Line::default();
        let mut held = Vec::new();
        let mut waiting = Vec::new();
        for n in 0..(WAITING_IN_ALL / WAITING_PER_SOURCE) {
            for _ in 0..PER_SOURCE {
                held.push(line.place(at(&format!("192.0.2.{n}"))).await.unwrap());
            }
            for _ in 0..WAITING_PER_SOURCE {
                let mut one = Box::pin(line.place(at(&format!("192.0.2.{n}"))));
                assert!(one.as_mut().now_or_never().is_none());
                waiting.push(one);
            }
            assert!(line.place(at(&format!("192.0.2.{n}"))).now_or_never().unwrap().is_none());
        }
        let mut late = Box::pin(line.place(at("198.51.100.1")));
        assert!(late.as_mut().now_or_never().is_none(), "it waits");
        assert!(line.lock().waiting.len() <= WAITING_IN_ALL);
        held.pop();
        assert!(late.now_or_never().flatten().is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn memory_is_bounded() {
        let line = Line::default();
        for n in 0..(2 * REMEMBERED as u32) {
            let source = Source::from(Some(IpAddr::V4(n.into())));
            let _ = line.place(source).await.unwrap().failed();
        }
        assert!(line.lock().sources.len() <= REMEMBERED);
    }
}
