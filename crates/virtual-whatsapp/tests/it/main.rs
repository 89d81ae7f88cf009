//! The server seen by an unmodified WhatsApp client, and at the wire.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic here is a failed test")]

mod appstate;
mod baileys;
mod bot;
mod clients;
mod content;
mod control;
mod faults;
mod figures;
mod groups;
mod hostile;
mod http;
mod keys;
mod kinds;
mod linking;
mod makes;
mod messages;
mod page;
mod persistence;
mod readme;
mod requests;
mod retries;
mod tls;
mod wire;
