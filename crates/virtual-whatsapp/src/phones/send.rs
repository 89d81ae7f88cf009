//! A phone sends: to a contact or a group, to every device of theirs and to the devices linked to itself.

use std::sync::Arc;

use wacore::messages::MessageUtils;
use wacore_binary::{Jid, Node, builder::NodeBuilder};
use waproto::whatsapp as wa;

use super::PhoneError;
use super::compose::{Envelope, Said};
use super::keys::ensure_session;
use super::signals::{enqueue, now_attr};
use crate::faults::garble;
use crate::truth::{ChatEntry, Direction, EventKind, MessageId, Tick};
use crate::world::{Account, AccountState, Device, Group, SentMessage, World};

/// How one message is put on the wire.
#[derive(Debug, Clone, Default)]
pub(crate) struct How {
    /// The sender is named by LID, with the number beside it; else the other way round.
    pub(crate) by_lid: bool,
    /// The ciphertext is damaged on the way.
    pub(crate) garble: bool,
    /// The id to use; a fresh one where it is none.
    pub(crate) id: Option<MessageId>,
    /// How often the message was asked for again.
    pub(crate) count: u32,
    /// How often the stanza is put into the queue, besides once.
    pub(crate) repeat: u32,
}

/// Whom a phone writes to.
#[derive(Clone)]
pub(crate) enum Target {
    Contact(Arc<Account>),
    Group(Arc<Group>),
}

impl Target {
    fn chat(&self) -> &str {
        match self {
            Self::Contact(account) => account.number(),
            Self::Group(group) => &group.id,
        }
    }

    fn jid(&self) -> Jid {
        match self {
            Self::Contact(account) => account.pn().clone(),
            Self::Group(group) => group.jid(),
        }
    }
}

/// Sends a message and returns its id.
pub(crate) fn send(
    world: &World,
    me: &Arc<Account>,
    to: &Target,
    said: &Said,
    how: &How,
) -> Result<MessageId, PhoneError> {
    let id = how.id.clone().unwrap_or_else(|| world.message_id());
    let recipients = recipients(world, me, to)?;
    // A device without keys refuses the message before anybody has seen it.
    {
        // Collected first: two accounts' locks are never held at once.
        let devices: Vec<_> = recipients.iter().flat_map(|account| account.devices()).collect();
        let mut state = me.state();
        for device in devices {
            ensure_session(world, &mut state.peer, &device)?;
        }
    }
    note(world, me, me, to.chat(), said, &id, Direction::Out);
    let chat_for_them = match to {
        Target::Contact(_) => me.number(),
        Target::Group(group) => &group.id,
    };
    let mut sent = SentMessage {
        id: id.clone(),
        chat: to.chat().to_owned(),
        padded: MessageUtils::encode_and_pad(&said.message).into(),
        own: wrapped(to, said).into(),
        envelope: said.envelope,
        stanzas: Vec::new(),
    };
    for account in &recipients {
        if account.state().blocked.contains(me.number()) {
            continue;
        }
        note(world, account, me, chat_for_them, said, &id, Direction::In);
        for device in account.devices() {
            let stanza = match to {
                Target::Contact(_) => direct(world, me, &device, &sent, how)?,
                Target::Group(group) => in_group(world, me, &device, group, &sent)?,
            };
            put(world, &device, &stanza, how);
            sent.stanzas.push((device.number().to_owned(), device.id(), stanza));
        }
    }
    for device in me.devices() {
        let stanza = copy_for_own(world, me, &device, to, &sent, how)?;
        put(world, &device, &stanza, how);
        sent.stanzas.push((device.number().to_owned(), device.id(), stanza));
    }
    let from = me.number().to_owned();
    me.state().remember(sent, world.options.limits.remembered);
    world.event(EventKind::Sent { from, to: to.chat().to_owned(), id: id.clone() });
    Ok(id)
}

