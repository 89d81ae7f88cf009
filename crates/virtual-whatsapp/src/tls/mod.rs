//! TLS in front of the server: an authority of its own, and a listener whose certificate that authority has signed.

mod authority;
mod listener;

use std::path::PathBuf;

pub use authority::Authority;
pub use listener::{TlsListener, TlsOptions};

/// Why TLS could not be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// The file of the authority's key or certificate.
    #[error("{path}: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        cause: std::io::Error,
    },
    /// A key or certificate could not be made or read.
    #[error("certificate: {0}")]
    Certificate(#[from] rcgen::Error),
    /// The certificate could not be used.
    #[error("TLS: {0}")]
    Rustls(#[from] rustls::Error),
}
