//! What every web side of ours does alike: which names it knows, whose pages it refuses, which headers it sends, how it
//! reads a document and serves a connection. Knows nothing of ours, and says nothing to people by itself: what is wrong
//! comes back as a value, for which each side has its own words.

pub mod connection;
mod headers;
mod hosts;
mod origin;
mod problem;
pub mod read;

pub use headers::add_defaults;
pub use hosts::{HostFault, Hosts};
pub use origin::OwnOrigins;
pub use problem::document;
