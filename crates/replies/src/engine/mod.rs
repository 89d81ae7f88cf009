//! The reply engine: from what happened in a chat to what is said, recorded and remembered.

mod outcome;
mod state;

pub use outcome::{From, Heard, Outcome, Reply, Silence, Timer, Turn, Wake, typing_ms};
pub use state::{BasketLine, Filled, HandOff, HandOffReason, PackVersion, Running, Shown, State, Value};
