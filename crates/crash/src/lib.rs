//! Points at which the crash driver may end a process by SIGKILL, and faults that it and the tests of isolation plant to
//! prove that they would find them. Nothing but names unless the feature `points` is on, which no release has.
//!
//! A process is armed once, at its start, from a directory that the environment names. Whoever starts another process
//! with an empty environment passes [`environment`] on.

mod canary;
mod points;

#[cfg(feature = "points")]
mod armed;
#[cfg(feature = "points")]
mod connects;

pub use canary::Canary;
pub use points::{COMMAND_POINTS, PLACE_POINTS, POINTS, Point, Process, is_point};

#[cfg(feature = "points")]
pub use connects::connects;

/// The file of a run that has connections succeed again.
pub const LIFTED_CONNECTS: &str = "connects.lifted";

/// Somebody to whom connections are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// A worker's to WhatsApp.
    WhatsApp,
    /// The control plane's to its database.
    Database,
    /// The control plane's to a worker.
    Worker,
}

impl Peer {
    /// How a run's files call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::WhatsApp => "whatsapp",
            Self::Database => "database",
            Self::Worker => "worker",
        }
    }
}

#[cfg(feature = "points")]
pub use armed::{
    PlanError, ahead_ms, arm, canary, directory, environment, free_bytes, hurried, is_armed, point,
};

/// Names the directory of a run: `worker.plan`, `control.plan` and `host.plan` are read there, `worker.trace` and
/// so on written.
pub const DIRECTORY: &str = "FLOWHQ_CRASH_DIR";
/// The file of a run that says by how many milliseconds the time is ahead of the machine's.
pub const AHEAD: &str = "clock.ahead";
/// The file of a run that says how many bytes are free on the disk, in place of the disk's own word.
pub const FREE: &str = "disk.free";
/// Names the fault that is planted.
pub const CANARY: &str = "FLOWHQ_CANARY";

#[cfg(not(feature = "points"))]
mod nothing {
    use std::{ffi::OsString, time::Duration};

    use crate::{Canary, Peer, Process};

    /// No connection fails by plan in this build.
    ///
    /// # Errors
    /// Never in this build.
    #[inline(always)]
    pub const fn connects(_to: Peer) -> std::io::Result<()> {
        Ok(())
    }

    /// Does nothing in this build.
    #[inline(always)]
    pub const fn point(_name: &'static str) {}

    /// Nothing is armed in this build.
    #[inline(always)]
    #[must_use]
    pub const fn is_armed() -> bool {
        false
    }

    /// The time is the machine's in this build.
    #[inline(always)]
    #[must_use]
    pub const fn ahead_ms() -> i64 {
        0
    }

    /// The disk says itself how much is free, in this build.
    #[inline(always)]
    #[must_use]
    pub const fn free_bytes() -> Option<u64> {
        None
    }

    /// No fault is planted in this build.
    #[inline(always)]
    #[must_use]
    pub const fn canary(_which: Canary) -> bool {
        false
    }

    /// Does nothing in this build.
    ///
    /// # Errors
    /// Never in this build.
    pub const fn arm(_process: Process) -> Result<(), std::convert::Infallible> {
        Ok(())
    }

    /// As it is, in this build.
    #[inline(always)]
    #[must_use]
    pub const fn hurried(patience: Duration) -> Duration {
        patience
    }

    /// There is no run in this build.
    #[must_use]
    pub const fn directory() -> Option<std::path::PathBuf> {
        None
    }

    /// Nothing is passed on in this build.
    pub fn environment() -> std::iter::Empty<(&'static str, OsString)> {
        std::iter::empty()
    }
}

#[cfg(not(feature = "points"))]
pub use nothing::{
    ahead_ms, arm, canary, connects, directory, environment, free_bytes, hurried, is_armed, point,
};
