//! Counts of what the server did and what it refused.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

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
}

/// The live counts.
#[derive(Debug, Default)]
pub(crate) struct CounterSet {
    pub(crate) open: AtomicU64,
    pub(crate) accepted: AtomicU64,
    pub(crate) over_limit: AtomicU64,
    pub(crate) failed_handshakes: AtomicU64,
    pub(crate) refused_logins: AtomicU64,
    pub(crate) bad_input: AtomicU64,
    pub(crate) slow_readers: AtomicU64,
    pub(crate) stanzas_in: AtomicU64,
    pub(crate) stanzas_out: AtomicU64,
    pub(crate) messages_in: AtomicU64,
    pub(crate) messages_out: AtomicU64,
    pub(crate) unknown_requests: AtomicU64,
    pub(crate) queue_overflows: AtomicU64,
    pub(crate) faults: AtomicU64,
}

impl CounterSet {
    pub(crate) fn snapshot(&self) -> Counters {
        Counters {
            open: self.open.load(Relaxed),
            accepted: self.accepted.load(Relaxed),
            over_limit: self.over_limit.load(Relaxed),
            failed_handshakes: self.failed_handshakes.load(Relaxed),
            refused_logins: self.refused_logins.load(Relaxed),
            bad_input: self.bad_input.load(Relaxed),
            slow_readers: self.slow_readers.load(Relaxed),
            stanzas_in: self.stanzas_in.load(Relaxed),
            stanzas_out: self.stanzas_out.load(Relaxed),
            messages_in: self.messages_in.load(Relaxed),
            messages_out: self.messages_out.load(Relaxed),
            unknown_requests: self.unknown_requests.load(Relaxed),
            queue_overflows: self.queue_overflows.load(Relaxed),
            faults: self.faults.load(Relaxed),
        }
    }
}

/// One more.
pub(crate) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}
