//! Counts of what the server did and what it refused.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use tokio::sync::Notify;

use super::WaitError;

/// A snapshot of the server's counts since it started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[non_exhaustive]
pub struct Counters {
    /// Connections open now, handshakes included.
    pub open: u64,
    /// Connections accepted.
    pub accepted: u64,
    /// Connections closed at once because `limits.connections` were open.
    pub over_limit: u64,
    /// Connections that ended before the handshake did: garbage, time limit, a client that went away.
    pub failed_handshakes: u64,
    /// Logins refused.
    pub refused_logins: u64,
    /// Connections closed for bytes that were not understood after the handshake (length, depth, cipher, form).
    pub bad_input: u64,
    /// Connections closed because their client did not read.
    pub slow_readers: u64,
    /// Stanzas received after the handshake.
    pub stanzas_in: u64,
    /// Stanzas sent after the handshake.
    pub stanzas_out: u64,
    /// Messages from devices.
    pub messages_in: u64,
    /// Messages written to devices, each redelivery counted.
    pub messages_out: u64,
    /// Requests answered with an error because nothing here knows them.
    pub unknown_requests: u64,
    /// Stanzas dropped because a device's queue was full.
    pub queue_overflows: u64,
    /// Times a fault was applied.
    pub faults: u64,
    /// Requests of the control API that wait now for something to happen.
    pub waiting: u64,
}

/// One live count. Whoever waits for counts hears of each change.
#[derive(Debug)]
pub(crate) struct Counter {
    value: AtomicU64,
    news: Arc<Notify>,
}

impl Counter {
    fn new(news: &Arc<Notify>) -> Self {
        Self { value: AtomicU64::new(0), news: Arc::clone(news) }
    }

    fn get(&self) -> u64 {
        self.value.load(Relaxed)
    }

    /// One more; how many there were before.
    pub(crate) fn up(&self) -> u64 {
        let before = self.value.fetch_add(1, Relaxed);
        self.news.notify_waiters();
        before
    }

    /// One less.
    pub(crate) fn down(&self) {
        self.value.fetch_sub(1, Relaxed);
        self.news.notify_waiters();
    }
}

/// One more.
pub(crate) fn count(counter: &Counter) {
    counter.up();
}

/// The live counts.
#[derive(Debug)]
pub(crate) struct CounterSet {
    news: Arc<Notify>,
    pub(crate) open: Counter,
    pub(crate) accepted: Counter,
    pub(crate) over_limit: Counter,
    pub(crate) failed_handshakes: Counter,
    pub(crate) refused_logins: Counter,
    pub(crate) bad_input: Counter,
    pub(crate) slow_readers: Counter,
    pub(crate) stanzas_in: Counter,
    pub(crate) stanzas_out: Counter,
    pub(crate) messages_in: Counter,
    pub(crate) messages_out: Counter,
    pub(crate) unknown_requests: Counter,
    pub(crate) queue_overflows: Counter,
    pub(crate) faults: Counter,
    pub(crate) waiting: Counter,
}

impl Default for CounterSet {
    fn default() -> Self {
        let news = Arc::default();
        let counter = || Counter::new(&news);
        Self {
            open: counter(),
            accepted: counter(),
            over_limit: counter(),
            failed_handshakes: counter(),
            refused_logins: counter(),
            bad_input: counter(),
            slow_readers: counter(),
            stanzas_in: counter(),
            stanzas_out: counter(),
            messages_in: counter(),
            messages_out: counter(),
            unknown_requests: counter(),
            queue_overflows: counter(),
            faults: counter(),
            waiting: counter(),
            news,
        }
    }
}

impl CounterSet {
    pub(crate) fn snapshot(&self) -> Counters {
        Counters {
            open: self.open.get(),
            accepted: self.accepted.get(),
            over_limit: self.over_limit.get(),
            failed_handshakes: self.failed_handshakes.get(),
            refused_logins: self.refused_logins.get(),
            bad_input: self.bad_input.get(),
            slow_readers: self.slow_readers.get(),
            stanzas_in: self.stanzas_in.get(),
            stanzas_out: self.stanzas_out.get(),
            messages_in: self.messages_in.get(),
            messages_out: self.messages_out.get(),
            unknown_requests: self.unknown_requests.get(),
            queue_overflows: self.queue_overflows.get(),
            faults: self.faults.get(),
            waiting: self.waiting.get(),
        }
    }

    /// Waits until the counts fit.
    pub(crate) async fn wait(
        &self,
        limit: Duration,
        fits: impl Fn(&Counters) -> bool,
    ) -> Result<Counters, WaitError> {
        let search = async {
            loop {
                // Hears of every change from here on, before it is looked at.
                let news = self.news.notified();
                let now = self.snapshot();
                if fits(&now) {
                    return now;
                }
                news.await;
            }
        };
        tokio::time::timeout(limit, search).await.map_err(|_| WaitError::Timeout {
            waited_for: format!("what the counts should be (they are {:?})", self.snapshot()),
            limit,
        })
    }
}
