//! From the state file to a world.

use std::sync::Arc;

use wacore_binary::{Jid, Node};

use super::StateError;
use super::format::{AccountRow, Base64, DeviceRow, KeysRow, PeerRow, SentRow, StateFile};
use crate::noise::Identity;
use crate::options::Limits;
use crate::random::Entropy;
use crate::signal::{DeviceKeys, Peer, PeerParts, SignedKey};
use crate::truth::Transcript;
use crate::world::queue::StanzaKey;
use crate::world::{Account, AccountState, Device, Directory, Group, GroupAbout, SentMessage, address};

/// The server's identity and everybody on it.
pub(crate) fn rebuild(
    file: &StateFile,
    limits: &Limits,
    entropy: &Entropy,
) -> Result<(Identity, Directory), StateError> {
    let [root, intermediate, server] = &file.noise;
    let keys = [fixed(root, "noise")?, fixed(intermediate, "noise")?, fixed(server, "noise")?];
    let noise = Identity::restore(&keys, &mut entropy.fork()).map_err(content)?;
    let directory = Directory::default();
    for row in &file.accounts {
        directory.add(account(row, limits, entropy)?).map_err(content)?;
    }
    for g in &file.groups {
        let group = Group::new(GroupAbout {
            id: g.id.clone(),
            subject: g.subject.clone(),
            by_lid: g.by_lid,
            created: g.created,
            members: g.members.clone(),
            admins: g.admins.clone(),
            community: g.community.clone(),
        });
        directory.add_group(group.map_err(content)?);
    }
    Ok((noise, directory))
}

fn account(row: &AccountRow, limits: &Limits, entropy: &Entropy) -> Result<Account, StateError> {
    let pn = address::of_number(&row.number).map_err(content)?;
    let lid = address::of_lid(&row.lid).map_err(content)?;
    let mut devices = std::collections::BTreeMap::new();
    for d in &row.devices {
        devices.insert(d.id, device(d, &pn, &lid, limits)?);
    }
    let unpack = |patches: &Vec<Base64>| patches.iter().map(|p| p.0.clone()).collect();
    let state = AccountState {
        name: row.name.clone(),
        business: row.business,
        peer: peer(&row.peer, entropy)?,
        devices,
        next_device: row.next_device,
        key_index: row.key_index,
        raw_id: row.raw_id,
        collections: row.collections.iter().map(|(name, patches)| (name.clone(), unpack(patches))).collect(),
        app_state_key: fixed(&row.app_state_key, "app_state_key")?,
        receipts: row.receipts,
        blocked: row.blocked.iter().cloned().collect(),
        sent: row.sent.iter().map(sent).collect::<Result<_, _>>()?,
        registered: row.registered,
        verified_name: row.verified_name.clone(),
        hides_number: row.hides_number,
        by_lid_with: row.by_lid_with.iter().cloned().collect(),
        watches: Default::default(),
        available: false,
    };
    Ok(Account::new(pn, lid, Transcript::restore(limits.transcript, row.transcript.clone()), state))
}

fn peer(row: &PeerRow, entropy: &Entropy) -> Result<Peer, StateError> {
    let parts = PeerParts {
        identity: row.identity.0.clone(),
        registration: row.registration,
        signed: row.signed.0.clone(),
        prekeys: row.prekeys.iter().map(|p| p.0.clone()).collect(),
        sessions: row.sessions.iter().map(|(with, record)| (with.clone(), record.0.clone())).collect(),
        senders: row
            .senders
            .iter()
            .map(|(g, from, record)| (g.clone(), from.clone(), record.0.clone()))
            .collect(),
        next_prekey: row.next_prekey,
    };
    Peer::from_parts(&parts, entropy.fork()).map_err(content)
}

fn sent(row: &SentRow) -> Result<SentMessage, StateError> {
    let stanzas =
        row.stanzas.iter().map(|(number, device, node)| Ok((number.clone(), *device, stanza(node)?)));
    Ok(SentMessage {
        id: row.id.clone(),
        chat: row.chat.clone(),
        padded: row.padded.0.clone().into(),
        own: row.own.0.clone().into(),
        envelope: row.envelope,
        at: row.at,
        via: row.via.clone(),
        unavailable: row.unavailable.clone(),
        spoilt: row.spoilt,
        stanzas: stanzas.collect::<Result<_, StateError>>()?,
    })
}

fn device(row: &DeviceRow, pn: &Jid, lid: &Jid, limits: &Limits) -> Result<Arc<Device>, StateError> {
    let identity = fixed(&row.identity, "identity")?;
    let device = Device::new(
        pn.with_device(row.id),
        lid.with_device(row.id),
        (fixed(&row.noise_key, "noise_key")?, identity),
        row.key_index,
        row.about.clone(),
        limits.queue,
    );
    let mut state = device.state();
    state.keys = row.keys.as_ref().map(|k| keys(k, identity)).transpose()?;
    state.key_shared = row.key_shared;
    state.history_shared = row.history_shared;
    state.last_seen = row.last_seen;
    for waiting in &row.queue {
        let key = StanzaKey { class: waiting.class, id: waiting.id.clone() };
        state.queue.push(key, waiting.from.clone(), stanza(&waiting.stanza)?);
    }
    drop(state);
    Ok(device)
}

fn keys(row: &KeysRow, identity: [u8; 32]) -> Result<DeviceKeys, StateError> {
    let signed = SignedKey {
        id: row.signed_id,
        key: fixed(&row.signed_key, "signed_key")?,
        signature: fixed(&row.signature, "signature")?,
    };
    let mut one_time = Vec::with_capacity(row.one_time.len());
    for (id, key) in &row.one_time {
        one_time.push((*id, fixed(key, "one_time")?));
    }
    Ok(DeviceKeys::restore(row.registration, identity, signed, row.highest, one_time))
}

fn stanza(bytes: &Base64) -> Result<Node, StateError> {
    let plain = wacore_binary::util::unpack(&bytes.0).map_err(content)?;
    wacore_binary::marshal::unmarshal_ref(&plain).map(|node| node.to_owned()).map_err(content)
}

fn fixed<const N: usize>(bytes: &Base64, what: &'static str) -> Result<[u8; N], StateError> {
    let wrong = |_| StateError::Content(format!("{what} has {} bytes instead of {N}", bytes.0.len()));
    bytes.0.as_slice().try_into().map_err(wrong)
}

fn content(e: impl std::fmt::Display) -> StateError {
    StateError::Content(e.to_string())
}
