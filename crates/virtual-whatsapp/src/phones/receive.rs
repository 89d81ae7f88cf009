//! A phone gets a message from a linked device: it decrypts, remembers and confirms it.

use std::sync::Arc;

use wacore_binary::{Jid, JidExt as _, Node, builder::NodeBuilder};
use waproto::whatsapp as wa;

use super::compose;
use super::signals::{enqueue, now_attr};
use crate::signal::{Address, EncKind, Peer, SignalFault};
use crate::truth::{Body, ChatEntry, Direction, EventKind, MessageId, Tick};
use crate::world::{Account, Device, Group, ReceiptPolicy, World};

/// A message on its way, as all its recipients share it.
pub(crate) struct Incoming<'a> {
    pub(crate) from: &'a Arc<Device>,
    /// The contact or group that the client addressed.
    pub(crate) to: &'a Jid,
    pub(crate) id: &'a str,
    pub(crate) stanza: &'a Node,
    pub(crate) with_token: bool,
}

impl Incoming<'_> {
    fn sender(&self) -> Address {
        Address::new(self.from.number(), self.from.id())
    }
}

/// The phone of `me`, addressed as `whom`, gets its copy of a message.
pub(crate) fn receive(
    world: &World,
    incoming: &Incoming<'_>,
    me: &Arc<Account>,
    whom: &Jid,
    kind: EncKind,
    sealed: &[u8],
) {
    let own = me.number() == incoming.from.number();
    let opened = {
        let mut state = me.state();
        if !own && state.blocked.contains(incoming.from.number()) {
            return;
        }
        open(&mut state.peer, incoming, kind, sealed)
    };
    let message = match opened {
        Ok(message) => message,
        Err(fault) => return refuse(world, incoming, me, whom, &fault),
    };
    if own && asks_for_keys(&message) {
        return super::primary::share_key_again(world, me, incoming.from);
    }
    if let Some(body) = compose::read(&message) {
        let chat =
            if own { destination(world, incoming, &message) } else { incoming.from.number().to_owned() };
        note(world, incoming, me, chat, body, compose::quoted(&message));
        if !own {
            confirm(world, incoming, me, &whom.to_non_ad(), None);
        }
    }
}

