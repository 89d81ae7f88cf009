//! The worker's channel on whatsapp-rust; the heavy dependency lives here alone.
//!
//! [`WhatsApp`] implements [`worker::channel::Channel`]. It must never decide what is answered, nor open a connection
//! again by itself: both are the worker's part.

mod address;
mod backend;
mod bridge;
mod channel;
mod connection;
mod content;
mod driver;
mod endpoint;
mod history;
mod hook;
mod http;
mod inbound;
mod keeping;
mod options;
mod reason;
mod runtime;
mod session;
mod signals;
mod text;
mod transport;
mod tuning;
mod waits;

pub use bridge::{LOG_DIRECTIVES, install_log_bridge};
pub use channel::WhatsApp;
pub use endpoint::{Endpoint, EndpointError, WHATSAPP_URL};
pub use options::{CLIENT_VERSION, OnFatal, Options};
pub use runtime::runtime;

/// What this build is, where it is not the one that ships: for `--version` and every page.
pub const BUILD_NOTE: Option<&str> = if is_virtual_build() {
    Some(
        "virtual build: certificates are not checked; speaks only with servers on this machine, not with WhatsApp",
    )
} else {
    None
};

/// Whether this build has the feature `virtual`: no check of the server's certificate, loopback only.
#[must_use]
pub const fn is_virtual_build() -> bool {
    cfg!(feature = "virtual")
}
