//! What a browser sends: its cookie, which is believed once the control plane knows it, and headers, which are not.

mod cookie;
mod smuggled;

pub(crate) use cookie::{Token, begin, end};
pub(crate) use smuggled::{Smuggled, strip};
