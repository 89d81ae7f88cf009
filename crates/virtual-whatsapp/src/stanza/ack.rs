//! `ack`: a client settles a stanza that waited for it, whether it took or refused it.

use wacore_binary::Node;

use super::Session;
use super::node::{attr, attr_or_empty, jid};
use crate::phones::sender_key;
use crate::truth::EventKind;
use crate::world::queue::{Class, StanzaKey};

pub(super) fn handle(session: &Session<'_>, ack: &Node) {
    let (id, class) = (attr_or_empty(ack, "id"), attr_or_empty(ack, "class"));
    if let Some(known) = Class::of(&class) {
        let from = sender_key(session.world, jid(ack, "to").as_ref(), jid(ack, "participant").as_ref());
        session.device.state().queue.settle(&StanzaKey { class: known, id: id.clone() }, &from);
        // Room for the next batch of a backlog.
        session.link.bell.notify_one();
    }
    let (number, device) = (session.number(), session.device.id());
    session.world.event(EventKind::Acked { number, device, class, id, error: attr(ack, "error") });
}