/// A device of the own account lacks the key of its app state.
fn asks_for_keys(message: &wa::Message) -> bool {
    use wa::message::protocol_message::Type;
    let kind = message.protocol_message.as_option().and_then(|protocol| protocol.r#type);
    kind == Some(Type::APP_STATE_SYNC_KEY_REQUEST)
}

/// Every member's phone gets the copy that was encrypted once for the group.
pub(crate) fn receive_in_group(world: &World, incoming: &Incoming<'_>, group: &Group, sealed: &[u8]) {
    let jid = group.jid();
    for number in group.members() {
        let Some(me) = world.directory.by_number(&number) else { continue };
        let opened = {
            let mut state = me.state();
            let plain = state.peer.group_decrypt(&jid.to_string(), &incoming.sender(), sealed);
            plain.and_then(|plain| decode(&plain))
        };
        let own = number == incoming.from.number();
        let addressed = if group.by_lid { me.lid() } else { me.pn() };
        match opened.map(|m| compose::read(&m).map(|body| (body, compose::quoted(&m)))) {
            Ok(Some((body, quotes))) => {
                note(world, incoming, &me, group.id.clone(), body, quotes);
                if !own {
                    confirm(world, incoming, &me, &jid, Some(addressed));
                }
            }
            Ok(None) => {}
            // The own phone has no copy of a group's keys from every client.
            Err(_) if own => {}
            Err(fault) => refuse(world, incoming, &me, addressed, &fault),
        }
    }
}

fn open(
    peer: &mut Peer,
    incoming: &Incoming<'_>,
    kind: EncKind,
    sealed: &[u8],
) -> Result<wa::Message, SignalFault> {
    let message = decode(&peer.decrypt(&incoming.sender(), kind, sealed)?)?;
    if let Some(key) = message.sender_key_distribution_message.as_option() {
        let group = key.group_id.as_deref().unwrap_or_default();
        let bytes = key.axolotl_sender_key_distribution_message.as_deref().unwrap_or_default();
        peer.take_sender_key(group, &incoming.sender(), bytes)?;
    }
    Ok(message)
}

fn decode(plain: &[u8]) -> Result<wa::Message, SignalFault> {
    wacore::messages::decode_plaintext(plain, 2).map_err(|e| SignalFault::Plaintext(e.to_string()))
}

/// Where a copy of the own account's message went.
fn destination(world: &World, incoming: &Incoming<'_>, message: &wa::Message) -> String {
    let told = message.device_sent_message.as_option().and_then(|sent| sent.destination_jid.as_deref());
    let jid = told.and_then(|jid| jid.parse::<Jid>().ok()).unwrap_or_else(|| incoming.to.clone());
    world.directory.by_jid(&jid).map_or_else(|| jid.user.to_string(), |a| a.number().to_owned())
}

fn note(
    world: &World,
    incoming: &Incoming<'_>,
    me: &Arc<Account>,
    chat: String,
    body: Body,
    quotes: Option<MessageId>,
) {
    let from = incoming.from.number().to_owned();
    let direction = if from == me.number() { Direction::Out } else { Direction::In };
    let tick = if direction == Direction::Out { arrived(world, incoming, &chat) } else { Tick::Sent };
    me.transcript.add(ChatEntry {
        order: 0,
        chat: chat.clone(),
        from: from.clone(),
        from_device: incoming.from.id(),
        direction,
        id: incoming.id.to_owned(),
        body,
        quotes,
        at_ms: world.clock.now_ms(),
        arrivals: 1,
        with_token: incoming.with_token,
        tick,
    });
    let by = me.number().to_owned();
    world.event(EventKind::Received { by, from, chat, id: incoming.id.to_owned() });
}

/// How far a message of a linked device has come by the time that its own phone hears of it: the receiver may have
/// been first.
fn arrived(world: &World, incoming: &Incoming<'_>, chat: &str) -> Tick {
    let sender = incoming.from.number();
    let there = world.directory.by_number(chat).filter(|to| to.transcript.has(sender, sender, incoming.id));
    match there.map(|to| to.state().receipts) {
        None | Some(ReceiptPolicy::None) => Tick::Sent,
        Some(ReceiptPolicy::Delivered) => Tick::Delivered,
        Some(ReceiptPolicy::Read) => Tick::Read,
    }
}

/// Confirms a message as the phone's owner wants it confirmed.
fn confirm(world: &World, incoming: &Incoming<'_>, me: &Arc<Account>, from: &Jid, participant: Option<&Jid>) {
    let kinds: &[Option<&'static str>] = match me.state().receipts {
        ReceiptPolicy::None => &[],
        ReceiptPolicy::Delivered => &[None],
        ReceiptPolicy::Read => &[None, Some("read")],
    };
    for kind in kinds {
        receipt(world, incoming.from, incoming.id, from, participant, *kind);
    }
}

/// Sends one receipt to a device, and shows it on the phone that the device is linked to.
pub(crate) fn receipt(
    world: &World,
    to: &Arc<Device>,
    id: &str,
    from: &Jid,
    participant: Option<&Jid>,
    kind: Option<&'static str>,
) {
    let tick = if kind == Some("read") { Tick::Read } else { Tick::Delivered };
    if participant.is_none()
        && kind.is_none_or(|kind| kind == "read")
        && let (Some(own), Some(by)) = (world.directory.by_number(to.number()), world.directory.by_jid(from))
    {
        own.transcript.tick(by.number(), own.number(), id, tick);
    }
    let mut node = NodeBuilder::new("receipt").attr("from", from).attr("id", id).attr("t", now_attr(world));
    if let Some(kind) = kind {
        node = node.attr("type", kind);
    }
    if let Some(participant) = participant {
        node = node.attr("participant", participant);
    }
    enqueue(world, to, node.build());
}

fn refuse(world: &World, incoming: &Incoming<'_>, me: &Arc<Account>, whom: &Jid, fault: &SignalFault) {
    tracing::info!(by = me.number(), id = incoming.id, error = %fault, "a phone could not decrypt a message");
    world.event(EventKind::Undecryptable {
        by: me.number().to_owned(),
        from: incoming.from.number().to_owned(),
        id: incoming.id.to_owned(),
        reason: fault.to_string(),
    });
    let group = incoming.to.is_group().then_some(incoming.to);
    super::ask_again(world, incoming.from, me, &whom.to_non_ad(), group, incoming.id);
}
