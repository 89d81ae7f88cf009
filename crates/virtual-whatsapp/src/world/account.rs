//! An account: a number, its LID, its phone (device 0) and the devices linked to it. A customer is an account to
//! which nothing is linked.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};

use wacore_binary::{Jid, Node};

use super::Device;
use crate::phones::{Kind, Via};
use crate::signal::Peer;
use crate::sync::lock;
use crate::truth::{MessageId, Transcript};

/// How a phone confirms what it got.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptPolicy {
    /// Never.
    None,
    /// It arrived.
    #[default]
    Delivered,
    /// It arrived and was read at once.
    Read,
}

/// A message that a phone sent and may be asked for again.
#[derive(Clone)]
pub(crate) struct SentMessage {
    pub(crate) id: MessageId,
    /// The number or the group's id.
    pub(crate) chat: String,
    /// The padded plaintext as each device gets it.
    pub(crate) padded: Arc<[u8]>,
    /// The padded plaintext as the sender's own devices get it, wrapped with where it went.
    pub(crate) own: Arc<[u8]>,
    pub(crate) envelope: Kind,
    /// The time that the message says it was sent at, where it is not that of its sending.
    pub(crate) at: Option<u64>,
    pub(crate) via: Via,
    /// It is a notice of something that linked devices do not get: of what.
    pub(crate) unavailable: Option<String>,
    /// No device can ever read it: each copy is damaged.
    pub(crate) spoilt: bool,
    /// The stanza of each device: number, device and bytes as they went.
    pub(crate) stanzas: Vec<(String, u16, Node)>,
}

impl SentMessage {
    /// The plaintext without its padding, whose last byte says how long it is.
    pub(crate) fn plain(&self) -> &[u8] {
        let padding = self.padded.last().map_or(0, |last| usize::from(*last));
        &self.padded[..self.padded.len().saturating_sub(padding)]
    }
}

/// What changes about an account.
pub(crate) struct AccountState {
    pub(crate) name: String,
    pub(crate) business: bool,
    pub(crate) peer: Peer,
    pub(crate) devices: BTreeMap<u16, Arc<Device>>,
    /// The number that the next linked device gets; numbers are never given twice.
    pub(crate) next_device: u16,
    /// The key index that the newest linked device has.
    pub(crate) key_index: u32,
    pub(crate) raw_id: u32,
    /// App-state patches by collection, in order of version from 1.
    pub(crate) collections: HashMap<String, Vec<Vec<u8>>>,
    pub(crate) app_state_key: [u8; 32],
    pub(crate) receipts: ReceiptPolicy,
    /// Numbers that this account hears nothing from.
    pub(crate) blocked: BTreeSet<String>,
    pub(crate) sent: VecDeque<SentMessage>,
    /// The number is on WhatsApp.
    pub(crate) registered: bool,
    /// The name that WhatsApp has verified, of businesses.
    pub(crate) verified_name: Option<String>,
    /// Nobody is told the number: the account is known by its LID alone.
    pub(crate) hides_number: bool,
    /// Numbers to whom this account last wrote under its LID.
    pub(crate) by_lid_with: BTreeSet<String>,
    /// Numbers whose presence a device of this account wants to be shown.
    pub(crate) watches: BTreeSet<String>,
    /// The phone shows its owner as there.
    pub(crate) available: bool,
}

pub(crate) struct Account {
    pn: Jid,
    lid: Jid,
    pub(crate) transcript: Transcript,
    state: Mutex<AccountState>,
}

impl Account {
    pub(crate) fn new(pn: Jid, lid: Jid, transcript: Transcript, state: AccountState) -> Self {
        Self { pn, lid, transcript, state: Mutex::new(state) }
    }

    /// Digits.
    pub(crate) fn number(&self) -> &str {
        self.pn.user.as_str()
    }

    pub(crate) fn pn(&self) -> &Jid {
        &self.pn
    }

    pub(crate) fn lid(&self) -> &Jid {
        &self.lid
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, AccountState> {
        lock(&self.state)
    }

    pub(crate) fn devices(&self) -> Vec<Arc<Device>> {
        self.state().devices.values().cloned().collect()
    }

    pub(crate) fn device(&self, device: u16) -> Option<Arc<Device>> {
        self.state().devices.get(&device).cloned()
    }
}

impl AccountState {
    /// Keeps `message` for later requests, at most `limit` of them.
    pub(crate) fn remember(&mut self, message: SentMessage, limit: usize) {
        while self.sent.len() >= limit.max(1) {
            self.sent.pop_front();
        }
        self.sent.push_back(message);
    }

    /// The newest message of that id; the last ones are asked for most.
    pub(crate) fn sent(&mut self, id: &str) -> Option<&mut SentMessage> {
        self.sent.iter_mut().rev().find(|m| m.id == id)
    }
}
