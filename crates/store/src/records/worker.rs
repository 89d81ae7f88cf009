//! What is wanted of a tenant's worker process, and what is observed of it.

use domain::{
    DesiredState, RecordId, SessionState, TenantId, TenantStatus, Timestamp, Trouble, WorkerStatus,
};
use serde::Serialize;

/// One row of `worker_processes`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WorkerProcess {
    /// Its id.
    pub id: RecordId,
    /// Whose it is.
    pub tenant_id: TenantId,
    /// Unique name, derived from the tenant's id alone.
    pub process_name: String,
    /// What is observed.
    pub status: WorkerStatus,
    /// Why it last went wrong, in words; cleared when it is connected again.
    pub last_error: Option<String>,
    /// What an operator wants.
    pub desired_state: DesiredState,
    /// Grows with every start; 0 before the first.
    pub generation: i64,
    /// Process id of the current generation while it is known to run.
    pub pid: Option<u32>,
    /// When the current generation was started.
    pub started_at: Option<Timestamp>,
    /// When it was last heard of.
    pub last_heartbeat_at: Option<Timestamp>,
    /// Own memory (PSS) at the last heartbeat, in bytes.
    pub memory_bytes: Option<u64>,
    /// Processor time since its start at the last heartbeat, in milliseconds.
    pub cpu_ms: Option<u64>,
    /// Inbound messages without an outcome at the last heartbeat.
    pub queued: Option<u64>,
    /// Replies that WhatsApp had not acknowledged at the last heartbeat.
    pub unsent: Option<u64>,
    /// Log rows that the control plane had not acknowledged at the last heartbeat.
    pub unlogged: Option<u64>,
    /// When the last customer's message came.
    pub last_message_at: Option<Timestamp>,
    /// How often it was started again by itself since an operator last started it.
    pub restarts: u64,
    /// Rows of its log that the database has refused for good, since the tenant was made.
    pub refused_log_rows: u64,
    /// When the row was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// Customers' messages that could not be read, in the day before the last heartbeat.
    pub unreadable: Option<u64>,
    /// By how much WhatsApp's clock is ahead of the worker's machine, in milliseconds, where a login has told.
    pub clock_behind_ms: Option<i64>,
    /// Contacts that are to be forgotten and that the worker's journal may still hold: it does not connect before.
    pub erasures_waiting: u64,
    /// Chats in which a customer waited for a person at the last heartbeat.
    pub hand_offs: Option<u64>,
    /// Setup requests of the tenant's that wait for an operator.
    pub requests_waiting: u64,
}

/// Figures of one heartbeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkerFigures {
    /// The generation that speaks; an older one than the current is refused.
    pub generation: i64,
    /// State of the session: `CONNECTED` moves the session's `last_seen_at`.
    pub session: SessionState,
    /// Own memory (PSS), in bytes.
    pub memory_bytes: Option<u64>,
    /// Processor time since the start, in milliseconds.
    pub cpu_ms: u64,
    /// Inbound messages without an outcome.
    pub queued: u64,
    /// Replies not yet acknowledged by WhatsApp.
    pub unsent: u64,
    /// Log rows not yet acknowledged by the control plane.
    pub unlogged: u64,
    /// When the last customer's message came.
    pub last_message_at: Option<Timestamp>,
    /// Customers' messages of the last day that could not be read.
    pub unreadable: u64,
    /// By how much WhatsApp's clock is ahead, in milliseconds, where it is known.
    pub clock_behind_ms: Option<i64>,
    /// Chats in which a customer waits for a person.
    pub hand_offs: u64,
}

/// What somebody orders of a tenant's worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkerOrder {
    /// To run.
    Start,
    /// To end.
    Stop,
    /// To end in good order and to run again.
    Restart,
    /// To end at once and to run again.
    ForceRestart,
    /// To unlink its device and to end.
    Unlink,
}

impl WorkerOrder {
    /// What is wanted of the worker from then on.
    #[must_use]
    pub const fn desired_state(self) -> DesiredState {
        match self {
            Self::Start | Self::Restart | Self::ForceRestart => DesiredState::Run,
            Self::Stop | Self::Unlink => DesiredState::Stopped,
        }
    }

    /// What the audit log calls it.
    pub(crate) const fn event_type(self) -> &'static str {
        match self {
            Self::Start => "WORKER_STARTED",
            Self::Stop => "WORKER_STOPPED",
            Self::Restart => "WORKER_RESTARTED",
            Self::ForceRestart => "WORKER_FORCE_RESTARTED",
            Self::Unlink => "UNLINK_ORDERED",
        }
    }
}

/// What comes along with an event of a tenant's lifecycle.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct EventDetails {
    /// The generation that speaks, where a worker does; an older one than the current is refused.
    pub generation: Option<i64>,
    /// With `QrReceived`: the code and when it is void.
    pub qr: Option<(String, Timestamp)>,
    /// What went wrong, in words and without personal data.
    pub last_error: Option<String>,
    /// The same as a word, where there is one that the event itself does not say, and until when.
    pub trouble: Option<(Trouble, Option<Timestamp>)>,
    /// With `Connected`: the account; refused where another tenant has linked it.
    pub linked: Option<super::LinkedAccount>,
    /// The order that the event follows from; it is written down, with who gave it, where the event is taken.
    pub order: Option<WorkerOrder>,
}

/// Leaves the code out, since `{:?}` ends up in logs.
impl std::fmt::Debug for EventDetails {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EventDetails")
            .field("generation", &self.generation)
            .field("qr", &self.qr.as_ref().map(|_| "…"))
            .field("last_error", &self.last_error)
            .field("trouble", &self.trouble)
            .field("linked", &self.linked)
            .field("order", &self.order)
            .finish()
    }
}

/// What an event has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusChange {
    /// The status before.
    pub old: TenantStatus,
    /// The status after; the same where the event changed other things only.
    pub new: TenantStatus,
    /// The session's state after.
    pub session: SessionState,
    /// The worker's status after.
    pub worker: WorkerStatus,
}
