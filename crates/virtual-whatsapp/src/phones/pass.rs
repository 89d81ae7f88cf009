//! What a device sends to devices of others goes on as it came: nobody in between can read it.

use std::sync::Arc;

use wacore_binary::{Jid, JidExt as _, Node, builder::NodeBuilder};

use super::receive::Incoming;
use super::signals::{enqueue, now_attr};
use crate::stanza::node::{attr, attr_or_empty};
use crate::world::{Account, Device, Group, World};

/// A copy for another linked device goes on as it came, from the device that sent it.
pub(crate) fn forward(
    world: &World,
    incoming: &Incoming<'_>,
    sender: &Arc<Account>,
    to: &Arc<Account>,
    whom: &Jid,
    enc: &Node,
) {
    let Some(device) = to.device(whom.device) else { return };
    if to.state().blocked.contains(sender.number()) {
        return;
    }
    let (from, other, other_key) = if whom.is_lid() {
        (incoming.from.lid().clone(), sender.pn().clone(), "sender_pn")
    } else {
        (incoming.from.pn().clone(), sender.lid().clone(), "sender_lid")
    };
    let mut node = NodeBuilder::new("message")
        .attr("from", &from)
        .attr(other_key, &other)
        .attr("addressing_mode", if whom.is_lid() { "lid" } else { "pn" });
    if to.number() == sender.number() {
        node = node.attr("recipient", incoming.to);
    }
    let node = marked(world, incoming, sender, node);
    let children: Vec<Node> = std::iter::once(enc.clone()).chain(beside(incoming)).collect();
    enqueue(world, &device, node.children(children).build());
}

/// A device's message to a group goes on to another device of a member: the sender's key, where it was encrypted for
/// that device, and the copy for all.
pub(crate) fn forward_in_group(
    world: &World,
    incoming: &Incoming<'_>,
    sender: &Arc<Account>,
    group: &Group,
    device: &Arc<Device>,
    key: Option<&Node>,
    shared: Option<&Node>,
) {
    let blocked = world
        .directory
        .by_number(device.number())
        .is_none_or(|to| to.number() != sender.number() && to.state().blocked.contains(sender.number()));
    if blocked || (key.is_none() && shared.is_none()) {
        return;
    }
    let node = NodeBuilder::new("message").attr("from", group.jid());
    let node = if group.by_lid {
        node.attr("participant", incoming.from.lid())
            .attr("participant_pn", sender.pn())
            .attr("addressing_mode", "lid")
    } else {
        node.attr("participant", incoming.from.pn())
            .attr("participant_lid", sender.lid())
            .attr("addressing_mode", "pn")
    };
    let node = marked(world, incoming, sender, node);
    let children = key.into_iter().chain(shared).cloned().chain(beside(incoming));
    enqueue(world, device, node.children(children.collect::<Vec<_>>()).build());
}

/// What every copy of a device's message says besides whom it is from: what the device said itself, edits and polls
/// included.
fn marked(world: &World, incoming: &Incoming<'_>, sender: &Account, node: NodeBuilder) -> NodeBuilder {
    let node = node
        .attr("type", attr_or_empty(incoming.stanza, "type"))
        .attr("id", incoming.id)
        .attr("notify", sender.state().name.clone())
        .attr("t", now_attr(world));
    match attr(incoming.stanza, "edit") {
        Some(edit) => node.attr("edit", edit),
        None => node,
    }
}

/// What stands beside the ciphertexts of a device's message and is meant for its readers.
fn beside<'a>(incoming: &Incoming<'a>) -> impl Iterator<Item = Node> + use<'a> {
    let children = incoming.stanza.children().unwrap_or_default().iter();
    let known = ["device-identity", "meta", "biz", "reporting", "multicast"];
    children.filter(move |child| known.contains(&child.tag.as_ref())).cloned()
}

/// A receipt of a device goes on to the devices of whoever wrote the message: to the one that wrote it where it asks
/// for the message again, else to all of them.
pub(crate) fn pass_receipt_on(
    world: &World,
    from: &Arc<Device>,
    receipt: &Node,
    author: &Jid,
    to: Option<&Jid>,
    only_the_author: bool,
) {
    let Some(account) = world.directory.by_jid(author) else { return };
    if account.number() == from.number() {
        return;
    }
    let group = to.and_then(|to| world.directory.group(to.user.as_str()).filter(|_| to.is_group()));
    let by_lid = group.as_ref().map_or_else(|| author.is_lid(), |group| group.by_lid);
    let name = if by_lid { from.lid() } else { from.pn() };
    for device in super::reachable(&account) {
        if only_the_author && device.id() != author.device {
            continue;
        }
        let mut node =
            NodeBuilder::new("receipt").attr("id", attr_or_empty(receipt, "id")).attr("t", now_attr(world));
        node = match &group {
            Some(group) => node.attr("from", group.jid()).attr("participant", name),
            None => node.attr("from", name),
        };
        if let Some(kind) = attr(receipt, "type") {
            node = node.attr("type", kind);
        }
        let children: Vec<Node> = receipt.children().unwrap_or_default().to_vec();
        enqueue(world, &device, node.children(children).build());
    }
}
