//! The Noise layer: who the server is, the handshakes it answers, and the encrypted frames after them.

mod channel;
mod frame;
mod handshake;
mod identity;

pub(crate) use channel::{NodeReader, NodeWriter};
pub use handshake::Pattern;
pub(crate) use handshake::{Accepted, accept};
pub(crate) use identity::{Identity, public32};

/// Why a connection's bytes were not understood.
#[derive(Debug, thiserror::Error)]
pub enum NoiseFault {
    /// The WebSocket below failed or was misused.
    #[error("WebSocket: {0}")]
    WebSocket(#[from] tokio_websockets::Error),
    /// The client went away.
    #[error("the client closed the connection")]
    Closed,
    /// The stream does not begin as WhatsApp's does.
    #[error("the stream does not begin with `WA` and a known version")]
    Prologue,
    /// A frame is longer than the limit.
    #[error("a frame of {0} bytes is over the limit")]
    FrameTooLong(usize),
    /// A stanza has more levels than the limit.
    #[error("a stanza of {0} levels is over the limit")]
    TooDeep(usize),
    /// A handshake message lacks a part or is no protobuf.
    #[error("handshake message: {0}")]
    Handshake(&'static str),
    /// Keys or ciphertext do not fit.
    #[error("Noise: {0}")]
    Noise(#[from] wacore_noise::NoiseError),
    /// The handshake's cipher refused.
    #[error("Noise handshake: {0}")]
    Step(#[from] wacore_noise::HandshakeError),
    /// A decrypted frame is no stanza.
    #[error("stanza: {0}")]
    Stanza(#[from] wacore_binary::BinaryError),
}
