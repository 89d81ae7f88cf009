//! What really happened, for tests and benchmarks to compare with: the server's events and each phone's transcript.

mod counters;
mod events;
mod transcript;

pub use counters::Counters;
pub(crate) use counters::{CounterSet, count};
pub(crate) use events::EventLog;
pub use events::{Event, EventKind, Events, ReceiptKind, WaitError};
pub(crate) use transcript::Transcript;
pub use transcript::{Body, ChatEntry, Direction, MessageId, Tick};
