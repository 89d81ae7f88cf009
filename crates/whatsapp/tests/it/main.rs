//! The channel against a virtual WhatsApp server.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a panic here is a failed test, and figures are printed"
)]

mod bot;
mod content;
mod death;
mod durability;
mod endings;
mod footprint;
mod linking;
mod messages;
mod refusals;
mod session;
