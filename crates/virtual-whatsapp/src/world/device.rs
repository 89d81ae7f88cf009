//! A linked device as the server knows it: its keys, its queue and its connection.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex, MutexGuard};

use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;
use wacore_binary::{Jid, Node};

use super::queue::{Class, Queue, StanzaKey};
use crate::signal::DeviceKeys;
use crate::stanza::node::attr_or_empty;
use crate::sync::lock;

/// Something for a connection's writer, besides the queue.
#[derive(Debug)]
pub(crate) enum Outgoing {
    Node(Node),
    /// Write what is before it, then close.
    Close,
}

/// A connection, as others reach it.
#[derive(Clone)]
pub(crate) struct Link {
    pub(crate) id: u64,
    pub(crate) outbox: mpsc::Sender<Outgoing>,
    pub(crate) kill: CancellationToken,
    /// The client has closed, or ended its part otherwise.
    pub(crate) gone: CancellationToken,
    /// Rung when the device's queue may have something to write.
    pub(crate) bell: Arc<Notify>,
    /// A fault: nothing comes or goes any more, and the connection stays open.
    pub(crate) half_open: Arc<AtomicBool>,
    /// The last word has been said: what the client still says is read and not answered.
    pub(crate) closing: Arc<AtomicBool>,
}

impl Link {
    /// Says a last word, as far as the client reads, and closes.
    pub(crate) fn end(&self, last: Option<Node>) {
        let said = last.is_none_or(|node| self.outbox.try_send(Outgoing::Node(node)).is_ok());
        if !said || self.outbox.try_send(Outgoing::Close).is_err() {
            self.kill.cancel();
        }
    }
}

/// What a device's state file and the phone's list of linked devices say.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct DeviceAbout {
    /// As the client names itself, for instance `Chrome`.
    pub(crate) platform: String,
    /// Seconds since 1970.
    pub(crate) linked_at: u64,
}

pub(crate) struct DeviceState {
    pub(crate) keys: Option<DeviceKeys>,
    pub(crate) queue: Queue,
    pub(crate) link: Option<Link>,
    /// The app-state key share has gone out.
    pub(crate) key_shared: bool,
    /// The first history notification has gone out.
    pub(crate) history_shared: bool,
    /// The device shows itself as available.
    pub(crate) available: bool,
    pub(crate) last_seen: u64,
    pub(crate) unlinked: bool,
    /// What has changed since it looked last, and when: told at each login until the device clears it.
    pub(crate) dirty: BTreeMap<String, u64>,
}

pub(crate) struct Device {
    pn: Jid,
    lid: Jid,
    /// The Noise key that it registered with: a login with another is refused.
    pub(crate) noise_key: [u8; 32],
    pub(crate) identity: [u8; 32],
    pub(crate) key_index: u32,
    pub(crate) about: DeviceAbout,
    state: Mutex<DeviceState>,
    pub(crate) messages_in: AtomicU64,
    pub(crate) messages_out: AtomicU64,
    pub(crate) logins: AtomicU64,
}

impl Device {
    pub(crate) fn new(
        pn: Jid,
        lid: Jid,
        (noise_key, identity): ([u8; 32], [u8; 32]),
        key_index: u32,
        about: DeviceAbout,
        queue_limit: usize,
    ) -> Arc<Self> {
        let state = DeviceState {
            keys: None,
            queue: Queue::new(queue_limit),
            link: None,
            key_shared: false,
            history_shared: false,
            available: false,
            last_seen: 0,
            unlinked: false,
            dirty: BTreeMap::new(),
        };
        Arc::new(Self {
            pn,
            lid,
            noise_key,
            identity,
            key_index,
            about,
            state: Mutex::new(state),
            messages_in: AtomicU64::new(0),
            messages_out: AtomicU64::new(0),
            logins: AtomicU64::new(0),
        })
    }

    /// The account's number.
    pub(crate) fn number(&self) -> &str {
        self.pn.user.as_str()
    }

    /// The device's number within the account.
    pub(crate) fn id(&self) -> u16 {
        self.pn.device
    }

    pub(crate) fn pn(&self) -> &Jid {
        &self.pn
    }

    pub(crate) fn lid(&self) -> &Jid {
        &self.lid
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, DeviceState> {
        lock(&self.state)
    }

    /// Queues a stanza until the device settles it. `from` is the sender as acknowledgements name it. Returns true
    /// where the queue was full and its oldest stanza was dropped.
    pub(crate) fn enqueue(&self, from: &str, node: Node) -> bool {
        let mut state = self.state();
        if state.unlinked {
            return false;
        }
        let Some(class) = Class::of(&node.tag) else {
            drop(state);
            self.say_now(node);
            return false;
        };
        let key = StanzaKey { class, id: attr_or_empty(&node, "id") };
        let dropped = state.queue.push(key, from.to_owned(), node);
        if state.queue.is_open()
            && let Some(link) = &state.link
        {
            link.bell.notify_one();
        }
        dropped
    }

    /// For what only matters now (typing, presence, marks): lost where the device is away or slow.
    pub(crate) fn say_now(&self, node: Node) -> bool {
        let link = self.state().link.clone();
        link.is_some_and(|link| link.outbox.try_send(Outgoing::Node(node)).is_ok())
    }

    /// Makes the connection look whether there is something to do.
    pub(crate) fn ring(&self) {
        if let Some(link) = &self.state().link {
            link.bell.notify_one();
        }
    }

    /// Ends the connection, if there is one, after a last word.
    pub(crate) fn disconnect(&self, last: Option<Node>) -> bool {
        let link = self.state().link.clone();
        if let Some(link) = &link {
            link.end(last);
        }
        link.is_some()
    }
}
