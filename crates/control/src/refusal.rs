//! What the store and the supervisor refuse, as problems.

use store::StoreError;
use supervisor::Error;
use web::{Kind, Problem};

/// The one answer for a tenant that is not there and for one that the asker may not see.
pub(crate) fn no_tenant() -> Problem {
    Problem::new(Kind::TenantNotFound, "There is no such tenant.")
}

/// What the store refused.
pub(crate) fn by_store(error: &StoreError) -> Problem {
    match error {
        StoreError::NotFound("tenant") => no_tenant(),
        StoreError::NotFound("operator") => {
            Problem::new(Kind::OperatorNotFound, "There is no such operator.")
        }
        StoreError::NotFound(_) | StoreError::NumberTaken | StoreError::Refused(_) => {
            Problem::new(Kind::Conflict, sentence(&error.to_string()))
        }
        StoreError::Conflict { field, reason } => {
            Problem::new(Kind::Conflict, sentence(reason)).with_field(*field)
        }
        StoreError::Invalid { field, reason } => Problem::invalid_field(*field, sentence(reason)),
        StoreError::Unavailable(cause) => {
            tracing::warn!(error = %cause, "the database does not answer");
            Problem::new(Kind::Unavailable, "The database does not answer at the moment; try again.")
        }
        StoreError::LeaseLost => {
            Problem::new(Kind::Unavailable, "Another control plane has taken over; ask that one.")
        }
        StoreError::OldGeneration { .. } | StoreError::LogGap { .. } | StoreError::Corrupt { .. } => {
            Problem::internal(error)
        }
    }
}

/// What the supervisor refused.
pub(crate) fn by_supervisor(error: &Error) -> Problem {
    match error {
        Error::NoTenant => no_tenant(),
        Error::AlreadyRunning => Problem::new(Kind::WorkerRunning, sentence(&error.to_string())),
        Error::NotRunning => Problem::new(Kind::WorkerStopped, sentence(&error.to_string())),
        Error::NoPairingCode(_) => Problem::new(Kind::NoPairingCode, sentence(&error.to_string())),
        Error::Start(_) => Problem::new(Kind::WorkerFailed, sentence(&error.to_string())),
        Error::NotLinked | Error::NotSent(_) | Error::NoAnswer | Error::Busy | Error::ShuttingDown => {
            Problem::new(Kind::Unavailable, sentence(&error.to_string()))
        }
        Error::Overtaken | Error::NotDone(_) => Problem::new(Kind::Conflict, sentence(&error.to_string())),
        Error::Files(_) => Problem::internal(error),
        Error::Store(cause) => by_store(cause),
    }
}

/// A message that begins with a capital and ends with a full stop.
pub(crate) fn sentence(message: &str) -> String {
    let mut chars = message.chars();
    let mut text: String =
        chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default();
    if !text.ends_with(['.', '!', '?']) {
        text.push('.');
    }
    text
}
