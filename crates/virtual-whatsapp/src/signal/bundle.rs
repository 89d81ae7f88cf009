//! Key bundles on the wire: `registration`, `type`, `identity`, `skey` and perhaps `key`, each a child with bytes.

use wacore_binary::{Node, builder::NodeBuilder};
use wacore_libsignal::protocol::{IdentityKey, PreKeyBundle, PublicKey};

use super::{SignalFault, SignedKey};
use crate::stanza::node::{child_bytes, id3, leaf, uint};

/// The key type of Curve25519, as `type` carries it.
const DJB: u8 = 5;

/// One device's or phone's keys, as another starts a session with.
#[derive(Debug, Clone)]
pub(crate) struct Bundle {
    pub(crate) registration: u32,
    pub(crate) identity: [u8; 32],
    pub(crate) signed: SignedKey,
    pub(crate) one_time: Option<(u32, [u8; 32])>,
}

impl Bundle {
    pub(super) fn to_signal(&self) -> Result<PreKeyBundle, SignalFault> {
        let one_time = match &self.one_time {
            Some((id, key)) => Some(((*id).into(), PublicKey::from_djb_public_key_bytes(key)?)),
            None => None,
        };
        Ok(PreKeyBundle::new(
            self.registration,
            0u32.into(),
            one_time,
            self.signed.id.into(),
            PublicKey::from_djb_public_key_bytes(&self.signed.key)?,
            self.signed.signature.to_vec(),
            IdentityKey::new(PublicKey::from_djb_public_key_bytes(&self.identity)?),
        )?)
    }

    /// The bundle of a retry receipt: `registration` beside `keys`. `None` where a part is missing or misformed.
    pub(crate) fn from_retry(receipt: &Node) -> Option<Self> {
        let keys = receipt.get_optional_child("keys")?;
        let one_time = keys
            .get_optional_child("key")
            .and_then(|k| Some((uint(child_bytes(k, "id")), child_bytes(k, "value").try_into().ok()?)));
        Some(Self {
            registration: uint(child_bytes(receipt, "registration")),
            identity: child_bytes(keys, "identity").try_into().ok()?,
            signed: SignedKey::from_node(keys.get_optional_child("skey")?)?,
            one_time,
        })
    }
}

/// The children of a `user` in a bundle answer.
pub(crate) fn bundle_children(bundle: &Bundle) -> Vec<Node> {
    let mut children = vec![
        leaf("registration", bundle.registration.to_be_bytes()),
        leaf("type", [DJB]),
        leaf("identity", bundle.identity),
        bundle.signed.to_node(),
    ];
    if let Some((id, key)) = &bundle.one_time {
        children.push(NodeBuilder::new("key").children([leaf("id", id3(*id)), leaf("value", *key)]).build());
    }
    children
}