fn recipients(world: &World, me: &Arc<Account>, to: &Target) -> Result<Vec<Arc<Account>>, PhoneError> {
    match to {
        Target::Contact(account) if account.number() == me.number() => Ok(Vec::new()),
        Target::Contact(account) => Ok(vec![account.clone()]),
        Target::Group(group) if group.has(me.number()) => {
            let others = group.members().into_iter().filter(|number| number != me.number());
            Ok(others.filter_map(|number| world.directory.by_number(&number)).collect())
        }
        Target::Group(group) => Err(PhoneError::NoGroup(group.id.clone())),
    }
}

fn note(
    world: &World,
    whose: &Arc<Account>,
    from: &Arc<Account>,
    chat: &str,
    said: &Said,
    id: &str,
    direction: Direction,
) {
    whose.transcript.add(ChatEntry {
        order: 0,
        chat: chat.to_owned(),
        from: from.number().to_owned(),
        from_device: 0,
        direction,
        id: id.to_owned(),
        body: said.body.clone(),
        at_ms: world.clock.now_ms(),
        arrivals: 1,
        with_token: false,
        tick: Tick::Sent,
    });
}

fn put(world: &World, device: &Arc<Device>, stanza: &Node, how: &How) {
    for _ in 0..=how.repeat {
        let mut stanza = stanza.clone();
        if how.garble {
            garble(&mut stanza);
        }
        enqueue(world, device, stanza);
    }
}

