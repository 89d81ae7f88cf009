//! Workers on another machine: a host runs them (`flowhq host`), and the control plane has a runtime over each.
//!
//! In order: [`HostKey`] is what both sides know, `proof` how they prove it to each other over TLS, `wire` what is said then, one
//! stream to each request; [`Volume`] is what says which host a directory is; [`serve`] is the host's side over any
//! [`supervisor::Runtime`], and [`HostRuntime`] the control plane's, which is one again.
//!
//! A host is believed what its own volume can show and no more: which tenant is meant is never its word, whatever it says has a
//! bound in size and time, and workers still prove themselves to the control plane, through it.

mod about;
mod client;
mod error;
mod files;
mod key;
mod proof;
mod server;
mod tls;
mod volume;
mod wire;

#[cfg(test)]
mod testing;

pub use about::{About, Place};
pub use client::{HostRuntime, Seen};
pub use error::{HostError, VolumeError};
pub use key::{HostKey, KeyError};
pub use server::{Options, serve};
pub use volume::Volume;
