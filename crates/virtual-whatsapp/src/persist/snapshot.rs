//! From the world to the state file.

use super::StateError;
use super::format::{
    AccountRow, Base64, DeviceRow, FORMAT, GroupRow, KeysRow, PeerRow, SentRow, StateFile, VERSION,
    WaitingRow,
};
use crate::signal::{DeviceKeys, Peer};
use crate::world::{Account, Device, SentMessage, World};

/// Everything that outlives the process. Accounts are read one after the other: what is on its way meanwhile may
/// stand in one and not in the other, as after a power cut.
pub(crate) fn snapshot(world: &World) -> Result<StateFile, StateError> {
    let accounts = world.directory.accounts();
    let groups = world.directory.groups();
    Ok(StateFile {
        format: FORMAT.to_owned(),
        version: VERSION,
        noise: world.noise.private_keys().map(|key| Base64(key.to_vec())),
        accounts: accounts.iter().map(|a| account(a)).collect::<Result<_, _>>()?,
        groups: groups
            .iter()
            .map(|g| GroupRow {
                id: g.id.clone(),
                subject: g.subject.clone(),
                by_lid: g.by_lid,
                created: g.created,
                members: g.members(),
                admins: g.admins.clone(),
                community: g.community.clone(),
            })
            .collect(),
    })
}

fn account(account: &Account) -> Result<AccountRow, StateError> {
    let devices = account.devices();
    let state = account.state();
    let collections = state
        .collections
        .iter()
        .map(|(name, patches)| (name.clone(), patches.iter().map(|patch| Base64(patch.clone())).collect()));
    Ok(AccountRow {
        number: account.number().to_owned(),
        lid: account.lid().user.to_string(),
        name: state.name.clone(),
        business: state.business,
        registered: state.registered,
        peer: peer(&state.peer)?,
        next_device: state.next_device,
        key_index: state.key_index,
        raw_id: state.raw_id,
        collections: collections.collect(),
        app_state_key: Base64(state.app_state_key.to_vec()),
        receipts: state.receipts,
        blocked: state.blocked.iter().cloned().collect(),
        sent: state.sent.iter().map(sent).collect::<Result<_, _>>()?,
        devices: devices.iter().map(|d| device(d)).collect::<Result<_, _>>()?,
        transcript: account.transcript.with(None),
        verified_name: state.verified_name.clone(),
        hides_number: state.hides_number,
        by_lid_with: state.by_lid_with.iter().cloned().collect(),
    })
}

fn peer(peer: &Peer) -> Result<PeerRow, StateError> {
    let parts = peer.to_parts().map_err(|e| StateError::Content(e.to_string()))?;
    Ok(PeerRow {
        identity: Base64(parts.identity),
        registration: parts.registration,
        signed: Base64(parts.signed),
        prekeys: parts.prekeys.into_iter().map(Base64).collect(),
        sessions: parts.sessions.into_iter().map(|(with, record)| (with, Base64(record))).collect(),
        senders: parts
            .senders
            .into_iter()
            .map(|(group, from, record)| (group, from, Base64(record)))
            .collect(),
        next_prekey: parts.next_prekey,
    })
}

fn sent(sent: &SentMessage) -> Result<SentRow, StateError> {
    let stanzas =
        sent.stanzas.iter().map(|(number, device, node)| Ok((number.clone(), *device, stanza(node)?)));
    Ok(SentRow {
        id: sent.id.clone(),
        chat: sent.chat.clone(),
        padded: Base64(sent.padded.to_vec()),
        own: Base64(sent.own.to_vec()),
        envelope: sent.envelope,
        at: sent.at,
        via: sent.via.clone(),
        unavailable: sent.unavailable.clone(),
        spoilt: sent.spoilt,
        stanzas: stanzas.collect::<Result<_, StateError>>()?,
    })
}

fn device(device: &Device) -> Result<DeviceRow, StateError> {
    let state = device.state();
    let queue = state.queue.waiting().map(|waiting| {
        Ok(WaitingRow {
            class: waiting.key.class,
            id: waiting.key.id.clone(),
            from: waiting.from.clone(),
            stanza: stanza(&waiting.node)?,
        })
    });
    Ok(DeviceRow {
        id: device.id(),
        noise_key: Base64(device.noise_key.to_vec()),
        identity: Base64(device.identity.to_vec()),
        key_index: device.key_index,
        about: device.about.clone(),
        keys: state.keys.as_ref().map(keys),
        queue: queue.collect::<Result<_, StateError>>()?,
        key_shared: state.key_shared,
        history_shared: state.history_shared,
        last_seen: state.last_seen,
    })
}

fn keys(keys: &DeviceKeys) -> KeysRow {
    KeysRow {
        registration: keys.registration,
        signed_id: keys.signed.id,
        signed_key: Base64(keys.signed.key.to_vec()),
        signature: Base64(keys.signed.signature.to_vec()),
        highest: keys.highest(),
        one_time: keys.one_time().map(|(id, key)| (*id, Base64(key.to_vec()))).collect(),
    }
}

fn stanza(node: &wacore_binary::Node) -> Result<Base64, StateError> {
    wacore_binary::marshal::marshal(node).map(Base64).map_err(|e| StateError::Content(e.to_string()))
}
