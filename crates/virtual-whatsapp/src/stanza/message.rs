//! `message` from a device: acknowledged, then handed to every phone and device that it names. What a phone cannot
//! decrypt it asks for again; it never harms the connection.

use std::sync::atomic::Ordering::Relaxed;

use wacore_binary::{Jid, JidExt as _, Node, builder::NodeBuilder};

use super::Session;
use super::node::{attr, attr_or_empty, bytes, grandchildren, jid};
use crate::faults::{self, Fault};
use crate::phones::{self, Incoming};
use crate::signal::EncKind;
use crate::truth::{EventKind, count};

/// Where nobody is: what the acknowledgement of a message to no account says.
const NO_SUCH_USER: u16 = 404;
/// What WhatsApp answers to a first message to somebody who never wrote, without a privacy token.
const STRANGER: u16 = 463;

pub(super) fn handle(session: &Session<'_>, message: &Node, out: &mut Vec<Node>) {
    let world = session.world;
    count(&world.counters.messages_in);
    session.device.messages_in.fetch_add(1, Relaxed);
    let id = attr_or_empty(message, "id");
    let Some(to) = jid(message, "to").filter(|_| !id.is_empty()) else {
        return session.unknown("message without id or to".to_owned());
    };
    let error = refusal(session, &to);
    let fault = |wanted: fn(&Fault) -> bool| {
        let hit = |f: &Fault| wanted(f).then_some(());
        faults::strike(world, session.account.number(), session.device.id(), hit).is_some()
    };
    if !fault(|f| matches!(f, Fault::NoAck)) {
        out.push(acknowledgement(session, message, &to, &id, error));
    }
    let named = session.world.directory.by_jid(&to).map_or_else(|| to.to_string(), |a| a.number().to_owned());
    let (number, device) = (session.number(), session.device.id());
    world.event(EventKind::FromDevice { number, device, to: named, id: id.clone(), error });
    let lost = error.is_none() && fault(|f| matches!(f, Fault::AckWithoutDelivery));
    if error.is_none() && !lost {
        hand_over(session, message, &to, &id);
    }
}

fn refusal(session: &Session<'_>, to: &Jid) -> Option<u16> {
    let directory = &session.world.directory;
    let known = if to.is_group() {
        directory.group(to.user.as_str()).is_some_and(|g| g.has(session.account.number()))
    } else {
        directory.by_jid(to).is_some_and(|a| a.state().registered)
    };
    if !known {
        return Some(NO_SUCH_USER);
    }
    let own = session.account.number();
    faults::strike(session.world, own, session.device.id(), |fault| match fault {
        Fault::AckError { code } => Some(*code),
        Fault::RefuseStrangers if is_stranger(session, to) => Some(STRANGER),
        _ => None,
    })
}

/// Somebody who never wrote to this account.
fn is_stranger(session: &Session<'_>, to: &Jid) -> bool {
    let Some(contact) = session.world.directory.by_jid(to) else { return false };
    !contact.transcript.has_written_to(session.account.number())
}

fn acknowledgement(session: &Session<'_>, message: &Node, to: &Jid, id: &str, error: Option<u16>) -> Node {
    let ack = NodeBuilder::new("ack")
        .attr("class", "message")
        .attr("id", id)
        .attr("from", to)
        .attr("t", session.world.clock.now_secs().to_string());
    // A sender who thinks of other devices than there are is told so, and asks anew before the next message.
    let group = session.world.directory.group(to.user.as_str()).filter(|_| to.is_group());
    let other = attr(message, "phash").zip(group).and_then(|(theirs, group)| {
        let ours = phones::group_hash(session.world, &group);
        (ours != theirs).then_some(ours)
    });
    let ack = match other {
        Some(hash) => ack.attr("phash", hash),
        None => ack,
    };
    match error {
        Some(code) => ack.attr("error", code.to_string()).build(),
        None => ack.build(),
    }
}

fn hand_over(session: &Session<'_>, message: &Node, to: &Jid, id: &str) {
    let incoming = Incoming {
        from: session.device,
        to,
        id,
        stanza: message,
        with_token: message.get_optional_child("tctoken").is_some(),
    };
    let direct = message.get_children_by_tag("enc").map(|enc| (to.clone(), enc));
    let direct: Vec<(Jid, &Node)> = if to.is_group() { Vec::new() } else { direct.collect() };
    let fanned = grandchildren(message, "participants")
        .iter()
        .filter_map(|p| Some((jid(p, "jid")?, p.get_optional_child("enc")?)));
    if to.is_group() {
        return in_group(session, &incoming, fanned.collect());
    }
    for (whom, enc) in direct.into_iter().chain(fanned) {
        one(session, &incoming, &whom, enc);
    }
}

/// Every member's phone and every member's linked devices get the copy that was encrypted once for all, each with the
/// sender key that was encrypted for it alone, where there is one; the device that sent it gets nothing back.
fn in_group(session: &Session<'_>, incoming: &Incoming<'_>, keys: Vec<(Jid, &Node)>) {
    let Some(group) = session.world.directory.group(incoming.to.user.as_str()) else { return };
    let (phones_keys, device_keys): (Vec<_>, Vec<_>) =
        keys.into_iter().partition(|(whom, _)| whom.device == 0);
    for (whom, enc) in phones_keys {
        one(session, incoming, &whom, enc);
    }
    let shared = incoming.stanza.get_children_by_tag("enc").find(|e| attr_or_empty(e, "type") == "skmsg");
    for number in group.members() {
        let Some(member) = session.world.directory.by_number(&number) else { continue };
        let own = number == session.account.number();
        for device in phones::reachable(&member) {
            if own && device.id() == session.device.id() {
                continue;
            }
            let named = |whom: &Jid| *whom == *device.pn() || *whom == *device.lid();
            let key = device_keys.iter().find(|(whom, _)| named(whom)).map(|(_, enc)| *enc);
            phones::forward_in_group(session.world, incoming, session.account, &group, &device, key, shared);
        }
    }
    if let Some(enc) = shared {
        phones::receive_in_group(session.world, incoming, &group, bytes(enc));
    }
}

fn one(session: &Session<'_>, incoming: &Incoming<'_>, whom: &Jid, enc: &Node) {
    let Some(account) = session.world.directory.by_jid(whom) else {
        tracing::info!(to = %whom, "a message names nobody");
        return;
    };
    if whom.device != 0 {
        if account.number() == session.account.number() && whom.device == session.device.id() {
            return;
        }
        phones::forward(session.world, incoming, session.account, &account, whom, enc);
        return;
    }
    match EncKind::parse(&attr_or_empty(enc, "type")) {
        Ok(kind) => phones::receive(session.world, incoming, &account, whom, kind, bytes(enc)),
        Err(e) => tracing::warn!(error = %e, "a message was not understood"),
    }
}
