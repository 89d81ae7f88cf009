//! Sign-ins with a provider of another make (npm's `oidc-provider`), and with one of our own that forges.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic here is a failed test")]

mod away;
mod forger;
mod negatives;
mod real;
mod rotation;
