//! One tenant's bot as a library: inbox, one ordered queue per chat, outbox, session and heartbeat.
//!
//! [`run`] is all of it. WhatsApp is known only as [`channel::Channel`]; the control plane only as the crate `link`.
//! Whatever must survive lies in [`journal`]. A message passes, in order: `intake` (written and synced, then
//! acknowledged), `chats` and `chat` (its turn, once its contact has been quiet for a while), `decide` (what is said), `journal::fix` (one transaction for its
//! outcome), `sender` (until the server has it), `talk` (its log rows up the link).

mod acks;
mod backoff;
mod bot;
mod cell;
pub mod channel;
mod chat;
mod chats;
mod connection;
mod decide;
mod figures;
mod intake;
pub mod journal;
mod marks;
mod open_link;
mod outcomes;
mod pace;
mod planted;
mod quiet;
mod run;
mod sender;
mod session;
pub mod silence;
mod standing;
mod timers;
mod uplink;
mod view;
mod voice;
pub mod waits;

pub use figures::Figures;
pub use run::{Itself, files, run};
