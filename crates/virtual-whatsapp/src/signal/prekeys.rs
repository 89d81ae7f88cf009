//! The public keys that a linked device has uploaded. One-time keys are used up, first in first out; uploads add
//! to them and never replace them.

use std::collections::VecDeque;

use wacore_binary::{Node, builder::NodeBuilder};

use super::Bundle;
use crate::stanza::node::{child_bytes, id3, leaf, uint};

/// A signed prekey.
#[derive(Debug, Clone)]
pub(crate) struct SignedKey {
    pub(crate) id: u32,
    pub(crate) key: [u8; 32],
    pub(crate) signature: [u8; 64],
}

impl SignedKey {
    /// From `skey`; `None` where a part is missing or misformed.
    pub(crate) fn from_node(skey: &Node) -> Option<Self> {
        Some(Self {
            id: uint(child_bytes(skey, "id")),
            key: child_bytes(skey, "value").try_into().ok()?,
            signature: child_bytes(skey, "signature").try_into().ok()?,
        })
    }

    pub(crate) fn to_node(&self) -> Node {
        let parts = [leaf("id", id3(self.id)), leaf("value", self.key), leaf("signature", self.signature)];
        NodeBuilder::new("skey").children(parts).build()
    }
}

/// What the server knows of a device's keys.
#[derive(Debug, Clone)]
pub(crate) struct DeviceKeys {
    pub(crate) registration: u32,
    pub(crate) identity: [u8; 32],
    pub(crate) signed: SignedKey,
    one_time: VecDeque<(u32, [u8; 32])>,
    /// The highest id ever uploaded: ids only grow, so that an id at or below it comes again and is not added.
    highest: u32,
}

impl DeviceKeys {
    pub(crate) fn new(registration: u32, identity: [u8; 32], signed: SignedKey) -> Self {
        Self { registration, identity, signed, one_time: VecDeque::new(), highest: 0 }
    }

    pub(crate) fn restore(
        registration: u32,
        identity: [u8; 32],
        signed: SignedKey,
        highest: u32,
        one_time: Vec<(u32, [u8; 32])>,
    ) -> Self {
        Self { registration, identity, signed, one_time: one_time.into(), highest }
    }

    pub(crate) fn highest(&self) -> u32 {
        self.highest
    }

    /// Adds an upload and returns how many keys of it were new.
    pub(crate) fn add(&mut self, keys: impl IntoIterator<Item = (u32, [u8; 32])>) -> usize {
        let before = self.one_time.len();
        let mut highest = self.highest;
        for (id, key) in keys {
            // An id that wrapped around its 24 bits is new as well.
            let wrapped = self.highest > 0xF0_0000 && id < 0x0F_0000;
            if id > self.highest || wrapped {
                self.one_time.push_back((id, key));
                highest = if wrapped { id } else { highest.max(id) };
            }
        }
        self.highest = highest;
        self.one_time.len() - before
    }

    pub(crate) fn left(&self) -> usize {
        self.one_time.len()
    }

    /// Uses up one-time keys until `left` remain.
    pub(crate) fn use_up_to(&mut self, left: usize) {
        self.one_time.truncate(left);
    }

    pub(crate) fn one_time(&self) -> impl Iterator<Item = &(u32, [u8; 32])> {
        self.one_time.iter()
    }

    /// A bundle with one one-time key, which is gone from then on; without one where none is left, as WhatsApp does.
    pub(crate) fn take_bundle(&mut self) -> Bundle {
        Bundle {
            registration: self.registration,
            identity: self.identity,
            signed: self.signed.clone(),
            one_time: self.one_time.pop_front(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> DeviceKeys {
        DeviceKeys::new(1, [0; 32], SignedKey { id: 1, key: [0; 32], signature: [0; 64] })
    }

    #[test]
    fn an_upload_adds_and_the_same_upload_again_does_not() {
        let mut keys = keys();
        assert_eq!(keys.add((1..=5).map(|id| (id, [0; 32]))), 5);
        assert_eq!(keys.take_bundle().one_time.map(|k| k.0), Some(1));
        assert_eq!(keys.add((1..=7).map(|id| (id, [0; 32]))), 2, "1 was used up and must not come back");
        assert_eq!(keys.left(), 6);
    }

    #[test]
    fn a_bundle_without_one_time_keys_is_still_a_bundle() {
        assert!(keys().take_bundle().one_time.is_none());
    }
}
