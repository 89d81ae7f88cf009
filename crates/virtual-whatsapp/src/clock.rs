//! The server's own time: the machine's, one that is ahead of it, or one that stands still until a test moves it. Durations of the
//! protocol (QR references, bans) are measured on it; limits against hostile peers use the machine's time.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

/// Where the server's time comes from. Clones show the same time.
#[derive(Debug, Clone, Default)]
pub struct Clock(Source);

#[derive(Debug, Clone, Default)]
enum Source {
    #[default]
    System,
    /// By so many milliseconds ahead of the machine's.
    Ahead(Arc<watch::Sender<i64>>),
    Manual(Arc<watch::Sender<u64>>),
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// The machine's clock until it is moved by [`Clock::advance`], and ahead of it from then on.
    #[must_use]
    pub fn movable() -> Self {
        Self(Source::Ahead(Arc::new(watch::Sender::new(0))))
    }

    /// A clock that shows `unix_seconds` until it is moved by [`Clock::advance`].
    #[must_use]
    pub fn manual(unix_seconds: u64) -> Self {
        Self(Source::Manual(Arc::new(watch::Sender::new(unix_seconds.saturating_mul(1000)))))
    }

    /// Moves the clock forward and wakes whoever waits for it; whether it can be moved: the machine's cannot.
    pub fn advance(&self, by: Duration) -> bool {
        match &self.0 {
            Source::System => return false,
            Source::Ahead(ahead) => {
                let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
                ahead.send_modify(|ms| *ms = ms.saturating_add(by));
            }
            Source::Manual(at) => at.send_modify(|ms| *ms = ms.saturating_add(millis(by))),
        }
        true
    }

    /// By how many milliseconds a movable clock is ahead of the machine's, now and whenever it is moved; `None` of others.
    #[must_use]
    pub fn ahead(&self) -> Option<watch::Receiver<i64>> {
        match &self.0 {
            Source::Ahead(ahead) => Some(ahead.subscribe()),
            Source::System | Source::Manual(_) => None,
        }
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        match &self.0 {
            Source::System => system_ms(),
            Source::Ahead(ahead) => system_ms().saturating_add_signed(*ahead.borrow()),
            Source::Manual(at) => *at.borrow(),
        }
    }

    /// Whole seconds since 1970, as the protocol's `t` attributes have them.
    #[must_use]
    pub fn now_secs(&self) -> u64 {
        self.now_ms() / 1000
    }

    /// Returns once the clock shows `at_ms` or later.
    pub async fn wait_until(&self, at_ms: u64) {
        match &self.0 {
            Source::System => {
                let wait = at_ms.saturating_sub(system_ms());
                tokio::time::sleep(Duration::from_millis(wait)).await;
            }
            Source::Ahead(ahead) => {
                let mut moved = ahead.subscribe();
                loop {
                    let now = system_ms().saturating_add_signed(*moved.borrow_and_update());
                    let Some(left) = at_ms.checked_sub(now).filter(|left| *left > 0) else { return };
                    tokio::select! {
                        () = tokio::time::sleep(Duration::from_millis(left)) => {}
                        // The sender lives in `self`, so that the wait cannot fail.
                        _ = moved.changed() => {}
                    }
                }
            }
            Source::Manual(at) => {
                let mut seen = at.subscribe();
                // The sender lives in `self`, so that the wait cannot fail.
                let _ = seen.wait_for(|now| *now >= at_ms).await;
            }
        }
    }
}

/// A duration in whole milliseconds.
pub(crate) fn millis(d: Duration) -> u64 {
    u64::try_from(d.as_millis()).unwrap_or(u64::MAX)
}

#[expect(clippy::disallowed_methods, reason = "the one place of this crate that reads the machine's clock")]
fn system_ms() -> u64 {
    millis(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
}
