//! The worker against a server and a control plane in memory, with real journals, sockets and threads.
#![expect(
    unreachable_pub,
    reason = "a test binary has no outside; pub marks what the cases use of the harness"
)]
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a panic here is a failed test")]

mod backup;
mod control;
mod rig;
mod server;

mod corrections;
mod crash;
mod engine;
mod erasing;
mod faults;
mod filters;
mod known;
mod landed;
mod link;
mod model;
mod path;
mod session;
mod start;
mod stock;
mod ticks;
mod told;
mod turns;
mod unreadable;
