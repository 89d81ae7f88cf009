//! What is known of a worker at this moment and stands in no database.

use std::{sync::Arc, time::Duration};

use domain::{Digits, HandOffRow, SessionState, Timestamp};
use link::{Generation, message::Heartbeat};
use tokio::time::Instant;

/// How a tenant's worker is doing right now.
#[derive(Clone, PartialEq)]
pub struct Live {
    /// Which part of its life.
    pub phase: Phase,
    /// Its generation; `None` before the first start that this control plane has seen.
    pub generation: Option<Generation>,
    /// Its process id.
    pub pid: Option<u32>,
    /// Whether the link to it is open.
    pub linked: bool,
    /// What it says of its session, while the link is open.
    pub session: Option<SessionState>,
    /// Version of its executable, in its own words.
    pub build: Option<String>,
    /// Its last figures.
    pub heartbeat: Option<Heartbeat>,
    /// Time since it was last heard of.
    pub heard_ago: Option<Duration>,
    /// What it last told of, in its own words.
    pub problem: Option<String>,
    /// That WhatsApp has limited this number, in words, as long as it has.
    pub limited: Option<String>,
    /// Since when it hands in more than its share of the database, and is acknowledged more slowly.
    pub slowed_at: Option<Timestamp>,
    /// The code that can be typed on the phone now.
    pub pairing_code: Option<PairingCode>,
    /// Chats that wait for a person or that a person has, those that wait longest first; and how many there are, which may
    /// be more.
    pub hand_offs: (Arc<[HandOffRow]>, u64),
}

/// A code to type on the phone. A credential: it is kept in memory alone, and never logged.
#[derive(Clone, PartialEq, Eq)]
pub struct PairingCode {
    /// Its eight characters.
    pub code: String,
    /// The number whose phone takes it.
    pub number: Digits,
    /// When it is void.
    pub expires_at: Timestamp,
}

/// Leaves the code out, since `{:?}` ends up in logs.
impl std::fmt::Debug for PairingCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PairingCode").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// Leaves the code out, since `{:?}` ends up in logs.
impl std::fmt::Debug for Live {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Live")
            .field("phase", &self.phase)
            .field("generation", &self.generation)
            .field("pid", &self.pid)
            .field("linked", &self.linked)
            .field("heartbeat", &self.heartbeat)
            .finish_non_exhaustive()
    }
}

/// Where in its life a worker is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Being looked for or started.
    Starting,
    /// It runs.
    Running,
    /// It is being ended.
    Stopping,
    /// It died and is started again after this time.
    Waiting(Duration),
}

/// The same with instants in place of durations, as the tasks keep it.
#[derive(Default)]
pub(crate) struct LiveState {
    pub(crate) phase: PhaseState,
    pub(crate) generation: Option<Generation>,
    pub(crate) pid: Option<u32>,
    pub(crate) is_here: bool,
    pub(crate) linked: bool,
    pub(crate) session: Option<SessionState>,
    /// Since when the session is away.
    pub(crate) disconnected_at: Option<Instant>,
    pub(crate) build: Option<String>,
    pub(crate) heartbeat: Option<Heartbeat>,
    pub(crate) heard_at: Option<Instant>,
    pub(crate) problem: Option<String>,
    pub(crate) limited: Option<String>,
    pub(crate) slowed_at: Option<Timestamp>,
    pub(crate) pairing_code: Option<PairingCode>,
    pub(crate) hand_offs: (Arc<[HandOffRow]>, u64),
}

#[derive(Default, Clone, Copy)]
pub(crate) enum PhaseState {
    #[default]
    Starting,
    Running,
    Stopping,
    Waiting(Instant),
}

/// What is known of a worker, looked at where it stands: nothing is copied for those whom a search passes over.
#[derive(Debug, Clone, Copy)]
pub struct Glance<'a> {
    /// Its process id, where one runs.
    pub pid: Option<u32>,
    /// Whether that is a process of this machine.
    pub is_here: bool,
    /// Its last figures.
    pub heartbeat: Option<&'a Heartbeat>,
    /// That WhatsApp has limited this number, in words, as long as it has.
    pub limited: Option<&'a str>,
    /// Chats that wait for a person or that a person has, those that wait longest first.
    pub hand_offs: &'a [HandOffRow],
}

impl LiveState {
    pub(crate) fn glance(&self) -> Glance<'_> {
        Glance {
            pid: self.pid,
            is_here: self.is_here,
            heartbeat: self.heartbeat.as_ref(),
            limited: self.limited.as_deref(),
            hand_offs: &self.hand_offs.0,
        }
    }

    /// `time` is the clock's, by which codes expire.
    pub(crate) fn snapshot(&self, now: Instant, time: Timestamp) -> Live {
        Live {
            phase: match self.phase {
                PhaseState::Starting => Phase::Starting,
                PhaseState::Running => Phase::Running,
                PhaseState::Stopping => Phase::Stopping,
                PhaseState::Waiting(until) => Phase::Waiting(until.saturating_duration_since(now)),
            },
            generation: self.generation,
            pid: self.pid,
            linked: self.linked,
            session: self.session,
            build: self.build.clone(),
            heartbeat: self.heartbeat.clone(),
            heard_ago: self.heard_at.map(|at| now.saturating_duration_since(at)),
            problem: self.problem.clone(),
            limited: self.limited.clone(),
            slowed_at: self.slowed_at,
            pairing_code: self.pairing_code.clone().filter(|code| code.expires_at > time),
            hand_offs: self.hand_offs.clone(),
        }
    }
}
