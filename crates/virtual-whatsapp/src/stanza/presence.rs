//! `presence` and `chatstate`: who is there and who types. Neither is answered.

use wacore_binary::Node;

use super::Session;
use super::node::{attr, attr_or_empty, jid};
use crate::truth::EventKind;

pub(super) fn presence(session: &Session<'_>, presence: &Node) {
    let available = match attr(presence, "type").as_deref() {
        None | Some("available") => true,
        Some("unavailable") => false,
        // Subscriptions to the presence of others: contacts here show none unless told to.
        Some(_) => return,
    };
    session.device.state().available = available;
    let (number, device) = (session.number(), session.device.id());
    session.world.event(EventKind::Presence { number, device, available });
}

pub(super) fn chatstate(session: &Session<'_>, chatstate: &Node) {
    let to = jid(chatstate, "to").and_then(|j| session.world.directory.by_jid(&j));
    let to = to.map_or_else(|| attr_or_empty(chatstate, "to"), |a| a.number().to_owned());
    let state = chatstate.children().and_then(<[Node]>::first).map(|c| c.tag.to_string()).unwrap_or_default();
    let (number, device) = (session.number(), session.device.id());
    session.world.event(EventKind::Typing { number, device, to, state });
}
