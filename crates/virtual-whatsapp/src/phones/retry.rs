//! When a message could not be read: phones ask devices for it again, and answer devices that ask.

use std::sync::Arc;

use wacore_binary::{Jid, Node, builder::NodeBuilder};

use super::send::{self, How};
use super::signals::{enqueue, now_attr};
use crate::signal::{Address, Bundle, bundle_children};
use crate::stanza::node::{attr, jid, number};
use crate::world::{Account, Device, World};

/// A device that asks more often than this for one message is left alone, as phones do.
const MAX_RETRIES: u32 = 5;

/// A phone asks a device for a message again and gives it fresh keys to encrypt with.
pub(crate) fn ask_again(
    world: &World,
    device: &Arc<Device>,
    me: &Arc<Account>,
    from: &Jid,
    group: Option<&Jid>,
    id: &str,
) {
    let bundle = match me.state().peer.bundle() {
        Ok(bundle) => bundle,
        Err(e) => return tracing::warn!(error = %e, "no keys for a retry"),
    };
    let t = now_attr(world);
    let retry =
        NodeBuilder::new("retry").attr("v", "1").attr("count", "1").attr("id", id).attr("t", t.clone());
    let (mut registration, mut keys) = (Vec::new(), Vec::new());
    for part in bundle_children(&bundle) {
        if part.tag == "registration" { registration.push(part) } else { keys.push(part) }
    }
    let children = std::iter::once(retry.build())
        .chain(registration)
        .chain(std::iter::once(NodeBuilder::new("keys").children(keys).build()));
    let mut receipt = NodeBuilder::new("receipt").attr("id", id).attr("type", "retry").attr("t", t);
    receipt = match group {
        Some(group) => receipt.attr("from", group).attr("participant", from),
        None => receipt.attr("from", from),
    };
    enqueue(world, device, receipt.children(children).build());
}

/// A device asks a phone for a message again: it is encrypted anew, in a new session where the device gives keys.
pub(crate) fn answer_retry(world: &Arc<World>, device: &Arc<Device>, receipt: &Node, id: &str) {
    let whom = jid(receipt, "participant").or_else(|| jid(receipt, "to"));
    let Some(sender) = whom.as_ref().and_then(|jid| world.directory.by_jid(jid)) else { return };
    let count = receipt.get_optional_child("retry").and_then(|r| number(r, "count")).unwrap_or(1);
    if count > MAX_RETRIES {
        return tracing::info!(id, count, "a device asks too often for one message");
    }
    if let Some(bundle) = Bundle::from_retry(receipt) {
        let address = Address::new(device.number(), device.id());
        let mut state = sender.state();
        // The new session archives the old one, by which what is on its way here can still be decrypted.
        state.peer.trust_anew(&address);
        if let Err(e) = state.peer.start_session(&address, &bundle) {
            return tracing::warn!(error = %e, "the keys of a retry receipt were refused");
        }
    }
    let by_lid = attr(receipt, "to").is_some_and(|to| to.ends_with("@lid"));
    let how = How { count, by_lid, ..How::default() };
    if let Err(e) = send::again(world, &sender, device, id, &how) {
        tracing::info!(error = %e, id, "a message that was asked for again was not sent");
    }
}
