//! How people sign in: passwords, second factors, sessions, browsers that are known, and what slows those who guess.
//!
//! Knows nothing of pages and routes: whoever has some asks it, and it answers or says why not. What it takes back (a
//! session, a password, an account) is told to everything that is still going on for it ([`Accounts::ended`]).
//!
//! Whatever asks the database or the sessions in it fails where those do not answer. Sections on errors name only what can
//! go wrong beside that.

pub mod admin;
mod asker;
mod browser_session;
mod browser_sessions;
mod code;
mod common;
mod device;
mod error;
mod gate;
mod guesses;
mod line;
pub mod password;
pub mod people;
mod proof;
mod resealing;
mod service;
mod sign_in;
pub mod totp;

pub use asker::Asker;
pub use browser_session::Pending;
pub use browser_sessions::BrowserSessions;
pub use common::{Common, refuse_common};
pub use error::SignInError;
pub use gate::{Denied, Gate};
pub use guesses::Guessed;
pub use line::Source;
pub use people::{People, PeopleError};
pub use proof::{Means, Proof, Revoked};
pub use resealing::Sealed;
pub use service::{Accounts, Options, PURPOSE, device_key};
pub use sign_in::{ADMIN, Passed, Proved};
/// A browser's session. What a bot keeps of WhatsApp is a session too, and another one.
pub use tower_sessions::Session as BrowserSession;

#[cfg(test)]
mod tests;
