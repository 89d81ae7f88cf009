//! A Signal endpoint as a phone has it, and the key bundles that devices upload. Everything is in memory and
//! answers at once, so that nothing here is async.

mod bundle;
mod peer;
mod prekeys;
mod stores;

pub(crate) use bundle::{Bundle, bundle_children};
pub(crate) use peer::{Address, EncKind, Peer, PeerParts};
pub(crate) use prekeys::{DeviceKeys, SignedKey};

/// Why something could not be encrypted, decrypted or read.
#[derive(Debug, thiserror::Error)]
pub enum SignalFault {
    /// libsignal refused.
    #[error("{0}")]
    Protocol(#[from] wacore_libsignal::protocol::SignalProtocolError),
    /// A key has a wrong form.
    #[error("key: {0}")]
    Key(#[from] wacore_libsignal::protocol::CurveError),
    /// The encryption type is none that phones know.
    #[error("unknown encryption type {0:?}")]
    Kind(String),
    /// The plaintext is no message.
    #[error("the plaintext is no message: {0}")]
    Plaintext(String),
    /// A store that lives in memory did not answer at once, which cannot be.
    #[error("an in-memory store did not answer at once")]
    Suspended,
}
