//! `privacy` and `blocklist`: settings, privacy tokens, who is blocked.

use wacore_binary::{Node, builder::NodeBuilder};

use super::Session;
use super::iq::{Answer, BAD_REQUEST, NOT_IMPLEMENTED, Verb};
use super::node::{attr_or_empty, grandchildren, jid};
use crate::truth::EventKind;

/// The settings as a new account has them.
const SETTINGS: [(&str, &str); 7] = [
    ("readreceipts", "all"),
    ("last", "all"),
    ("online", "all"),
    ("profile", "all"),
    ("status", "contacts"),
    ("groupadd", "all"),
    ("calladd", "all"),
];

pub(super) fn answer(session: &Session<'_>, namespace: &str, verb: Verb, iq: &Node) -> Answer {
    match (namespace, verb) {
        ("blocklist", Verb::Get) => Ok(vec![block_list(session)]),
        ("blocklist", Verb::Set) => block(session, iq),
        ("privacy", Verb::Set) if iq.get_optional_child("tokens").is_some() => {
            for token in grandchildren(iq, "tokens") {
                let to = jid(token, "jid").and_then(|j| session.world.directory.by_jid(&j));
                let to = to.map_or_else(|| attr_or_empty(token, "jid"), |a| a.number().to_owned());
                session.world.event(EventKind::TokenGiven { number: session.number(), to });
            }
            Ok(Vec::new())
        }
        ("privacy", Verb::Set) => {
            // What is set is told back, as WhatsApp does; nothing here acts upon it.
            let set = grandchildren(iq, "privacy").iter().filter(|c| c.tag == "category").cloned();
            Ok(vec![NodeBuilder::new("privacy").children(set).build()])
        }
        ("privacy", Verb::Get) => {
            let category =
                |(name, value)| NodeBuilder::new("category").attr("name", name).attr("value", value).build();
            Ok(vec![NodeBuilder::new("privacy").children(SETTINGS.map(category)).build()])
        }
        _ => Err(NOT_IMPLEMENTED),
    }
}

fn block_list(session: &Session<'_>) -> Node {
    let blocked: Vec<String> = session.account.state().blocked.iter().cloned().collect();
    let items = blocked.iter().filter_map(|number| session.world.directory.by_number(number));
    let items = items.map(|a| NodeBuilder::new("item").attr("jid", a.pn()).build());
    NodeBuilder::new("list").children(items).build()
}

fn block(session: &Session<'_>, iq: &Node) -> Answer {
    let item = iq.get_optional_child("item").ok_or(BAD_REQUEST)?;
    let whom = jid(item, "jid").and_then(|j| session.world.directory.by_jid(&j)).ok_or(BAD_REQUEST)?;
    let blocked = match attr_or_empty(item, "action").as_str() {
        "block" => true,
        "unblock" => false,
        _ => return Err(BAD_REQUEST),
    };
    let whom = whom.number().to_owned();
    let mut state = session.account.state();
    if blocked {
        state.blocked.insert(whom.clone());
    } else {
        state.blocked.remove(&whom);
    }
    drop(state);
    session.world.event(EventKind::BlockListChanged { number: session.number(), whom, blocked });
    Ok(vec![block_list(session)])
}
