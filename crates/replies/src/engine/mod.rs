//! The reply engine: from what happened in a chat to what is said, recorded and remembered.

mod act;
mod bot;
mod decide;
mod fill;
mod flow;
mod free;
mod lists;
mod outcome;
mod state;
mod talk;
mod timers;
mod when;

pub(crate) use bot::Topic;
pub use bot::{Bot, Business};
pub use decide::{decide, decide_again, warm};
pub use outcome::{From, Heard, Notice, Outcome, Reply, Silence, Timer, Turn, Wake, typing_ms};
pub use state::{BasketLine, Filled, HandOff, HandOffReason, PackVersion, Running, Shown, State, Value};
pub use timers::of as timers;
