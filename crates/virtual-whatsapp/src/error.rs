//! What the server's own interface refuses.

use std::io;
use std::net::SocketAddr;

use crate::linking::LinkError;
use crate::persist::StateError;
use crate::phones::PhoneError;
use crate::signal::SignalFault;
use crate::tls::TlsError;
use crate::truth::WaitError;

/// Why a call on a handle failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {cause}")]
    Bind {
        /// The address from the options.
        address: SocketAddr,
        /// What the operating system said.
        #[source]
        cause: io::Error,
    },
    /// A phone number has another form.
    #[error("{0:?} is no phone number: 5 to 15 digits without +, for instance 255754000111")]
    BadNumber(String),
    /// A LID has another form.
    #[error("{0:?} is no LID: 5 to 20 digits, for instance 100000000000001")]
    BadLid(String),
    /// The id of a group, newsletter or broadcast list has another form.
    #[error(
        "{0:?} is no group, newsletter or broadcast list: 3 to 40 digits and dashes, for instance 120361234567890123"
    )]
    BadGroup(String),
    /// Two accounts cannot have one LID.
    #[error("the LID {0} belongs to another account")]
    LidTaken(String),
    /// Linking failed.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// A phone could not do it.
    #[error(transparent)]
    Phone(#[from] PhoneError),
    /// What was waited for did not happen.
    #[error(transparent)]
    Wait(#[from] WaitError),
    /// Keys could not be made or read.
    #[error("keys: {0}")]
    Keys(#[from] SignalFault),
    /// The state file.
    #[error(transparent)]
    State(#[from] StateError),
    /// TLS could not be set up.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The server has shut down.
    #[error("the server has shut down")]
    ShutDown,
}
