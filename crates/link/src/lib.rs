//! The link between a worker and the control plane: how a worker is launched, how both prove themselves to each
//! other, and the frames they exchange. Knows nothing of processes, databases or WhatsApp.
//!
//! In order: [`launch`] carries the first document and the socket to the worker, [`handshake`] opens a connection,
//! [`session`] says what may be said on it and when, [`message`] is what is said.

pub mod cell;
mod error;
pub mod exit;
mod files_key;
pub mod frame;
pub mod handshake;
mod hex32;
pub mod launch;
pub mod message;
pub mod session;
pub mod socket;
mod token;
mod version;

#[cfg(test)]
mod before_tests;

pub use error::{LinkError, Reason, Refusal};
pub use exit::Exit;
pub use files_key::FilesKey;
pub use handshake::{Identity, accept, dial};
pub use hex32::Hex;
pub use session::{ControlSide, DownReceiver, DownSender, Hello, UpReceiver, UpSender, Welcome, WorkerSide};
pub use token::{Token, TokenKey};
pub use version::Versions;

/// A worker's number within its tenant; grows with every start and is committed before the process is spawned.
pub type Generation = i64;
