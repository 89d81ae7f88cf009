//! A tenant moves to another installation, with its session.

pub(crate) mod arrive;
pub(crate) mod key;
pub(crate) mod leave;
pub(crate) mod show;
pub(crate) mod take_in;
