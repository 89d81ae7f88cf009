//! `encrypt`: a device's keys go up, are counted, rotated and checked; everybody's bundles come down.

use wacore_binary::{Jid, Node, builder::NodeBuilder};

use super::Session;
use super::iq::{Answer, BAD_REQUEST, INTERNAL, NOT_ACCEPTABLE, NOT_FOUND, NOT_IMPLEMENTED, Verb};
use super::node::{child_bytes, grandchildren, id3, jid, leaf, uint};
use crate::phones;
use crate::signal::{Bundle, DeviceKeys, SignedKey, bundle_children};
use crate::truth::EventKind;
use crate::world::World;

pub(super) fn answer(session: &Session<'_>, verb: Verb, iq: &Node) -> Answer {
    let has = |tag| iq.get_optional_child(tag).is_some();
    match verb {
        Verb::Set if has("list") => upload(session, iq),
        Verb::Set if has("rotate") => rotate(session, iq),
        Verb::Get if has("count") => {
            let left = session.device.state().keys.as_ref().map_or(0, DeviceKeys::left);
            Ok(vec![NodeBuilder::new("count").attr("value", left.to_string()).build()])
        }
        Verb::Get if has("digest") => digest(session),
        Verb::Get if has("key") => bundles(session, iq),
        Verb::Get | Verb::Set => Err(NOT_IMPLEMENTED),
    }
}

fn upload(session: &Session<'_>, iq: &Node) -> Answer {
    let identity: [u8; 32] = child_bytes(iq, "identity").try_into().map_err(|_| BAD_REQUEST)?;
    let signed = iq.get_optional_child("skey").and_then(SignedKey::from_node).ok_or(BAD_REQUEST)?;
    let registration = uint(child_bytes(iq, "registration"));
    if identity != session.device.identity {
        return Err(BAD_REQUEST);
    }
    let mut fresh = Vec::new();
    for key in grandchildren(iq, "list") {
        let value = child_bytes(key, "value").try_into().map_err(|_| BAD_REQUEST)?;
        fresh.push((uint(child_bytes(key, "id")), value));
    }
    let (new, total) = {
        let mut state = session.device.state();
        let keys = state.keys.get_or_insert_with(|| DeviceKeys::new(registration, identity, signed.clone()));
        keys.registration = registration;
        keys.signed = signed;
        (keys.add(fresh), keys.left())
    };
    let (number, device) = (session.number(), session.device.id());
    session.world.event(EventKind::PrekeysUploaded { number, device, new, total });
    phones::after_upload(session.world, session.account, session.device);
    Ok(Vec::new())
}

fn rotate(session: &Session<'_>, iq: &Node) -> Answer {
    let skey = iq.get_optional_child_by_tag(&["rotate", "skey"]).ok_or(BAD_REQUEST)?;
    let signed = SignedKey::from_node(skey).ok_or(BAD_REQUEST)?;
    let id = signed.id;
    session.device.state().keys.as_mut().ok_or(NOT_FOUND)?.signed = signed;
    let (number, device) = (session.number(), session.device.id());
    session.world.event(EventKind::PrekeyRotated { number, device, id });
    Ok(Vec::new())
}

fn digest(session: &Session<'_>) -> Answer {
    let state = session.device.state();
    let keys = state.keys.as_ref().ok_or(NOT_FOUND)?;
    let one_time: Vec<&[u8]> = keys.one_time().map(|(_, key)| key.as_slice()).collect();
    let hash = wacore::prekeys::compute_key_bundle_digest(
        &keys.identity,
        &keys.signed.key,
        &keys.signed.signature,
        &one_time,
    );
    let ids = keys.one_time().map(|(id, _)| leaf("id", id3(*id)));
    let digest = NodeBuilder::new("digest").children([
        leaf("registration", keys.registration.to_be_bytes()),
        leaf("type", [5]),
        leaf("identity", keys.identity),
        keys.signed.to_node(),
        NodeBuilder::new("list").children(ids).build(),
        leaf("hash", hash),
    ]);
    Ok(vec![digest.build()])
}

fn bundles(session: &Session<'_>, iq: &Node) -> Answer {
    let mut users = Vec::new();
    for user in grandchildren(iq, "key") {
        let whom = jid(user, "jid").ok_or(BAD_REQUEST)?;
        let children = match bundle_of(session.world, &whom)? {
            Some(bundle) => bundle_children(&bundle),
            // One such user makes clients give up the whole message, as with WhatsApp.
            None => vec![
                NodeBuilder::new("error")
                    .attr("code", NOT_ACCEPTABLE.code.to_string())
                    .attr("text", NOT_ACCEPTABLE.text)
                    .build(),
            ],
        };
        users.push(NodeBuilder::new("user").attr("jid", &whom).children(children).build());
    }
    Ok(vec![NodeBuilder::new("list").children(users).build()])
}

/// The bundle of a phone (device 0) or of a linked device; each takes one one-time key.
fn bundle_of(world: &World, whom: &Jid) -> Result<Option<Bundle>, super::iq::IqError> {
    let Some(account) = world.directory.by_jid(whom) else { return Ok(None) };
    if whom.device == 0 {
        let mut state = account.state();
        if !state.registered {
            return Ok(None);
        }
        return state.peer.bundle().map(Some).map_err(|_| INTERNAL);
    }
    Ok(account.device(whom.device).and_then(|device| phones::take_device_bundle(world, &device)))
}
