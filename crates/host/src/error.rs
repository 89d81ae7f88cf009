//! Why a host does not start, or is not talked with.

use std::{io, path::PathBuf};

/// A connection that was not opened.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The stream failed.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
    /// The other side took too long.
    #[error("nothing answers there in time")]
    Late,
    /// No protocol version in common.
    #[error("no version of the protocol is common to both: {0}. Bring the older one up to date first")]
    Version(String),
    /// It is another host.
    #[error("another host answers there: {0:?}. Is the address in HOSTS right?")]
    Name(String),
    /// The other side does not know the key.
    #[error(
        "the other side does not know this host's key: has it that of another installation, or of another host? \
         `flowhq host --print-key NAME` prints the right one"
    )]
    Proof,
    /// A host that has been followed by another one.
    #[error(
        "it is incarnation {incarnation} of this host, and incarnation {newest} was seen already: two hosts have this name, or an \
         old copy of its volume was put back. End the one that is not meant; nothing is asked of either before"
    )]
    Old {
        /// Which answered.
        incarnation: u64,
        /// Which was seen.
        newest: u64,
    },
    /// Two hosts of one name and one number: one lives on a copy of the other's volume.
    #[error(
        "two hosts say that they are incarnation {0} of this host: one of them runs on a copy of the other's volume. End it; \
         nothing is asked of either before"
    )]
    Twice(u64),
    /// It said something that does not belong there.
    #[error("it does not speak as a host does: {0}")]
    Malformed(String),
    /// The other side refused us, in its own words.
    #[error("it refused the control plane: {0}")]
    Refused(String),
}

/// A volume on which no host may start.
#[derive(Debug, thiserror::Error)]
pub enum VolumeError {
    /// Another host lives on it.
    #[error("{}: another host runs on this volume already", path.display())]
    Held {
        /// Its lock.
        path: PathBuf,
    },
    /// It is another host's.
    #[error(
        "{}: this is the volume of host {found:?}, and HOST_NAME is {wanted:?}. A tenant's place is its volume: mount the right one, \
         or give this host that name",
        path.display()
    )]
    Name {
        /// What says so.
        path: PathBuf,
        /// Whose it is.
        found: String,
        /// Who was to start.
        wanted: String,
    },
    /// It is another installation's.
    #[error(
        "{}: this volume is another installation's, or this host was given another key. Where the key was changed on purpose and no \
         worker of the old one runs, remove this file",
        path.display()
    )]
    Installation {
        /// What says so.
        path: PathBuf,
    },
    /// What says whose it is cannot be read as such.
    #[error(
        "{}: does not say whose volume this is ({why}). Whose it is decides which tenants run here: put the file back, or remove it \
         where you are sure",
        path.display()
    )]
    Broken {
        /// Which.
        path: PathBuf,
        /// Why not.
        why: String,
    },
    /// It cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// What.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}
