//! Everything that exists on one server: accounts with their phones and linked devices, groups, devices that wait
//! to be linked. Indexed by number, by LID and by device; no lock is held over an await, and never two accounts'
//! locks at once.

mod account;
pub(crate) mod address;
mod device;
mod directory;
mod group;
pub(crate) mod queue;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::clock::Clock;
use crate::faults::FaultBoard;
use crate::linking::Waiting;
use crate::media::MediaStore;
use crate::noise::Identity;
use crate::options::Options;
use crate::random::Entropy;
use crate::truth::{CounterSet, EventKind, EventLog};

pub use account::ReceiptPolicy;
pub(crate) use account::{Account, AccountState, SentMessage};
pub(crate) use device::{Device, DeviceAbout, Link, Outgoing};
pub(crate) use directory::Directory;
pub(crate) use group::{Community, Group, GroupAbout};

/// One server's world, shared by its connections and handles.
pub(crate) struct World {
    pub(crate) options: Options,
    pub(crate) clock: Clock,
    pub(crate) entropy: Entropy,
    pub(crate) noise: Identity,
    pub(crate) directory: Directory,
    pub(crate) linking: Waiting,
    pub(crate) faults: FaultBoard,
    pub(crate) events: EventLog,
    pub(crate) counters: CounterSet,
    pub(crate) media: MediaStore,
    ids: AtomicU64,
}

impl World {
    pub(crate) fn new(
        options: Options,
        entropy: Entropy,
        noise: Identity,
        directory: Directory,
    ) -> Arc<Self> {
        Arc::new(Self {
            clock: options.clock.clone(),
            events: EventLog::new(options.limits.events),
            options,
            noise,
            directory,
            linking: Waiting::default(),
            faults: FaultBoard::new(entropy.number()),
            counters: CounterSet::default(),
            media: MediaStore::new(entropy.hex::<16>()),
            ids: AtomicU64::new(1),
            entropy,
        })
    }

    pub(crate) fn event(&self, kind: EventKind) {
        self.events.add(self.clock.now_ms(), kind);
    }

    /// An id for a stanza of the server's own.
    pub(crate) fn stanza_id(&self) -> String {
        format!("s{}", self.ids.fetch_add(1, Relaxed))
    }

    /// A number that is never given twice while the server runs.
    pub(crate) fn unique(&self) -> u64 {
        self.ids.fetch_add(1, Relaxed)
    }

    /// An id as phones give their messages.
    pub(crate) fn message_id(&self) -> String {
        format!("3A{}", self.entropy.hex::<9>())
    }
}
