//! `usync`: who is on WhatsApp, under which LID, with which devices. Only what `query` asks is answered.

use wacore_binary::{Jid, Node, builder::NodeBuilder};

use super::Session;
use super::iq::{Answer, BAD_REQUEST};
use super::node::{attr, bytes, grandchildren, jid, leaf};
use crate::linking;
use crate::world::{Account, World};

/// What can be asked; the rest is left out of the answer, as WhatsApp does with what it does not offer.
const KNOWN: [&str; 6] = ["contact", "devices", "lid", "status", "disappearing_mode", "business"];

pub(super) fn answer(session: &Session<'_>, iq: &Node) -> Answer {
    let usync = iq.get_optional_child("usync").ok_or(BAD_REQUEST)?;
    let asked: Vec<&'static str> = grandchildren(usync, "query")
        .iter()
        .filter_map(|protocol| KNOWN.into_iter().find(|k| *k == protocol.tag))
        .collect();
    let users =
        grandchildren(usync, "list").iter().filter_map(|user| answer_user(session.world, &asked, user));
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

fn answer_user(world: &World, asked: &[&'static str], user: &Node) -> Option<Node> {
    // A user that is asked for by number has no address but `contact` with the digits.
    let dialled = user.get_optional_child("contact").map(bytes).filter(|b| !b.is_empty());
    let dialled =
        dialled.and_then(|b| std::str::from_utf8(b).ok()).map(|d| d.trim_start_matches('+').to_owned());
    let whom = jid(user, "jid").or_else(|| dialled.as_deref().map(Jid::pn))?.to_non_ad();
    let account = world.directory.by_jid(&whom).filter(|a| a.state().registered);
    let children =
        asked.iter().filter_map(|p| answer_protocol(world, p, account.as_deref(), dialled.as_deref()));
    let children: Vec<Node> = children.collect();
    Some(NodeBuilder::new("user").attr("jid", &whom).children(children).build())
}

fn answer_protocol(
    world: &World,
    asked: &str,
    account: Option<&Account>,
    dialled: Option<&str>,
) -> Option<Node> {
    if asked == "contact" {
        let contact = NodeBuilder::new("contact").attr("type", if account.is_some() { "in" } else { "out" });
        return Some(match dialled {
            Some(digits) => contact.bytes(format!("+{digits}").into_bytes()).build(),
            None => contact.build(),
        });
    }
    let account = account?;
    match asked {
        "devices" => Some(devices(world, account)),
        "lid" => Some(NodeBuilder::new("lid").attr("val", account.lid()).build()),
        "status" => {
            let t = world.clock.now_secs().to_string();
            Some(NodeBuilder::new("status").attr("t", t).bytes(b"Virtual".to_vec()).build())
        }
        "disappearing_mode" => {
            Some(NodeBuilder::new("disappearing_mode").attr("duration", "0").attr("t", "0").build())
        }
        "business" if account.state().business => Some(NodeBuilder::new("business").build()),
        _ => None,
    }
}

fn devices(world: &World, account: &Account) -> Node {
    let linked = account.devices();
    let mut list = vec![NodeBuilder::new("device").attr("id", "0").build()];
    for device in &linked {
        let index = device.key_index.to_string();
        list.push(
            NodeBuilder::new("device").attr("id", device.id().to_string()).attr("key-index", index).build(),
        );
    }
    let mut children = vec![NodeBuilder::new("device-list").children(list).build()];
    if !linked.is_empty() {
        match linking::indexes(world, account) {
            Ok(signed) => {
                let mut indexes = leaf("key-index-list", signed);
                indexes.attrs.insert("ts", world.clock.now_secs().to_string());
                children.push(indexes);
            }
            Err(e) => tracing::warn!(error = %e, "the key index list was not signed"),
        }
    }
    NodeBuilder::new("devices").children(children).build()
}
