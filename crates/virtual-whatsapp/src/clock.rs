//! The server's own time: the machine's, or one that stands still until a test moves it. Durations of the
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
    Manual(Arc<watch::Sender<u64>>),
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that shows `unix_seconds` until it is moved by [`Clock::advance`].
    #[must_use]
    pub fn manual(unix_seconds: u64) -> Self {
        Self(Source::Manual(Arc::new(watch::Sender::new(unix_seconds.saturating_mul(1000)))))
    }

    /// Moves a manual clock forward and wakes whoever waits for it; the machine's clock is not moved.
    pub fn advance(&self, by: Duration) {
        if let Source::Manual(at) = &self.0 {
            at.send_modify(|ms| *ms = ms.saturating_add(millis(by)));
        }
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        match &self.0 {
            Source::System => system_ms(),
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
