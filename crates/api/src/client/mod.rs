//! A client of the admin API: over the socket in the data directory, or over HTTP(S) with a password.
//!
//! Knows nothing of command lines and prints nothing.

mod answer;
mod ask;
mod dial;
mod error;
mod events;
#[cfg(test)]
mod tests;

pub use ask::Client;
pub use dial::unix as dial_unix;
pub use error::ClientError;
pub use events::{Event, Events};

/// What carries an answer; ends with it.
type Driver = tokio::task::JoinSet<Result<(), hyper::Error>>;
