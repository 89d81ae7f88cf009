//! The time of day, passed in: what decides by time is tested with a clock that the test moves.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicI64, Ordering},
};

use jiff::{SignedDuration, Timestamp};

/// Where the time comes from.
pub trait Clock: Send + Sync + 'static {
    /// The time now, in UTC.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Another clock, and by how much the time is said to be ahead of it.
pub struct AheadClock {
    of: Arc<dyn Clock>,
    ahead_ms: AtomicI64,
}

impl AheadClock {
    /// A clock that shows what `of` shows.
    #[must_use]
    pub const fn new(of: Arc<dyn Clock>) -> Self {
        Self { of, ahead_ms: AtomicI64::new(0) }
    }

    /// Shows the other clock's time and `ahead_ms` milliseconds from now on.
    pub fn set_ahead(&self, ahead_ms: i64) {
        self.ahead_ms.store(ahead_ms, Ordering::Relaxed);
    }

    /// By how many milliseconds it is ahead of the other.
    #[must_use]
    pub fn ahead_ms(&self) -> i64 {
        self.ahead_ms.load(Ordering::Relaxed)
    }

    /// The time now, in UTC.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let now = self.of.now();
        now.saturating_add(SignedDuration::from_millis(self.ahead_ms())).unwrap_or(now)
    }

    /// What the other clock shows.
    #[must_use]
    pub fn unmoved(&self) -> Timestamp {
        self.of.now()
    }
}

/// A clock that stands still until it is moved; for tests and the simulator.
#[derive(Debug)]
pub struct ManualClock(Mutex<Timestamp>);

impl ManualClock {
    /// A clock that shows `start`.
    #[must_use]
    pub const fn new(start: Timestamp) -> Self {
        Self(Mutex::new(start))
    }

    /// Moves the clock forward (or back, where `by` is negative); it stops at the ends of what can be told.
    pub fn advance(&self, by: SignedDuration) {
        let mut now = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *now = now.saturating_add(by).unwrap_or(*now);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
