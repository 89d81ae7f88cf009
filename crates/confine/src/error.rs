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
    #[error(
        "CONFINEMENT is full, and {what} cannot be limited: {source}; set CONFINEMENT=best-effort to go on without"
    )]
    Limit {
        /// Which.
        what: &'static str,
        /// Why not.
        source: std::io::Error,
    },
    /// Landlock refuses.
    #[error(
        "CONFINEMENT is full, and files cannot be taken away: {0}; set CONFINEMENT=best-effort to go on without"
    )]
    Files(String),
    /// Seccomp refuses.
    #[error(
        "CONFINEMENT is full, and system calls cannot be taken away: {0}; set CONFINEMENT=best-effort to go on without"
    )]
    Calls(String),
}
