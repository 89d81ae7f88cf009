//! The stanzas in which a phone's message goes to a device: whom they are from, which marks they carry, what is sealed in
//! them.

use std::sync::Arc;

use wacore::messages::MessageUtils;
use wacore_binary::{Jid, Node, builder::NodeBuilder};
use waproto::whatsapp as wa;

use super::compose::Kind;
use super::keys::ensure_session;
use super::send::{How, Target, Via};
use super::signals::now_attr;
use super::{PhoneError, business};
use crate::world::{Account, AccountState, Device, Group, SentMessage, World, address};

/// Names the sender by number or by LID, with the other beside it; a hidden number stands nowhere.
fn addressed(
    node: NodeBuilder,
    me: &Account,
    state: &AccountState,
    by_lid: bool,
    (jid, pn, lid): (&'static str, &'static str, &'static str),
) -> NodeBuilder {
    if state.hides_number {
        node.attr(jid, me.lid()).attr("addressing_mode", "lid")
    } else if by_lid {
        node.attr(jid, me.lid()).attr(pn, me.pn()).attr("addressing_mode", "lid")
    } else {
        node.attr(jid, me.pn()).attr(lid, me.lid()).attr("addressing_mode", "pn")
    }
}

fn envelope(node: NodeBuilder, world: &World, state: &AccountState, sent: &SentMessage) -> NodeBuilder {
    let row = sent.envelope.row();
    let t = sent.at.map_or_else(|| now_attr(world), |at| at.to_string());
    let node = node
        .attr("type", row.stanza_type)
        .attr("id", sent.id.clone())
        .attr("notify", state.name.clone())
        .attr("t", t);
    match row.edit {
        Some(edit) => node.attr("edit", edit),
        None => node,
    }
}

fn enc(kind: &'static str, sealed: Vec<u8>, of: Kind, count: u32) -> Node {
    let row = of.row();
    let mut enc = NodeBuilder::new("enc").attr("v", "2").attr("type", kind);
    if let Some(media) = row.media_type {
        enc = enc.attr("mediatype", media);
    }
    if row.hidden_failure {
        enc = enc.attr("decrypt-fail", "hide");
    }
    if count > 0 {
        enc = enc.attr("count", count.to_string());
    }
    enc.bytes(sealed).build()
}

/// What stands beside the ciphertext: a business's name, and what kind of poll or event it is.
fn beside(state: &AccountState, of: Kind) -> impl Iterator<Item = Node> + use<> {
    let meta = of.row().meta.map(|(key, value)| NodeBuilder::new("meta").attr(key, value).build());
    business::verified_name(state).into_iter().chain(meta)
}

/// To a contact's device.
pub(super) fn direct(
    world: &World,
    me: &Arc<Account>,
    device: &Arc<Device>,
    sent: &SentMessage,
    how: &How,
) -> Result<Node, PhoneError> {
    let mut state = me.state();
    let names = ("from", "sender_pn", "sender_lid");
    let among = ("participant", "participant_pn", "participant_lid");
    let by_list = |from: Jid, state: &AccountState| {
        addressed(NodeBuilder::new("message").attr("from", from), me, state, how.by_lid, among)
    };
    let node = match &sent.via {
        Via::Chat => addressed(NodeBuilder::new("message"), me, &state, how.by_lid, names),
        Via::Status => by_list(address::status(), &state),
        Via::List(id) => by_list(way(address::of_list(id))?, &state),
        Via::Newsletter(id) => {
            let node = NodeBuilder::new("message").attr("from", way(address::of_newsletter(id))?);
            let node = node.attr("server_id", (world.unique() + 100).to_string());
            let plain = sent.plain();
            let plain = NodeBuilder::new("plaintext").bytes(plain.to_vec()).build();
            return Ok(envelope(node, world, &state, sent).children([plain]).build());
        }
    };
    let node = envelope(node, world, &state, sent);
    if let Some(what) = &sent.unavailable {
        let notice = NodeBuilder::new("unavailable");
        let notice = match what.as_str() {
            "" => notice,
            "hosted" => notice.attr("hosted", "true"),
            what => notice.attr("type", what),
        };
        return Ok(node.children([notice.build()]).build());
    }
    let to = ensure_session(world, &mut state.peer, device)?;
    let (kind, sealed) = state.peer.encrypt(&to, &sent.padded)?;
    let sealed = enc(kind.as_str(), sealed, sent.envelope, how.count);
    Ok(node.children(std::iter::once(sealed).chain(beside(&state, sent.envelope))).build())
}

fn way(address: Result<Jid, crate::error::Error>) -> Result<Jid, PhoneError> {
    address.map_err(|e| PhoneError::NoWay(e.to_string()))
}

/// To a member's device, with the sender's key.
pub(super) fn in_group(
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
    let names = ("participant", "participant_pn", "participant_lid");
    let node = addressed(node, me, &state, group.by_lid, names);
    let node = envelope(node, world, &state, sent);
    let parts = [enc(kind.as_str(), sealed_key, Kind::Text, 0), enc("skmsg", sealed, sent.envelope, 0)];
    Ok(node.children(parts.into_iter().chain(beside(&state, sent.envelope))).build())
}

/// What a phone sends it also sends to the devices linked to it.
pub(super) fn copy_for_own(
    world: &World,
    me: &Arc<Account>,
    device: &Arc<Device>,
    to: &Target,
    sent: &SentMessage,
    how: &How,
) -> Result<Node, PhoneError> {
    if let Target::Group(group) = to {
        return in_group(world, me, device, group, sent);
    }
    let mut state = me.state();
    let own = ensure_session(world, &mut state.peer, device)?;
    let (kind, sealed) = state.peer.encrypt(&own, &sent.own)?;
    let node = NodeBuilder::new("message").attr("from", me.pn()).attr("recipient", to.jid());
    let node = envelope(node, world, &state, sent);
    let sealed = enc(kind.as_str(), sealed, sent.envelope, how.count);
    Ok(node.children(std::iter::once(sealed).chain(beside(&state, sent.envelope))).build())
}
