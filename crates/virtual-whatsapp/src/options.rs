//! What a server is started with.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use crate::clock::Clock;

/// Settings of one server. The defaults listen on a free loopback port, keep nothing on disk and show QR codes
/// as long as WhatsApp does.
#[derive(Debug, Clone)]
pub struct Options {
    /// The address to listen on; port 0 takes a free one.
    pub bind: SocketAddr,
    /// The server's time.
    pub clock: Clock,
    /// The same seed gives the same keys and ids again; without one they are random.
    pub seed: Option<u64>,
    /// How long each QR reference lives, in their order: WhatsApp's are 60 s and then five times 20 s.
    pub qr_ttls: Vec<Duration>,
    /// Where keys, accounts, sessions and queues are kept, so that a server started again is the same server.
    /// Without a file they live as long as the [`crate::Server`].
    pub state_file: Option<PathBuf>,
    /// The first piece of history too is put into the media store and fetched, where there is one; else it comes in the
    /// message that tells of it. Phones do both.
    pub history_by_reference: bool,
    /// Bounds against hostile or broken clients.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        let ttls = std::iter::once(60).chain(std::iter::repeat_n(20, 5)).map(Duration::from_secs).collect();
        Self {
            bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            clock: Clock::system(),
            seed: None,
            qr_ttls: ttls,
            state_file: None,
            history_by_reference: false,
            limits: Limits::default(),
        }
    }
}

/// Bounds that keep the server's memory and time its own. Each that is hit is counted in [`crate::Counters`].
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at one time, handshakes included; one more is closed at once.
    pub connections: usize,
    /// Bytes of one frame, both ways, before and after unpacking.
    pub frame_bytes: usize,
    /// Levels of one stanza.
    pub stanza_depth: usize,
    /// From the TCP connection to the end of the Noise handshake.
    pub handshake: Duration,
    /// One write to a client that does not read.
    pub write: Duration,
    /// Stanzas that wait for one connection's socket besides its offline queue.
    pub outbox: usize,
    /// Stanzas that wait for one device; the oldest is dropped and counted when one more comes.
    pub queue: usize,
    /// Messages that a phone remembers to send again when a device asks.
    pub remembered: usize,
    /// Entries of one phone's transcript; the oldest are forgotten.
    pub transcript: usize,
    /// Events that can be read again; the oldest are forgotten.
    pub events: usize,
    /// What a device has not settled comes again on the same connection after this time by the server's clock; with
    /// WhatsApp it was seen to take about ten minutes.
    pub redeliver: Duration,
    /// How long a phone waits for a device to answer a scanned code.
    pub link: Duration,
    /// How long a client is given to close after it was told that this is the end, before the server does.
    pub farewell: Duration,
    /// Bytes of one file in the media store.
    pub media_file: usize,
    /// Bytes of all files in the media store; the oldest are forgotten.
    pub media_total: usize,
    /// How long the media store keeps a file by the server's clock: WhatsApp's keeps some weeks.
    pub media_kept: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 16_384,
            frame_bytes: 1 << 20,
            stanza_depth: 32,
            handshake: Duration::from_secs(10),
            write: Duration::from_secs(10),
            outbox: 256,
            queue: 20_000,
            remembered: 256,
            transcript: 10_000,
            events: 65_536,
            redeliver: Duration::from_secs(600),
            link: Duration::from_secs(30),
            farewell: Duration::from_secs(1),
            media_file: 16 << 20,
            media_total: 256 << 20,
            media_kept: Duration::from_secs(30 * 24 * 3600),
        }
    }
}
