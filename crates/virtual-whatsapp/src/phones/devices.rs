//! Who has which devices: what the server lists, and what it tells others when a device comes or goes.

use std::sync::Arc;

use wacore::messages::MessageUtils;
use wacore_binary::{Jid, Node, builder::NodeBuilder};

use super::signals::{enqueue, now_attr};
use crate::linking;
use crate::stanza::node::leaf;
use crate::world::{Account, Device, Group, World};

/// The linked devices that can be written to. One that was linked and never came on line has no keys: listed, it would
/// make every message to its account fail.
pub(crate) fn reachable(account: &Account) -> Vec<Arc<Device>> {
    account.devices().into_iter().filter(|device| device.state().keys.is_some()).collect()
}

/// The signed list of an account's valid key indexes, as `key-index-list`.
pub(crate) fn key_indexes(world: &World, account: &Account) -> Option<Node> {
    match linking::indexes(world, account) {
        Ok(signed) => {
            let mut indexes = leaf("key-index-list", signed);
            indexes.attrs.insert("ts", now_attr(world));
            Some(indexes)
        }
        Err(e) => {
            tracing::warn!(error = %e, "the key index list was not signed");
            None
        }
    }
}

/// The hash of a list of devices, as clients reckon it.
fn hash(devices: &[Jid]) -> String {
    MessageUtils::participant_list_hash(devices).unwrap_or_default()
}

/// All devices of an account, its phone first.
fn all_of(account: &Account, by_lid: bool) -> Vec<Jid> {
    let name = if by_lid { account.lid() } else { account.pn() };
    let linked = reachable(account);
    std::iter::once(name.clone()).chain(linked.iter().map(|device| name.with_device(device.id()))).collect()
}

/// The hash of all devices of a group's members, as an acknowledgement names it to a sender who thinks otherwise.
pub(crate) fn group_hash(world: &World, group: &Group) -> String {
    let members = group.members();
    let accounts = members.iter().filter_map(|number| world.directory.by_number(number));
    let devices: Vec<Jid> = accounts.flat_map(|account| all_of(&account, group.by_lid)).collect();
    hash(&devices)
}

/// A device has come (with keys) or gone: its account's other devices and everybody who has a chat with the account
/// are told.
pub(super) fn devices_changed(world: &World, account: &Arc<Account>, which: &Device, added: bool) {
    let own = all_of(account, false);
    let list = own.iter().map(|jid| NodeBuilder::new("device").attr("jid", jid).build());
    let list: Vec<Node> = list.chain(key_indexes(world, account)).collect();
    let devices = NodeBuilder::new("devices").attr("dhash", hash(&own)).children(list).build();
    for device in account.devices() {
        if device.id() == which.id() {
            continue;
        }
        let notification = NodeBuilder::new("notification")
            .attr("from", account.pn())
            .attr("type", "account_sync")
            .attr("id", world.stanza_id())
            .attr("t", now_attr(world))
            .children([devices.clone()]);
        enqueue(world, &device, notification.build());
    }
    let index = which.key_index.to_string();
    let changed = NodeBuilder::new("device").attr("jid", which.pn()).attr("lid", which.lid());
    let changed = if added { changed.attr("key-index", index) } else { changed };
    let operation = NodeBuilder::new(if added { "add" } else { "remove" })
        .attr("device_hash", hash(&own))
        .attr("device_lid_hash", hash(&all_of(account, true)))
        .children(std::iter::once(changed.build()).chain(key_indexes(world, account)))
        .build();
    for number in account.transcript.chats() {
        let Some(contact) = world.directory.by_number(&number).filter(|c| c.number() != account.number())
        else {
            continue;
        };
        for device in contact.devices() {
            let notification = NodeBuilder::new("notification")
                .attr("from", account.pn())
                .attr("lid", account.lid())
                .attr("type", "devices")
                .attr("id", world.stanza_id())
                .attr("t", now_attr(world))
                .children([operation.clone()]);
            enqueue(world, &device, notification.build());
        }
    }
}
