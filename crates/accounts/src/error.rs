//! Why somebody is not let in.

use domain::Timestamp;
use store::StoreError;

/// Why somebody is not let in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// What was sent is wrong. It was answered late and written down.
    #[error("what was sent does not go together")]
    Wrong,
    /// Too many attempts are under way at once.
    #[error("too many sign-ins are being checked at once")]
    TooMany,
    /// Too many codes were tried for this account.
    #[error("too many codes were tried; the next one counts from {0} on")]
    NotBefore(Timestamp),
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The secret of a second factor cannot be sealed.
    #[error(transparent)]
    Seal(#[from] seal::SealError),
    /// Sessions cannot be read or written.
    #[error("sessions cannot be read or written")]
    Session(#[from] tower_sessions::session::Error),
}

impl From<crate::Denied> for SignInError {
    fn from(denied: crate::Denied) -> Self {
        match denied {
            crate::Denied::Wrong => Self::Wrong,
            crate::Denied::TooMany => Self::TooMany,
        }
    }
}
