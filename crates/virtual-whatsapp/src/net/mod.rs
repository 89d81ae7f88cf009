//! Connections: from the accepted stream to the end of it.

mod connection;
mod login;
mod pump;

pub(crate) use connection::serve;
pub(crate) use login::conflict;
