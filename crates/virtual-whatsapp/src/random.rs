//! The server's own randomness: one seed gives the same keys, ids and choices again.

use std::sync::Mutex;

use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};

use crate::sync::lock;

/// The source that every key, id and random choice of one server comes from.
#[derive(Debug)]
pub(crate) struct Entropy(Mutex<StdRng>);

impl Entropy {
    /// From `seed`, or from the operating system where none is given.
    pub(crate) fn new(seed: Option<u64>) -> Self {
        Self(Mutex::new(seed.map_or_else(rand::make_rng, StdRng::seed_from_u64)))
    }

    /// A generator of its own for one part, so that parts do not wait for each other.
    pub(crate) fn fork(&self) -> StdRng {
        let mut seed = [0u8; 32];
        lock(&self.0).fill_bytes(&mut seed);
        StdRng::from_seed(seed)
    }

    pub(crate) fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0u8; N];
        lock(&self.0).fill_bytes(&mut out);
        out
    }

    pub(crate) fn number(&self) -> u64 {
        lock(&self.0).next_u64()
    }

    /// Upper-case hexadecimal digits, as WhatsApp's message ids have them.
    pub(crate) fn hex<const N: usize>(&self) -> String {
        self.bytes::<N>().iter().map(|b| format!("{b:02X}")).collect()
    }
}
