//! Small things that several parts say to devices in the same way.

use std::sync::Arc;

use wacore_binary::{Jid, JidExt as _, Node, builder::NodeBuilder};

use crate::stanza::node::{from_server, jid, leaf};
use crate::truth::count;
use crate::world::{Account, Device, World};

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

/// A contact types (`composing`, perhaps with `media`), or no longer does (`paused`). Only for who is there now.
pub(crate) fn chat_state(world: &World, from: &Account, to: &Account, state: &'static str) {
    if to.state().blocked.contains(from.number()) {
        return;
    }
    let node =
        NodeBuilder::new("chatstate").attr("from", from.pn()).children([NodeBuilder::new(state).build()]);
    let node = node.build();
    for device in to.devices() {
        enqueue(world, &device, node.clone());
    }
}

/// A contact has another identity from now on: its phone was set up anew.
pub(crate) fn identity_changed(world: &World, who: &Account, to: &Account) {
    let identity = NodeBuilder::new("identity").build();
    // Named as in the chat with them.
    let by_lid = who.state().by_lid_with.contains(to.number());
    let name = if by_lid { who.lid() } else { who.pn() };
    let node = NodeBuilder::new("notification").attr("from", name).attr("type", "encrypt");
    notify(world, to, node.children([identity]));
}

/// A contact gives the account its privacy token, which comes back with messages to the contact.
pub(crate) fn token(world: &World, from: &Account, to: &Account) {
    let token = NodeBuilder::new("token")
        .attr("jid", to.pn())
        .attr("type", "trusted_contact")
        .attr("t", now_attr(world))
        .bytes(world.entropy.bytes::<16>());
    let node = NodeBuilder::new("notification")
        .attr("from", from.pn())
        .attr("sender_lid", from.lid())
        .attr("type", "privacy_token");
    notify(world, to, node.children([NodeBuilder::new("tokens").children([token.build()]).build()]));
}

/// A contact shows itself as there, or away, to whoever wants to see it. Only for who is there now.
pub(crate) fn show_presence(world: &World, who: &Account, to: &Account, available: bool) {
    let node = NodeBuilder::new("presence").attr("from", who.pn());
    let node = if available {
        node.build()
    } else {
        node.attr("type", "unavailable").attr("last", now_attr(world)).build()
    };
    for device in to.devices() {
        device.say_now(node.clone());
    }
}

/// Everybody who has a chat with an account hears that it has another number from now on.
pub(crate) fn number_changed(world: &World, old: &Account, new: &Account) {
    for number in old.transcript.chats() {
        let Some(contact) = world.directory.by_number(&number) else { continue };
        let modify = NodeBuilder::new("modify")
            .attr("old", old.pn())
            .attr("new", new.pn())
            .attr("old_lid", old.lid())
            .attr("new_lid", new.lid())
            .build();
        let node = NodeBuilder::new("notification").attr("from", old.pn()).attr("type", "contacts");
        notify(world, &contact, node.children([modify]));
    }
}

/// A call that nobody took ends.
pub(crate) fn hang_up(world: &World, from: &Account, to: &Account, call: &str) {
    let end = NodeBuilder::new("terminate")
        .attr("call-id", call)
        .attr("call-creator", from.pn())
        .attr("reason", "timeout");
    notify(world, to, NodeBuilder::new("call").attr("from", from.pn()).children([end.build()]));
}

/// A contact calls; returns the call's id.
pub(crate) fn ring(world: &World, from: &Account, to: &Account) -> String {
    let call = world.entropy.hex::<16>();
    let audio = NodeBuilder::new("audio").attr("enc", "opus").attr("rate", "16000").build();
    let offer = NodeBuilder::new("offer").attr("call-id", call.clone()).attr("call-creator", from.pn());
    notify(
        world,
        to,
        NodeBuilder::new("call").attr("from", from.pn()).children([offer.children([audio]).build()]),
    );
    call
}

fn notify(world: &World, to: &Account, node: NodeBuilder) {
    let node = node.attr("id", world.stanza_id()).attr("t", now_attr(world)).build();
    for device in to.devices() {
        enqueue(world, &device, node.clone());
    }
}

/// Something has changed while nobody looked: the device is to fetch it and clear the mark.
pub(crate) fn dirty(device: &Device, what: &str, timestamp: u64) -> bool {
    device.state().dirty.insert(what.to_owned(), timestamp);
    say_dirty(device, what, timestamp)
}

/// Tells the marks that a device has not cleared.
pub(crate) fn say_all_dirty(device: &Device) {
    let marks = device.state().dirty.clone();
    for (what, timestamp) in marks {
        say_dirty(device, &what, timestamp);
    }
}

fn say_dirty(device: &Device, what: &str, timestamp: u64) -> bool {
    let mark = NodeBuilder::new("dirty").attr("type", what).attr("timestamp", timestamp.to_string()).build();
    device.say_now(from_server("ib").children([mark]).build())
}

/// The route that the device is to name when it connects again.
pub(crate) fn route(device: &Device, route: &[u8]) -> bool {
    let routing = NodeBuilder::new("edge_routing").children([leaf("routing_info", route)]).build();
    device.say_now(from_server("ib").children([routing]).build())
}
