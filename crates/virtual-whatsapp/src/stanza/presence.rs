//! `presence` and `chatstate`: who is there and who types. Neither is answered.

use wacore_binary::Node;

use super::Session;
use super::node::{attr, attr_or_empty, jid};
use crate::phones;
use crate::truth::EventKind;

pub(super) fn presence(session: &Session<'_>, presence: &Node) {
    if attr(presence, "type").as_deref() == Some("subscribe") {
        return subscribe(session, presence);
    }
    let available = match attr(presence, "type").as_deref() {
        None | Some("available") => true,
        Some("unavailable") => false,
        // Subscriptions end by themselves here.
        Some(_) => return,
    };
    session.device.state().available = available;
    let (number, device) = (session.number(), session.device.id());
    session.world.event(EventKind::Presence { number, device, available });
}

/// A device wants to be shown when a contact is there; it is told at once what is so now.
fn subscribe(session: &Session<'_>, presence: &Node) {
    let Some(whom) = jid(presence, "to").and_then(|j| session.world.directory.by_jid(&j)) else { return };
    session.account.state().watches.insert(whom.number().to_owned());
    let available = whom.state().available;
    phones::show_presence(session.world, &whom, session.account, available);
    let (number, device) = (session.number(), session.device.id());
    let whom = whom.number().to_owned();
    session.world.event(EventKind::PresenceWanted { number, device, whom });
}

pub(super) fn chatstate(session: &Session<'_>, chatstate: &Node) {
    let to = jid(chatstate, "to").and_then(|j| session.world.directory.by_jid(&j));
    let to = to.map_or_else(|| attr_or_empty(chatstate, "to"), |a| a.number().to_owned());
    let state = chatstate.children().and_then(<[Node]>::first).map(|c| c.tag.to_string()).unwrap_or_default();
    let (number, device) = (session.number(), session.device.id());
    session.world.event(EventKind::Typing { number, device, to, state });
}
