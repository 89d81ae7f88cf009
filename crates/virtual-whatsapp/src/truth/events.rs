//! The server's events in order, numbered from 1. They can be read again, and waited for: a test waits for what
//! happened, never for time.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::watch;

use crate::noise::Pattern;
use crate::sync::lock;
use crate::truth::MessageId;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Event {
    /// Its place in the order, from 1 and without gaps.
    pub seq: u64,
    /// When, in milliseconds since 1970 by the server's clock.
    pub at_ms: u64,
    /// What.
    #[serde(flatten)]
    pub kind: EventKind,
}

/// What kind of receipt a device sent.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptKind {
    /// No type: delivered.
    Delivered,
    /// Delivered to a device that nobody looks at.
    Inactive,
    /// Read.
    Read,
    /// A voice note was played.
    Played,
    /// A message of the own account arrived.
    Sender,
    /// A peer message (key share and the like) was taken.
    Peer,
    /// A history chunk was taken.
    History,
    /// It could not be decrypted: send it again.
    Retry,
    /// Any other type, as it was sent.
    Other(String),
}

/// What happened. Numbers are digits without `+`; `device` is the linked device's number within its account.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
#[expect(missing_docs, reason = "fields repeat the same few words: number, device, id, from, to")]
pub enum EventKind {
    /// A handshake ended well; `login` is false for a device that wants to be linked.
    Handshake { pattern: Pattern, login: bool, edge: Option<Vec<u8>> },
    /// A connection ended before its handshake did.
    HandshakeFailed { reason: String },
    /// A device waits to be linked and was given these QR references.
    PairingStarted { refs: Vec<String> },
    /// All QR references of a device that waited have expired.
    PairingExpired,
    /// A device asked for a pairing code of this number.
    CodeRequested { number: String },
    /// A typed pairing code did not fit.
    CodeRefused { number: String, reason: String },
    /// A phone has linked a device.
    Linked { number: String, device: u16 },
    /// A device is no longer linked.
    Unlinked { number: String, device: u16, by_phone: bool },
    /// A login was accepted.
    LoggedIn { number: String, device: u16, pattern: Pattern },
    /// A login was refused with this `failure` reason.
    LoginRefused { number: String, device: u16, code: u16, why: String },
    /// A logged-in device is ready for stanzas; `waiting` of them were waiting.
    Active { number: String, device: u16, waiting: usize },
    /// The offline queue has been written to the device, up to its end marker.
    CaughtUp { number: String, device: u16 },
    /// A logged-in connection ended.
    Disconnected { number: String, device: u16, reason: String },
    /// One-time prekeys arrived: how many new ones, how many in all.
    PrekeysUploaded { number: String, device: u16, new: usize, total: usize },
    /// The signed prekey was replaced.
    PrekeyRotated { number: String, device: u16, id: u32 },
    /// Somebody took the last one-time prekey.
    PrekeysExhausted { number: String, device: u16 },
    /// An app-state patch arrived.
    AppStatePatch { number: String, collection: String, version: u64 },
    /// A phone or customer sent a message.
    Sent { from: String, to: String, id: MessageId },
    /// A message of a device reached the server; `error` is what it was refused with.
    FromDevice { number: String, device: u16, to: String, id: MessageId, error: Option<u16> },
    /// A phone has decrypted a message (its text is in the transcript of `by`).
    Received { by: String, from: String, chat: String, id: MessageId },
    /// A phone could not decrypt a message.
    Undecryptable { by: String, from: String, id: MessageId, reason: String },
    /// A device sent a receipt.
    Receipt { number: String, device: u16, to: String, id: MessageId, kind: ReceiptKind },
    /// A device settled a queued stanza; `error` where it refused it.
    Acked { number: String, device: u16, class: String, id: String, error: Option<String> },
    /// A device shows that it types, or no longer does.
    Typing { number: String, device: u16, to: String, state: String },
    /// A device shows its presence.
    Presence { number: String, device: u16, available: bool },
    /// A device declined a call.
    CallRejected { number: String, call: String },
    /// A device gave a contact its privacy token.
    TokenGiven { number: String, to: String },
    /// A device cleared a dirty mark.
    DirtyCleared { number: String, what: String },
    /// A device blocked or unblocked somebody.
    BlockListChanged { number: String, whom: String, blocked: bool },
    /// A request that nothing here knows; it was answered with an error.
    UnknownRequest { number: String, device: u16, stanza: String },
    /// A file was put into the media store; how many bytes it has, sealed.
    MediaUploaded { kind: String, bytes: usize },
    /// A file was fetched from the media store.
    MediaDownloaded { bytes: usize },
    /// A device asks to be shown a contact's presence.
    PresenceWanted { number: String, device: u16, whom: String },
    /// A device has reported somebody as unwanted.
    Reported { number: String, whom: String },
    /// A fault was applied.
    Fault { fault: u64, what: String, number: String, device: u16 },
    /// The server listens (again).
    Listening,
    /// The server has stopped listening.
    Stopped,
}

