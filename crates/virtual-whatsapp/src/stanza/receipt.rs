//! `receipt` from a device: acknowledged; it settles the messages it names, moves the sender's ticks, or asks for a
//! message again.

use wacore_binary::{Node, builder::NodeBuilder};

use super::Session;
use super::node::{attr, attr_or_empty, grandchildren, jid, server_jid};
use crate::phones::{self, sender_key};
use crate::truth::{EventKind, ReceiptKind, Tick};
use crate::world::queue::{Class, StanzaKey};

pub(super) fn handle(session: &Session<'_>, receipt: &Node, out: &mut Vec<Node>) {
    let id = attr_or_empty(receipt, "id");
    let to = jid(receipt, "to");
    let participant = jid(receipt, "participant");
    let kind = attr(receipt, "type");
    let mut ack = NodeBuilder::new("ack").attr("class", "receipt").attr("id", id.clone());
    ack = ack.attr("from", to.clone().unwrap_or_else(server_jid));
    if let Some(participant) = &participant {
        ack = ack.attr("participant", participant);
    }
    if let Some(kind) = &kind {
        ack = ack.attr("type", kind.clone());
    }
    out.push(ack.build());

    let from = sender_key(session.world, to.as_ref(), participant.as_ref());
    let kind = read_kind(kind);
    let more = grandchildren(receipt, "list").iter().filter_map(|item| attr(item, "id"));
    let ids: Vec<String> = std::iter::once(id).chain(more).collect();
    if kind == ReceiptKind::Retry {
        for id in &ids {
            note(session, &from, id, &kind);
        }
        // Only the device that sent it can send it again; a phone is one that lives here.
        let author = participant.as_ref().or(to.as_ref()).filter(|author| author.device != 0);
        if let Some(author) = author {
            return phones::pass_receipt_on(
                session.world,
                session.device,
                receipt,
                author,
                to.as_ref(),
                true,
            );
        }
        return phones::answer_retry(session.world, session.device, receipt, &ids[0]);
    }
    if matches!(
        kind,
        ReceiptKind::Delivered | ReceiptKind::Inactive | ReceiptKind::Read | ReceiptKind::Played
    ) && let Some(author) = participant.as_ref().or(to.as_ref())
    {
        phones::pass_receipt_on(session.world, session.device, receipt, author, to.as_ref(), false);
    }
    {
        let mut state = session.device.state();
        for id in &ids {
            let key = StanzaKey { class: Class::Message, id: id.clone() };
            match kind {
                ReceiptKind::Delivered | ReceiptKind::Inactive | ReceiptKind::Read | ReceiptKind::Played => {
                    state.queue.settle_of(&key, &from)
                }
                _ => state.queue.settle_of(&key, &from) || state.queue.settle(&key, &from),
            };
        }
    }
    session.link.bell.notify_one();
    for id in &ids {
        note(session, &from, id, &kind);
    }
    let tick = match kind {
        ReceiptKind::Delivered | ReceiptKind::Inactive => Tick::Delivered,
        ReceiptKind::Read | ReceiptKind::Played => Tick::Read,
        _ => return,
    };
    let own = session.account.number();
    let (chat, sender) = from.split_once('/').map_or((own, from.as_str()), |(group, who)| (group, who));
    if let Some(sender) = session.world.directory.by_number(sender) {
        for id in &ids {
            sender.transcript.tick(chat, sender.number(), id, tick);
        }
    }
}

fn note(session: &Session<'_>, to: &str, id: &str, kind: &ReceiptKind) {
    session.world.event(EventKind::Receipt {
        number: session.number(),
        device: session.device.id(),
        to: to.to_owned(),
        id: id.to_owned(),
        kind: kind.clone(),
    });
}

fn read_kind(kind: Option<String>) -> ReceiptKind {
    let Some(kind) = kind else { return ReceiptKind::Delivered };
    match kind.as_str() {
        "inactive" => ReceiptKind::Inactive,
        "read" | "read-self" => ReceiptKind::Read,
        "played" | "played-self" => ReceiptKind::Played,
        "sender" => ReceiptKind::Sender,
        "peer_msg" => ReceiptKind::Peer,
        "hist_sync" => ReceiptKind::History,
        "retry" => ReceiptKind::Retry,
        _ => ReceiptKind::Other(kind),
    }
}
