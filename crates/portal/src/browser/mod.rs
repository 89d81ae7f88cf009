//! What a browser sends: its cookie, which is believed once the control plane knows it, and headers, which are not.

mod cookie;
mod smuggled;

#[allow(unused_imports, reason = "sign-in takes it up")]
pub(crate) use cookie::begin;
pub(crate) use cookie::{Token, end};
pub(crate) use smuggled::{Smuggled, strip};
