//! The server seen by an unmodified WhatsApp client, and at the wire.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic here is a failed test")]

mod bot;
mod linking;
mod messages;
