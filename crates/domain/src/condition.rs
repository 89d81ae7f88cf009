//! How a bot does, as one of few conditions: what pages, lists, the command line and alerts say and advise follows from it.

use crate::{DesiredState, SessionState, Show, TenantStatus, Timestamp, Trouble, WorkerStatus, words::words};

/// A linked bot that is away from WhatsApp for this long needs a person: by itself it is back within seconds.
pub const AWAY_FOR_LONG: jiff::SignedDuration = jiff::SignedDuration::from_mins(3);

words! { "SCREAMING_SNAKE_CASE",
    /// How a bot does. In the order in which a person is needed.
    pub enum Condition {
        /// The phone removed the device: it has to be linked again.
        PhoneRemoved,
        /// WhatsApp refused the session, or another client took its place.
        Refused,
        /// The session's keys are gone or cannot be read: it has to be linked again.
        SessionGone,
        /// The worker has ended too often, or something else that a restart may mend.
        Error,
        /// WhatsApp has limited the number for a time.
        Limited,
        /// The linked number is not the declared one.
        OtherNumber,
        /// WhatsApp cannot be reached from where the bot runs.
        Unreachable,
        /// Linked, and away from WhatsApp for long.
        Away,
        /// Running and not heard of for too long.
        Stale,
        /// The owner's request waits for an operator.
        Requested,
        /// A code waits to be scanned.
        Scan,
        /// The worker runs and gets a code from WhatsApp.
        Preparing,
        /// Linked, and away from WhatsApp for a moment.
        Reconnecting,
        /// Linked, connected and allowed to answer.
        Answering,
        /// Suspended by an operator.
        Suspended,
        /// The worker is being stopped.
        Stopping,
        /// Stopped by an operator.
        Paused,
        /// Never started.
        New,
    }
}

/// What is known of a tenant's bot.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// Where the tenant stands.
    pub status: TenantStatus,
    /// The session's state.
    pub session: SessionState,
    /// What is observed of the worker.
    pub worker: WorkerStatus,
    /// What is wanted of it.
    pub desired: DesiredState,
    /// Why the session does not work, where it is known.
    pub trouble: Option<Trouble>,
    /// Whether an operator has suspended the tenant.
    pub suspended: bool,
    /// Whether another number than the declared one is linked.
    pub held: bool,
    /// Whether a setup request waits for an operator.
    pub requested: bool,
    /// When the worker was last heard of.
    pub heard: Option<Timestamp>,
    /// When the session was last known to be connected.
    pub seen: Option<Timestamp>,
    /// What was heard of before this is stale.
    pub stale_before: Timestamp,
    /// What was connected before this, and is not, is away for long.
    pub away_before: Timestamp,
}

impl Condition {
    /// Tells it. The store's groups say the same in SQL, see its test.
    #[must_use]
    pub fn of(facts: &Facts) -> Self {
        let Facts { status, session, worker, trouble, .. } = *facts;
        let failed = status == TenantStatus::Error || worker == WorkerStatus::Error;
        match trouble {
            Some(Trouble::PhoneRemoved) => return Self::PhoneRemoved,
            Some(Trouble::Refused) => return Self::Refused,
            Some(Trouble::SessionLost | Trouble::SessionCorrupt) => return Self::SessionGone,
            Some(Trouble::Limited) => return Self::Limited,
            Some(Trouble::Unreachable) if worker != WorkerStatus::Error => return Self::Unreachable,
            Some(Trouble::Unreachable) | None => {}
        }
        if failed {
            return Self::Error;
        }
        if facts.held {
            return Self::OtherNumber;
        }
        if worker == WorkerStatus::Running && facts.heard.is_some_and(|heard| heard < facts.stale_before) {
            return Self::Stale;
        }
        let away = status == TenantStatus::Active && session != SessionState::Connected;
        if away
            && facts.desired == DesiredState::Run
            && facts.seen.is_some_and(|seen| seen < facts.away_before)
        {
            return Self::Away;
        }
        if facts.requested {
            return Self::Requested;
        }
        if facts.suspended {
            return Self::Suspended;
        }
        match (status, session) {
            (TenantStatus::New, _) => Self::New,
            (TenantStatus::Paused, _) => Self::Paused,
            (TenantStatus::QrReady, _) => Self::Scan,
            (TenantStatus::QrPending, _) => Self::Preparing,
            (TenantStatus::Active, SessionState::Connected) => Self::Answering,
            (TenantStatus::Active | TenantStatus::Error, _) if facts.desired == DesiredState::Stopped => {
                Self::Stopping
            }
            (TenantStatus::Active | TenantStatus::Error, _) => Self::Reconnecting,
        }
    }

    /// Whether a bot that is meant to answer customers does not, and a person may have to do something.
    #[must_use]
    pub const fn is_down(self) -> bool {
        matches!(self.group(), Show::Needs) && !matches!(self, Self::Requested)
    }

    /// In which part of a list it stands.
    #[must_use]
    pub const fn group(self) -> Show {
        match self {
            Self::PhoneRemoved
            | Self::Refused
            | Self::SessionGone
            | Self::Error
            | Self::Limited
            | Self::OtherNumber
            | Self::Unreachable
            | Self::Away
            | Self::Stale
            | Self::Requested => Show::Needs,
            Self::Scan | Self::Preparing => Show::Waiting,
            Self::Reconnecting | Self::Stopping => Show::Reconnecting,
            Self::Answering => Show::Answering,
            Self::Suspended => Show::Suspended,
            Self::Paused => Show::Paused,
            Self::New => Show::New,
        }
    }
}
