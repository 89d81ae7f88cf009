//! Why a process cannot be confined.

use crate::Layer;

/// What could not be taken away.
#[derive(Debug, thiserror::Error)]
pub enum ConfineError {
    /// The kernel, or a container around us, lacks something.
    #[error(
        "CONFINEMENT is full, and this system has no {}; use a newer kernel or a container that offers it, or set \
         CONFINEMENT=best-effort to go on without",
        .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(", no ")
    )]
    Missing(Vec<Layer>),
    /// A resource cannot be limited.
    #[error("CONFINEMENT is full, and {what} cannot be limited: {source}")]
    Limit {
        /// Which.
        what: &'static str,
        /// Why not.
        source: std::io::Error,
    },
    /// Landlock refuses.
    #[error("CONFINEMENT is full, and files cannot be taken away: {0}")]
    Files(String),
    /// Seccomp refuses.
    #[error("CONFINEMENT is full, and system calls cannot be taken away: {0}")]
    Calls(String),
    /// Elsewhere than on Linux.
    #[error("only Linux can confine a worker; set CONFINEMENT=off to go on without")]
    NotLinux,
}
