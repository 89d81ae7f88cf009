//! Small things that several parts say to devices in the same way.

use std::sync::Arc;

use wacore_binary::{Jid, JidExt as _, Node};

use crate::stanza::node::jid;
use crate::truth::count;
use crate::world::{Device, World};

/// Who sent a stanza, in the form in which it is found again whether it is named by number or by LID: the number,
/// or the group's id, a slash and the number. Empty for the server.
pub(crate) fn sender_key(world: &World, from: Option<&Jid>, participant: Option<&Jid>) -> String {
    let name = |jid: &Jid| match world.directory.by_jid(jid) {
        Some(account) => account.number().to_owned(),
        None => jid.user.to_string(),
    };
    match (from, participant) {
        (Some(group), Some(who)) if group.is_group() => format!("{}/{}", group.user, name(who)),
        (Some(from), _) => name(from),
        (None, _) => String::new(),
    }
}

/// Queues a stanza for a device and counts what the queue had to drop for it.
pub(crate) fn enqueue(world: &World, device: &Arc<Device>, node: Node) {
    let from = sender_key(world, jid(&node, "from").as_ref(), jid(&node, "participant").as_ref());
    if device.enqueue(&from, node) {
        count(&world.counters.queue_overflows);
        tracing::warn!(device = %device.pn(), "the device's queue is full: its oldest stanza was dropped");
    }
}

/// The time as `t` attributes have it.
pub(crate) fn now_attr(world: &World) -> String {
    world.clock.now_secs().to_string()
}