/// Nothing fitted in time.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum WaitError {
    /// The time ran out.
    #[error("{waited_for} did not happen within {limit:?}")]
    Timeout {
        /// What was waited for.
        waited_for: String,
        /// How long.
        limit: Duration,
    },
}

struct Kept {
    first: u64,
    events: VecDeque<Arc<Event>>,
}

pub(crate) struct EventLog {
    kept: Mutex<Kept>,
    limit: usize,
    last: watch::Sender<u64>,
}

impl EventLog {
    pub(crate) fn new(limit: usize) -> Self {
        let kept = Kept { first: 1, events: VecDeque::new() };
        Self { kept: Mutex::new(kept), limit: limit.max(1), last: watch::Sender::new(0) }
    }

    pub(crate) fn add(&self, at_ms: u64, kind: EventKind) {
        let mut kept = lock(&self.kept);
        let seq = kept.first + kept.events.len() as u64;
        tracing::debug!(seq, event = ?kind, "event");
        if kept.events.len() == self.limit {
            kept.events.pop_front();
            kept.first += 1;
        }
        kept.events.push_back(Arc::new(Event { seq, at_ms, kind }));
        // Within the lock, so that `last` never goes back.
        self.last.send_replace(seq);
    }

    fn after(&self, seq: u64, at_most: usize) -> Vec<Arc<Event>> {
        let kept = lock(&self.kept);
        let skip = usize::try_from((seq + 1).saturating_sub(kept.first)).unwrap_or(usize::MAX);
        kept.events.iter().skip(skip).take(at_most).cloned().collect()
    }
}

/// The event log of a server. Clones read the same log.
#[derive(Clone)]
pub struct Events(pub(crate) Arc<crate::world::World>);

impl Events {
    /// The number of the newest event, 0 before the first. Take it before an action, wait after it.
    #[must_use]
    pub fn last(&self) -> u64 {
        *self.0.events.last.borrow()
    }

    /// Every kept event after number `seq`, oldest first.
    #[must_use]
    pub fn since(&self, seq: u64) -> Vec<Arc<Event>> {
        self.0.events.after(seq, usize::MAX)
    }

    /// The first event after number `seq` that fits, whether it has happened already or is yet to. `limit` is real
    /// time.
    ///
    /// # Errors
    /// [`WaitError::Timeout`] when none came.
    pub async fn wait_after(
        &self,
        seq: u64,
        limit: Duration,
        mut fits: impl FnMut(&EventKind) -> bool,
    ) -> Result<Arc<Event>, WaitError> {
        let mut news = self.0.events.last.subscribe();
        let mut seen = seq;
        let search = async {
            loop {
                news.mark_unchanged();
                for event in self.0.events.after(seen, usize::MAX) {
                    seen = event.seq;
                    if fits(&event.kind) {
                        return event;
                    }
                }
                if news.changed().await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        tokio::time::timeout(limit, search)
            .await
            .map_err(|_| WaitError::Timeout { waited_for: "the event".to_owned(), limit })
    }

    /// The first event of the whole kept log that fits; see [`Events::wait_after`].
    ///
    /// # Errors
    /// [`WaitError::Timeout`] when none came.
    pub async fn wait_for(
        &self,
        limit: Duration,
        fits: impl FnMut(&EventKind) -> bool,
    ) -> Result<Arc<Event>, WaitError> {
        self.wait_after(0, limit, fits).await
    }

    /// Waits until there is an event after number `seq` and returns all of them: the loop of a live stream.
    pub async fn next_after(&self, seq: u64) -> Vec<Arc<Event>> {
        let mut news = self.0.events.last.subscribe();
        loop {
            news.mark_unchanged();
            let fresh = self.since(seq);
            if !fresh.is_empty() {
                return fresh;
            }
            if news.changed().await.is_err() {
                return Vec::new();
            }
        }
    }
}
