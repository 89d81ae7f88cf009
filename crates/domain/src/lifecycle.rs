//! The tenant's life as one pure function from (status, event) to the next status, or a refusal that says why.
//!
//! Suspension and the hold for a number that is not the declared one are no statuses: they are columns of their own.

use strum::{IntoStaticStr, VariantArray};

use crate::{SessionState, TenantStatus};

/// What can happen to a tenant's worker and its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, VariantArray, IntoStaticStr)]
pub enum TenantEvent {
    /// A worker was started: by an operator, a restart, a forced restart or automatic recovery.
    WorkerStarted,
    /// WhatsApp gave a QR code.
    QrReceived,
    /// WhatsApp gave a code to type on the phone; QR codes are no longer shown.
    PairingCodeReceived,
    /// A round of QR codes ended without a scan, or a pairing code was not typed in time.
    QrRoundExpired,
    /// The session is linked and connected.
    Connected,
    /// The connection was lost and is being made again.
    Disconnected,
    /// The worker process ended by itself and will be started again.
    WorkerCrashed,
    /// An operator stopped the worker.
    Stopped,
    /// The phone removed the device.
    LoggedOut,
    /// WhatsApp refused the session, or another client took its place.
    AuthenticationFailed,
    /// A running worker has not been heard of for longer than the threshold.
    HeartbeatStale,
    /// The worker died too often in too short a time.
    CrashLoop,
    /// The connection has been away for too long.
    DisconnectedTooLong,
    /// The session database cannot be read.
    SessionCorrupt,
    /// A worker of a linked tenant wants to be linked: its session is gone.
    SessionLost,
}

/// Why an event does not apply to a tenant in its status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason} (status {status}, event {})", <&str>::from(event))]
pub struct Refusal {
    /// Status in which the event came.
    pub status: TenantStatus,
    /// The event that was refused.
    pub event: TenantEvent,
    /// Why, in words.
    pub reason: &'static str,
}

impl TenantStatus {
    /// The status after `event`.
    ///
    /// # Errors
    /// Where the event cannot happen in this status; the status then stays as it is.
    pub fn after(self, event: TenantEvent) -> Result<Self, Refusal> {
        use TenantEvent as E;
        use TenantStatus as S;
        let refuse = |reason| Err(Refusal { status: self, event, reason });
        match (self, event) {
            // A restart of a linked tenant is no news to its customers.
            (S::Active, E::WorkerStarted | E::Connected | E::Disconnected | E::WorkerCrashed) => {
                Ok(S::Active)
            }
            (_, E::WorkerStarted) => Ok(S::QrPending),

            // Late word from a worker that is gone must not wake a tenant up or turn a pause into an error.
            (S::New, _) => refuse("the tenant's worker was never started"),
            (S::Paused, E::Stopped) => refuse("the worker is stopped already"),
            (S::Paused, _) => refuse("the worker was stopped; start it first"),

            (_, E::Stopped) => Ok(S::Paused),
            (
                _,
                E::LoggedOut
                | E::AuthenticationFailed
                | E::HeartbeatStale
                | E::CrashLoop
                | E::DisconnectedTooLong
                | E::SessionCorrupt
                | E::SessionLost,
            ) => Ok(S::Error),

            // A long disconnection or a stalled worker that comes back has mended itself.
            (S::QrPending | S::QrReady | S::Error, E::Connected) => Ok(S::Active),

            (S::QrPending | S::QrReady, E::QrReceived | E::PairingCodeReceived) => Ok(S::QrReady),
            (S::Active, E::QrReceived | E::PairingCodeReceived | E::QrRoundExpired) => {
                refuse("the tenant is linked; log it out before linking another phone")
            }
            (S::Error, E::QrReceived | E::PairingCodeReceived | E::QrRoundExpired) => {
                refuse("the tenant is in error; start its worker first")
            }
            // Whatever code was shown is worth nothing once its connection is gone.
            (S::QrPending | S::QrReady, E::QrRoundExpired | E::Disconnected | E::WorkerCrashed) => {
                Ok(S::QrPending)
            }
            (S::Error, E::Disconnected | E::WorkerCrashed) => Ok(S::Error),
        }
    }
}

impl TenantEvent {
    /// The session's state after this event, or `None` where the event says nothing of it.
    #[must_use]
    pub const fn session_state(self) -> Option<SessionState> {
        match self {
            Self::QrReceived | Self::PairingCodeReceived => Some(SessionState::QrReady),
            Self::Connected => Some(SessionState::Connected),
            Self::HeartbeatStale => None,
            Self::WorkerStarted
            | Self::QrRoundExpired
            | Self::Disconnected
            | Self::WorkerCrashed
            | Self::Stopped
            | Self::LoggedOut
            | Self::AuthenticationFailed
            | Self::CrashLoop
            | Self::DisconnectedTooLong
            | Self::SessionCorrupt
            | Self::SessionLost => Some(SessionState::Disconnected),
        }
    }

    /// Whether a QR code that was stored is void after this event.
    #[must_use]
    pub const fn clears_qr(self) -> bool {
        !matches!(self, Self::QrReceived)
    }

    /// Whether a pairing code that was shown is void after this event.
    #[must_use]
    pub const fn clears_pairing_code(self) -> bool {
        !matches!(self, Self::PairingCodeReceived)
    }
}
