//! How people sign in: passwords, second factors, sessions, browsers that are known, and what slows those who guess.
//!
//! Knows nothing of pages and routes: whoever has some asks it, and it answers or says why not. What it takes back (a
//! session, a password, an account) is told to everything that is still going on for it ([`Accounts::ended`]).

pub mod admin;
mod asker;
mod code;
mod common;
mod device;
mod error;
mod gate;
mod guesses;
mod line;
pub mod password;
mod service;
mod session;
mod session_store;
mod sign_in;
mod standing;
pub mod totp;

pub use asker::Asker;
pub use common::refuse_common;
pub use error::SignInError;
pub use gate::{Denied, Gate};
pub use guesses::Guessed;
pub use line::Source;
pub use service::{Accounts, Options, PURPOSE, device_key};
pub use session::Pending;
pub use session_store::Sessions;
pub use sign_in::{ADMIN, Passed, Proved};
pub use standing::{Means, Proof, Revoked};

#[cfg(test)]
mod tests;
