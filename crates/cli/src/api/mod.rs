//! The admin API seen from the command line: over the socket in the data directory, or over HTTP(S) with a password.

mod answer;
mod client;
mod dial;
mod events;
mod find;

pub(crate) use client::Client;
#[cfg(test)]
pub(crate) use dial::unix as dial_unix;
pub(crate) use events::Events;
pub(crate) use find::encode;
