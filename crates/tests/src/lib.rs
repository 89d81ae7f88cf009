//! own process, and a client of the admin API. It waits for events and never for time; a limit only ends what hangs.
#![expect(clippy::panic, clippy::expect_used, reason = "a panic here is a failed test")]

pub mod admin;
pub mod assure;
pub mod attack;
pub mod bench;
pub mod binaries;
pub mod bot;
pub mod by_hand;
pub mod cable;
pub mod control_plane;
pub mod crash;
pub mod delegated;
pub mod demo;
pub mod events;
mod exchange;
pub mod isolation;
pub mod kinds;
pub mod linked;
pub mod many_machines;
pub mod place;
pub mod planted;
pub mod played;
pub mod postgres;
pub mod process;
pub mod release;
pub mod sandbox;
pub mod sealed;
mod settled;
pub mod standstill;
pub mod sweep;
pub mod watch;

use std::time::Duration;

pub use admin::Admin;
pub use binaries::Flavour;
pub use bot::Bot;
pub use control_plane::ControlPlane;
pub use demo::Demo;
pub use linked::Linked;
pub use place::{PASSWORD, Place};
pub use postgres::Postgres;

/// How long anything may take before a test gives up. Generous, since machines that run tests are busy.
pub const LIMIT: Duration = Duration::from_secs(60);
