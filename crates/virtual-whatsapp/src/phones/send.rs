//! A phone sends: to a contact or a group, to every device of theirs and to the devices linked to itself.

use std::sync::Arc;

use wacore::messages::MessageUtils;
use wacore_binary::{Jid, Node};

use super::PhoneError;
use super::compose::{Said, sent_elsewhere};
use super::devices::reachable;
use super::keys::ensure_session;
use super::signals::enqueue;
use super::stanzas::{copy_for_own, direct, in_group};
use crate::clock::millis;
use crate::faults::garble;
use crate::truth::{ChatEntry, Direction, EventKind, MessageId, Tick};
use crate::world::{Account, Device, Group, SentMessage, World, address};

/// Along which way a message comes to a contact.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// The chat with them.
    #[default]
    Chat,
    /// The sender's status.
    Status,
    /// A broadcast list of this id: digits.
    List(String),
    /// A newsletter of this id: digits. Its messages are not encrypted.
    Newsletter(String),
}

/// How one message is put on the wire.
#[derive(Debug, Clone, Default)]
pub(crate) struct How {
    /// The sender is named by LID, with the number beside it; else the other way round.
    pub(crate) by_lid: bool,
    /// The ciphertext is damaged on the way.
    pub(crate) garble: bool,
    /// The same each time it goes out, also when it is asked for again.
    pub(crate) spoilt: bool,
    /// The id to use; a fresh one where it is none.
    pub(crate) id: Option<MessageId>,
    /// How often the message was asked for again.
    pub(crate) count: u32,
    /// How often the stanza is put into the queue, besides once.
    pub(crate) repeat: u32,
    /// The time that the message says it was sent at, in seconds since 1970.
    pub(crate) at: Option<u64>,
    pub(crate) via: Via,
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

    pub(crate) fn jid(&self) -> Jid {
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
    check_way(&how.via)?;
    // Whoever is being linked refuses the message before anybody has seen it.
    {
        let mut devices = Vec::new();
        for account in &recipients {
            devices.extend(writable(world, account)?);
        }
        let mut state = me.state();
        for device in devices {
            ensure_session(world, &mut state.peer, &device)?;
        }
        if let Target::Contact(contact) = to {
            if how.by_lid || state.hides_number {
                state.by_lid_with.insert(contact.number().to_owned());
            } else {
                state.by_lid_with.remove(contact.number());
            }
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
        padded: MessageUtils::pad_message_v2(said.bytes.clone()).into(),
        own: MessageUtils::pad_message_v2(sent_elsewhere(&to.jid().to_string(), &said.bytes)).into(),
        envelope: said.kind,
        at: how.at,
        via: how.via.clone(),
        unavailable: said.unavailable.clone(),
        spoilt: how.spoilt,
        stanzas: Vec::new(),
    };
    for account in &recipients {
        if account.state().blocked.contains(me.number()) {
            continue;
        }
        note(world, account, me, chat_for_them, said, &id, Direction::In);
        for device in reachable(account) {
            let stanza = match to {
                Target::Contact(_) => direct(world, me, &device, &sent, how)?,
                Target::Group(group) => in_group(world, me, &device, group, &sent)?,
            };
            put(world, &device, &stanza, how, sent.spoilt);
            sent.stanzas.push((device.number().to_owned(), device.id(), stanza));
        }
    }
    for device in reachable(me) {
        let stanza = copy_for_own(world, me, &device, to, &sent, how)?;
        put(world, &device, &stanza, how, sent.spoilt);
        sent.stanzas.push((device.number().to_owned(), device.id(), stanza));
    }
    let from = me.number().to_owned();
    me.state().remember(sent, world.options.limits.remembered);
    world.event(EventKind::Sent { from, to: to.chat().to_owned(), id: id.clone() });
    Ok(id)
}

/// The devices of an account that can be written to. One that was linked and never came on line is passed over; one
/// that is just being linked, with no other there, is waited for: it is an error that says so.
fn writable(world: &World, account: &Account) -> Result<Vec<Arc<Device>>, PhoneError> {
    let (ready, others): (Vec<_>, Vec<_>) =
        account.devices().into_iter().partition(|device| device.state().keys.is_some());
    if ready.is_empty() {
        let now = world.clock.now_secs();
        let patience = millis(world.options.limits.link) / 1000;
        let coming = others.iter().find(|device| {
            device.state().link.is_some() || now < device.about.linked_at.saturating_add(patience)
        });
        if let Some(device) = coming {
            return Err(PhoneError::NoKeys { number: device.number().to_owned(), device: device.id() });
        }
    }
    Ok(ready)
}

fn check_way(via: &Via) -> Result<(), PhoneError> {
    let way = match via {
        Via::Chat | Via::Status => return Ok(()),
        Via::List(id) => address::of_list(id),
        Via::Newsletter(id) => address::of_newsletter(id),
    };
    way.map(drop).map_err(|_| PhoneError::NoWay(format!("{via:?}")))
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
        quotes: None,
        at_ms: world.clock.now_ms(),
        arrivals: 1,
        with_token: false,
        tick: Tick::Sent,
    });
}

fn put(world: &World, device: &Arc<Device>, stanza: &Node, how: &How, spoilt: bool) {
    for _ in 0..=how.repeat {
        let mut stanza = stanza.clone();
        if how.garble || spoilt {
            garble(&mut stanza);
        }
        enqueue(world, device, stanza);
    }
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
    put(world, device, &stanza, how, sent.spoilt);
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
            put(world, &device, stanza, how, sent.spoilt);
        } else {
            again(world, me, &device, id, how)?;
        }
    }
    Ok(())
}