/// Names the sender by number or by LID, with the other beside it.
fn addressed(
    node: NodeBuilder,
    me: &Account,
    by_lid: bool,
    (jid, pn, lid): (&'static str, &'static str, &'static str),
) -> NodeBuilder {
    if by_lid {
        node.attr(jid, me.lid()).attr(pn, me.pn()).attr("addressing_mode", "lid")
    } else {
        node.attr(jid, me.pn()).attr(lid, me.lid()).attr("addressing_mode", "pn")
    }
}

fn envelope(
    node: NodeBuilder,
    world: &World,
    id: &str,
    state: &AccountState,
    envelope: Envelope,
) -> NodeBuilder {
    let node = node
        .attr("type", envelope.stanza_type())
        .attr("id", id)
        .attr("notify", state.name.clone())
        .attr("t", now_attr(world));
    match envelope.edit() {
        Some(edit) => node.attr("edit", edit),
        None => node,
    }
}

fn enc(kind: &'static str, sealed: Vec<u8>, envelope: Envelope, count: u32) -> Node {
    let mut enc = NodeBuilder::new("enc").attr("v", "2").attr("type", kind);
    if let Some(media) = envelope.media_type() {
        enc = enc.attr("mediatype", media);
    }
    if envelope.hidden_failure() {
        enc = enc.attr("decrypt-fail", "hide");
    }
    if count > 0 {
        enc = enc.attr("count", count.to_string());
    }
    enc.bytes(sealed).build()
}

fn direct(
    world: &World,
    me: &Arc<Account>,
    device: &Arc<Device>,
    sent: &SentMessage,
    how: &How,
) -> Result<Node, PhoneError> {
    let mut state = me.state();
    let to = ensure_session(world, &mut state.peer, device)?;
    let (kind, sealed) = state.peer.encrypt(&to, &sent.padded)?;
    let node = addressed(NodeBuilder::new("message"), me, how.by_lid, ("from", "sender_pn", "sender_lid"));
    let node = envelope(node, world, &sent.id, &state, sent.envelope);
    Ok(node.children([enc(kind.as_str(), sealed, sent.envelope, how.count)]).build())
}

fn in_group(
    world: &World,
    me: &Arc<Account>,
    device: &Arc<Device>,
    group: &Group,
    sent: &SentMessage,
) -> Result<Node, PhoneError> {
    let jid = group.jid();
    let mut state = me.state();
    let to = ensure_session(world, &mut state.peer, device)?;
    let (key, sealed) = state.peer.group_encrypt(&jid.to_string(), &sent.padded)?;
    // The key goes along each time, as after a phone has learned of a new device.
    let share = wa::message::SenderKeyDistributionMessage {
        group_id: Some(jid.to_string()),
        axolotl_sender_key_distribution_message: Some(key),
    };
    let share = wa::Message {
        sender_key_distribution_message: buffa::MessageField::some(share),
        ..Default::default()
    };
    let (kind, sealed_key) = state.peer.encrypt(&to, &MessageUtils::encode_and_pad(&share))?;
    let node = NodeBuilder::new("message").attr("from", &jid);
    let node = addressed(node, me, group.by_lid, ("participant", "participant_pn", "participant_lid"));
    let node = envelope(node, world, &sent.id, &state, sent.envelope);
    let parts = [enc(kind.as_str(), sealed_key, Envelope::Text, 0), enc("skmsg", sealed, sent.envelope, 0)];
    Ok(node.children(parts).build())
}

/// What a phone's own devices are sent: the message and where it went.
fn wrapped(to: &Target, said: &Said) -> Vec<u8> {
    let sent = wa::message::DeviceSentMessage {
        destination_jid: Some(to.jid().to_string()),
        message: buffa::MessageField::some(said.message.clone()),
        ..Default::default()
    };
    let message = wa::Message { device_sent_message: buffa::MessageField::some(sent), ..Default::default() };
    MessageUtils::encode_and_pad(&message)
}

/// What a phone sends it also sends to the devices linked to it.
fn copy_for_own(
    world: &World,
    me: &Arc<Account>,
    device: &Arc<Device>,
    to: &Target,
    sent: &SentMessage,
    how: &How,
) -> Result<Node, PhoneError> {
    let mut state = me.state();
    let own = ensure_session(world, &mut state.peer, device)?;
    let (kind, sealed) = state.peer.encrypt(&own, &sent.own)?;
    let node = NodeBuilder::new("message");
    let node = match to {
        Target::Contact(_) => node.attr("from", me.pn()).attr("recipient", to.jid()),
        Target::Group(_) => node.attr("from", to.jid()).attr("participant", me.pn()),
    };
    let node = envelope(node, world, &sent.id, &state, sent.envelope);
    Ok(node.children([enc(kind.as_str(), sealed, sent.envelope, how.count)]).build())
}

/// Encrypts a remembered message anew for one device.
pub(super) fn again(
    world: &World,
    me: &Arc<Account>,
    device: &Arc<Device>,
    id: &str,
    how: &How,
) -> Result<(), PhoneError> {
    let sent = me.state().sent(id).cloned().ok_or_else(|| PhoneError::NoMessage(id.to_owned()))?;
    let group = world.directory.group(&sent.chat);
    let stanza = if device.number() == me.number() {
        let contact = || world.directory.by_number(&sent.chat).map(Target::Contact);
        let to = group.map(Target::Group).or_else(contact);
        let to = to.ok_or_else(|| PhoneError::NoAccount(sent.chat.clone()))?;
        copy_for_own(world, me, device, &to, &sent, how)?
    } else if let Some(group) = group {
        in_group(world, me, device, &group, &sent)?
    } else {
        direct(world, me, device, &sent, how)?
    };
    put(world, device, &stanza, how);
    Ok(())
}

/// Sends a remembered message once more under the same id: the same bytes, or encrypted anew.
pub(crate) fn resend(
    world: &World,
    me: &Arc<Account>,
    id: &str,
    same_bytes: bool,
    how: &How,
) -> Result<(), PhoneError> {
    let sent = me.state().sent(id).cloned().ok_or_else(|| PhoneError::NoMessage(id.to_owned()))?;
    for (number, device, stanza) in &sent.stanzas {
        let account = world.directory.by_number(number);
        let Some(device) = account.and_then(|a| a.device(*device)) else { continue };
        if same_bytes {
            put(world, &device, stanza, how);
        } else {
            again(world, me, &device, id, how)?;
        }
    }
    Ok(())
}
