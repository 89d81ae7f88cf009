//! A WhatsApp server for tests, benchmarks and demonstrations. It speaks the real protocol (WebSocket, Noise, binary
//! stanzas, Signal), so that unmodified clients link to it by QR code and exchange messages with the virtual
//! customers that live in it.
//!
//! ```no_run
//! # async fn example(code_that_the_bot_shows: &str) -> Result<(), virtual_whatsapp::Error> {
//! use std::time::Duration;
//! use virtual_whatsapp::{Options, VirtualWhatsApp};
//!
//! let server = VirtualWhatsApp::start(Options::default()).await?;
//! println!("point your client at {}", server.url());
//! let phone = server.phone("255754000111")?;
//! phone.scan(code_that_the_bot_shows).await?;
//! let asha = server.customer("255754000222", "Asha")?;
//! asha.send_text("255754000111", "Habari")?;
//! let replies = asha.wait_for_reply("255754000111", 1, Duration::from_secs(10)).await?;
//! println!("{:?}", replies[0].body.text());
//! # Ok(())
//! # }
//! ```
//!
//! It is a test double: it keeps no secret worth keeping and listens on loopback unless told otherwise. What it does
//! not simulate stands in its README.

mod clock;
mod control;
mod error;
mod faults;
mod handles;
mod linking;
mod media;
mod net;
mod noise;
mod options;
mod persist;
mod phones;
mod random;
mod server;
mod signal;
mod stanza;
mod sync;
mod tls;
mod truth;
mod world;

pub use clock::Clock;
pub use control::{Control, ControlOptions};
pub use error::Error;
pub use faults::{Distribution, Fault, FaultSpec, Faults, Lasts, Scope, StanzaKind};
pub use handles::{
    AccountInfo, Customer, DeviceStatus, GroupInfo, GroupOptions, LinkedDevice, Phone, SendOptions,
};
pub use linking::LinkError;
pub use noise::{NoiseFault, Pattern};
pub use options::{Limits, Options};
pub use persist::StateError;
pub use phones::{Draft, Kind, PhoneError, Via, Wrapper};
pub use server::{Server, VirtualWhatsApp};
pub use signal::SignalFault;
pub use tls::{Authority, TlsError, TlsListener, TlsOptions};
pub use truth::{
    Body, ChatEntry, Counters, Direction, Event, EventKind, Events, MessageId, ReceiptKind, Tick, WaitError,
};
pub use world::ReceiptPolicy;
