//! Signed words on who is asking. One program signs what it asks of another ([`Signer`]): for which session, person and
//! tenant, with which method, path and body, until when. The other takes each of them once ([`Verifier`]), so that neither a
//! key that leaked alone nor a claim that was seen on its way opens anything.
//!
//! Ed25519 (RFC 8032) by `ring`. Knows nothing of ours, keeps no clock and asks for no randomness but for a new key: times
//! and nonces come in from outside.

mod refusal;
mod seen;
mod signer;
mod verifier;
mod wire;

pub use refusal::Refusal;
pub use signer::{KeyError, Signer};
pub use verifier::Verifier;
pub use wire::{Asked, Claim, VERSION, body_hash};

/// How long a claim may live, in milliseconds.
pub const LONGEST_MS: i64 = 30_000;
/// How far the two clocks may be apart, in milliseconds.
pub const SKEW_MS: i64 = 5_000;
/// A header of more bytes is no claim.
pub const HEADER_MAX_BYTES: usize = 4_096;
