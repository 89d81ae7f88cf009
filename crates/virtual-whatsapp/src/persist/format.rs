//! The form of the state file. Fields are only ever added with a default; anything else is a new version.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::phones::{Kind, Via};
use crate::truth::ChatEntry;
use crate::world::queue::Class;
use crate::world::{Community, DeviceAbout, ReceiptPolicy};

pub(super) const FORMAT: &str = "virtual-whatsapp";
pub(super) const VERSION: u32 = 1;

/// Bytes, as base64 in JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Base64(pub(crate) Vec<u8>);

impl Serialize for Base64 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64_STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        BASE64_STANDARD.decode(text.as_bytes()).map(Self).map_err(serde::de::Error::custom)
    }
}

/// What every version begins with.
#[derive(Deserialize)]
pub(super) struct Head {
    pub(super) format: String,
    pub(super) version: u32,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct StateFile {
    pub(super) format: String,
    pub(super) version: u32,
    /// Root, intermediate and static private keys.
    pub(super) noise: [Base64; 3],
    pub(super) accounts: Vec<AccountRow>,
    pub(super) groups: Vec<GroupRow>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct AccountRow {
    pub(super) number: String,
    pub(super) lid: String,
    pub(super) name: String,
    pub(super) business: bool,
    pub(super) registered: bool,
    pub(super) peer: PeerRow,
    pub(super) next_device: u16,
    pub(super) key_index: u32,
    pub(super) raw_id: u32,
    pub(super) collections: BTreeMap<String, Vec<Base64>>,
    pub(super) app_state_key: Base64,
    pub(super) receipts: ReceiptPolicy,
    pub(super) blocked: Vec<String>,
    pub(super) sent: Vec<SentRow>,
    pub(super) devices: Vec<DeviceRow>,
    pub(super) transcript: Vec<ChatEntry>,
    #[serde(default)]
    pub(super) verified_name: Option<String>,
    #[serde(default)]
    pub(super) hides_number: bool,
    #[serde(default)]
    pub(super) by_lid_with: Vec<String>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct PeerRow {
    pub(super) identity: Base64,
    pub(super) registration: u32,
    pub(super) signed: Base64,
    pub(super) prekeys: Vec<Base64>,
    pub(super) sessions: Vec<(String, Base64)>,
    pub(super) senders: Vec<(String, String, Base64)>,
    pub(super) next_prekey: u32,
}

#[derive(Serialize, Deserialize)]
pub(super) struct SentRow {
    pub(super) id: String,
    pub(super) chat: String,
    pub(super) padded: Base64,
    pub(super) own: Base64,
    pub(super) envelope: Kind,
    #[serde(default)]
    pub(super) at: Option<u64>,
    #[serde(default)]
    pub(super) via: Via,
    #[serde(default)]
    pub(super) unavailable: Option<String>,
    #[serde(default)]
    pub(super) spoilt: bool,
    pub(super) stanzas: Vec<(String, u16, Base64)>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct DeviceRow {
    pub(super) id: u16,
    pub(super) noise_key: Base64,
    pub(super) identity: Base64,
    pub(super) key_index: u32,
    pub(super) about: DeviceAbout,
    pub(super) keys: Option<KeysRow>,
    pub(super) queue: Vec<WaitingRow>,
    pub(super) key_shared: bool,
    pub(super) history_shared: bool,
    pub(super) last_seen: u64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct KeysRow {
    pub(super) registration: u32,
    pub(super) signed_id: u32,
    pub(super) signed_key: Base64,
    pub(super) signature: Base64,
    pub(super) highest: u32,
    pub(super) one_time: Vec<(u32, Base64)>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct WaitingRow {
    pub(super) class: Class,
    pub(super) id: String,
    pub(super) from: String,
    /// As on the wire.
    pub(super) stanza: Base64,
}

#[derive(Serialize, Deserialize)]
pub(super) struct GroupRow {
    pub(super) id: String,
    pub(super) subject: String,
    pub(super) by_lid: bool,
    pub(super) created: u64,
    pub(super) members: Vec<String>,
    #[serde(default)]
    pub(super) admins: Vec<String>,
    #[serde(default)]
    pub(super) community: Community,
}
