//! What asking the admin API can fail with.

use std::io;

/// Why there is no answer, or not the one that was asked for.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The address is none that can be asked.
    #[error("{url}: {why}")]
    Url {
        /// The address.
        url: String,
        /// Why, and what would be one.
        why: String,
    },
    /// Whoever sees an address would see the password.
    #[error("an address must not hold a password")]
    PasswordInUrl,
    /// It has characters that no header takes.
    #[error("the password cannot be sent")]
    UnsendablePassword,
    /// What was to be sent cannot be written as JSON.
    #[error("the request cannot be written: {0}")]
    Unwritable(#[source] serde_json::Error),
    /// Nobody listens.
    #[error("{at} cannot be reached: {source}")]
    Unreachable {
        /// Socket or address.
        at: String,
        /// Whether it is a socket on this machine.
        by_socket: bool,
        /// Why.
        source: io::Error,
    },
    /// The answer broke off, or is not what is understood.
    #[error("the answer of {at} cannot be read: {cause}")]
    Answer {
        /// Socket or address.
        at: String,
        /// Why.
        cause: String,
    },
    /// Another server answered, or one that stands before Flow HQ.
    #[error("what answered at {at} is no Flow HQ (HTTP status {status})")]
    NotFlowHq {
        /// Socket or address.
        at: String,
        /// HTTP status.
        status: u16,
    },
    /// The admin API refused.
    #[error("{detail}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Which problem it is, as its document's `type` says.
        problem: Option<String>,
        /// Its own words.
        detail: String,
    },
}
