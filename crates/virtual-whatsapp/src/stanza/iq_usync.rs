//! `usync`: who is on WhatsApp, under which LID, with which devices. Only what `query` asks is answered.

use std::sync::Arc;

use wacore_binary::{Node, builder::NodeBuilder};

use super::Session;
use super::iq::{Answer, BAD_REQUEST};
use super::node::{attr, bytes, grandchildren, jid};
use crate::phones;
use crate::world::{Account, World, address};

/// What can be asked; the rest is left out of the answer, as WhatsApp does with what it does not offer.
const KNOWN: [&str; 6] = ["contact", "devices", "lid", "status", "disappearing_mode", "business"];

pub(super) fn answer(session: &Session<'_>, iq: &Node) -> Answer {
    let usync = iq.get_optional_child("usync").ok_or(BAD_REQUEST)?;
    let asked: Vec<&'static str> = grandchildren(usync, "query")
        .iter()
        .filter_map(|protocol| KNOWN.into_iter().find(|k| *k == protocol.tag))
        .collect();
    let contact = usync.get_optional_child_by_tag(&["query", "contact"]);
    let lid_mode = [Some(usync), contact]
        .into_iter()
        .flatten()
        .any(|node| attr(node, "addressing_mode").as_deref() == Some("lid"));
    let users = grandchildren(usync, "list")
        .iter()
        .filter_map(|user| answer_user(session.world, &asked, user, lid_mode));
    let list = NodeBuilder::new("list").children(users).build();
    let result =
        NodeBuilder::new("result").children(asked.iter().map(|p| NodeBuilder::new(p).build())).build();
    let mut answer = NodeBuilder::new("usync");
    for key in ["context", "mode", "sid", "last", "index"] {
        if let Some(value) = attr(usync, key) {
            answer = answer.attr(key, value);
        }
    }
    Ok(vec![answer.children([result, list]).build()])
}

/// Whom a request names, and how.
struct Asked<'a> {
    world: &'a World,
    account: Option<Arc<Account>>,
    /// What stands in `contact`, for somebody who is asked for by number.
    dialled: Option<&'a str>,
    /// Somebody is asked for by LID.
    by_lid: bool,
}

fn answer_user(world: &World, protocols: &[&'static str], user: &Node, lid_mode: bool) -> Option<Node> {
    // A user that is asked for by number has no address but `contact` with the digits, in whatever form.
    let contact = user.get_optional_child("contact").map(bytes).filter(|b| !b.is_empty());
    let dialled = contact.and_then(|b| std::str::from_utf8(b).ok());
    let named = jid(user, "jid").map(|jid| jid.to_non_ad());
    let whom = named.or_else(|| address::of_number(address::dialled(dialled?)?).ok());
    let Some(whom) = whom else {
        // No number: nothing can be said of it but that.
        let text = dialled?;
        let contact = NodeBuilder::new("contact").attr("type", "invalid").bytes(text.as_bytes().to_vec());
        return Some(NodeBuilder::new("user").children([contact.build()]).build());
    };
    let account = world.directory.by_jid(&whom).filter(|a| a.state().registered);
    let asked = Asked { world, account, dialled, by_lid: whom.is_lid() };
    let children: Vec<Node> = protocols.iter().filter_map(|p| asked.answer(p)).collect();
    let mut answer = NodeBuilder::new("user");
    answer = match &asked.account {
        Some(account) if lid_mode && !asked.by_lid => {
            answer.attr("jid", account.lid()).attr("pn_jid", account.pn())
        }
        _ => answer.attr("jid", &whom),
    };
    Some(answer.children(children).build())
}

impl Asked<'_> {
    fn answer(&self, protocol: &str) -> Option<Node> {
        if protocol == "contact" {
            let there = if self.account.is_some() { "in" } else { "out" };
            let contact = NodeBuilder::new("contact").attr("type", there);
            return Some(match self.dialled {
                // As it was asked, so that the asker finds it again.
                Some(text) => contact.bytes(text.as_bytes().to_vec()).build(),
                None => contact.build(),
            });
        }
        let account = self.account.as_deref()?;
        match protocol {
            "devices" => Some(devices(self.world, account)),
            // A LID has none of its own, and one that hides its number tells it to nobody.
            "lid" => (!self.by_lid).then(|| NodeBuilder::new("lid").attr("val", account.lid()).build()),
            "status" => {
                let t = self.world.clock.now_secs().to_string();
                Some(NodeBuilder::new("status").attr("t", t).bytes(b"Virtual".to_vec()).build())
            }
            "disappearing_mode" => {
                Some(NodeBuilder::new("disappearing_mode").attr("duration", "0").attr("t", "0").build())
            }
            "business" => {
                let state = account.state();
                state.business.then(|| {
                    let name = phones::verified_name(&state);
                    NodeBuilder::new("business").children(name).build()
                })
            }
            _ => None,
        }
    }
}

fn devices(world: &World, account: &Account) -> Node {
    let linked = phones::reachable(account);
    let mut list = vec![NodeBuilder::new("device").attr("id", "0").build()];
    for device in &linked {
        let index = device.key_index.to_string();
        list.push(
            NodeBuilder::new("device").attr("id", device.id().to_string()).attr("key-index", index).build(),
        );
    }
    let mut children = vec![NodeBuilder::new("device-list").children(list).build()];
    if !linked.is_empty() {
        children.extend(phones::key_indexes(world, account));
    }
    NodeBuilder::new("devices").children(children).build()
}
