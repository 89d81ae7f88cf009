//! A linked device as the server sees it.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use crate::phones;
use crate::signal::DeviceKeys;
use crate::world::{Device, World};

/// What the server knows of a linked device.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct DeviceStatus {
    /// The account's number.
    pub number: String,
    /// The device's number within the account.
    pub device: u16,
    /// What the client called itself.
    pub platform: String,
    /// Seconds since 1970.
    pub linked_at: u64,
    /// When its last connection ended, in seconds since 1970; 0 while there was none.
    pub last_seen: u64,
    /// It is connected now.
    pub connected: bool,
    /// It is connected and ready for stanzas.
    pub active: bool,
    /// It shows itself as available.
    pub available: bool,
    /// Stanzas that wait for it, unacknowledged ones included.
    pub queue: usize,
    /// Stanzas that were written to it and that it has not settled.
    pub unacknowledged: usize,
    /// One-time prekeys left.
    pub prekeys: usize,
    /// Messages it sent.
    pub messages_in: u64,
    /// Messages written to it, redeliveries counted.
    pub messages_out: u64,
    /// Accepted logins.
    pub logins: u64,
}

/// A linked device. The handle stays valid when the device is unlinked; it then says so.
#[derive(Clone)]
pub struct LinkedDevice {
    pub(super) world: Arc<World>,
    pub(super) device: Arc<Device>,
}

impl LinkedDevice {
    pub(crate) fn new(world: Arc<World>, device: Arc<Device>) -> Self {
        Self { world, device }
    }

    /// The account's number.
    #[must_use]
    pub fn number(&self) -> &str {
        self.device.number()
    }

    /// The device's number within the account, from 1.
    #[must_use]
    pub fn id(&self) -> u16 {
        self.device.id()
    }

    /// Still linked.
    #[must_use]
    pub fn is_linked(&self) -> bool {
        !self.device.state().unlinked
    }

    /// Everything the server knows of it now.
    #[must_use]
    pub fn status(&self) -> DeviceStatus {
        let state = self.device.state();
        DeviceStatus {
            number: self.number().to_owned(),
            device: self.id(),
            platform: self.device.about.platform.clone(),
            linked_at: self.device.about.linked_at,
            last_seen: state.last_seen,
            connected: state.link.is_some(),
            active: state.queue.is_open(),
            available: state.available,
            queue: state.queue.len(),
            unacknowledged: state.queue.unacknowledged(),
            prekeys: state.keys.as_ref().map_or(0, DeviceKeys::left),
            messages_in: self.device.messages_in.load(Relaxed),
            messages_out: self.device.messages_out.load(Relaxed),
            logins: self.device.logins.load(Relaxed),
        }
    }

    /// It is connected now.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.device.state().link.is_some()
    }

    /// Uses up its one-time prekeys until `left` remain and tells it so, as the server does when few are left.
    pub fn use_up_prekeys(&self, left: usize) {
        if let Some(keys) = &mut self.device.state().keys {
            keys.use_up_to(left);
        }
        phones::say_few_left(&self.world, &self.device, left);
    }

    /// Sets a mark that something has changed (`account_sync`, `groups`), which the client clears after fetching it;
    /// false where it is not connected.
    pub fn mark_dirty(&self, what: &str) -> bool {
        phones::dirty(&self.device, what, self.world.clock.now_secs())
    }

    /// Tells it the route that it is to name at its next connection; false where it is not connected.
    pub fn give_route(&self, route: &[u8]) -> bool {
        phones::route(&self.device, route)
    }

    /// Closes its connection without a word, as a network does; false where there was none.
    pub fn close_connection(&self) -> bool {
        self.device.disconnect(None)
    }
}
