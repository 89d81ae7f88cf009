//! How far a worker is confined: what is wanted, what it may take, and what holds.

use serde::{Deserialize, Serialize};

use crate::words::words;

words! { "kebab-case",
    /// How much of its confinement a worker must have.
    pub enum WantedConfinement {
        /// All of it, or it does not start.
        Full,
        /// As much as the system offers.
        BestEffort,
        /// None.
        Off,
    }
}

words! { "SCREAMING_SNAKE_CASE",
    /// How far a worker has confined itself.
    pub enum Confinement {
        /// By every layer.
        Full,
        /// By some.
        Partial,
        /// By none.
        Off,
    }
}

/// What a worker may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkerBounds {
    /// How much of its confinement it must have.
    pub confinement: WantedConfinement,
    /// The most memory that it may write, in bytes.
    pub memory_bytes: u64,
    /// The most that its directory may hold, in bytes.
    pub directory_bytes: u64,
}

impl Default for WorkerBounds {
    /// What holds for a worker that is told nothing: as confined as it can be.
    fn default() -> Self {
        Self {
            confinement: WantedConfinement::BestEffort,
            memory_bytes: 512_000_000,
            directory_bytes: 2_000_000_000,
        }
    }
}
