//! The phone changes a setting (it archives a chat, its owner takes another name, a contact is saved): an app-state
//! patch whose MACs and LT hash hold, which linked devices are told to fetch.

use std::collections::HashMap;
use std::sync::Arc;

use buffa::Message as _;
use wacore::appstate::{self, encode, hash};
use wacore_binary::builder::NodeBuilder;
use waproto::whatsapp as wa;

use super::PhoneError;
use super::primary::APP_STATE_KEY_ID;
use super::signals::{enqueue, now_attr};
use crate::stanza::node::from_server;
use crate::truth::EventKind;
use crate::world::{Account, AccountState, World};

/// A setting to be written: where it stands, under which index, and in which version of its form.
struct Setting<'a> {
    collection: &'static str,
    index: &'a [&'a str],
    version: i32,
    value: wa::SyncActionValue,
}

/// Archives the chat with `chat` and returns the collection's new version.
pub(crate) fn archive_chat(world: &World, account: &Arc<Account>, chat: &Account) -> Result<u64, PhoneError> {
    let action = wa::sync_action_value::ArchiveChatAction { archived: Some(true), ..Default::default() };
    let value =
        wa::SyncActionValue { archive_chat_action: buffa::MessageField::some(action), ..Default::default() };
    let jid = chat.pn().to_string();
    write(
        world,
        account,
        &Setting { collection: "regular_low", index: &["archive", &jid], version: 3, value },
    )
}

/// Writes the account's own name where its devices look for it.
pub(crate) fn name_changed(world: &World, account: &Arc<Account>) -> Result<u64, PhoneError> {
    let name = account.state().name.clone();
    write(world, account, &own_name(name))
}

fn own_name(name: String) -> Setting<'static> {
    let action = wa::sync_action_value::PushNameSetting { name: Some(name) };
    let value =
        wa::SyncActionValue { push_name_setting: buffa::MessageField::some(action), ..Default::default() };
    Setting { collection: "critical_block", index: &["setting_pushName"], version: 1, value }
}

/// Saves `contact` under a name in the phone's address book.
pub(crate) fn save_contact(
    world: &World,
    account: &Arc<Account>,
    contact: &Account,
    name: &str,
) -> Result<u64, PhoneError> {
    let action = wa::sync_action_value::ContactAction {
        full_name: Some(name.to_owned()),
        first_name: name.split_whitespace().next().map(ToOwned::to_owned),
        lid_jid: Some(contact.lid().to_string()),
        ..Default::default()
    };
    let value =
        wa::SyncActionValue { contact_action: buffa::MessageField::some(action), ..Default::default() };
    let jid = contact.pn().to_string();
    let index = ["contact", jid.as_str()];
    write(world, account, &Setting { collection: "critical_unblock_low", index: &index, version: 2, value })
}

/// The name is in app state before the first device asks for it. Nobody is told: a device that has no key yet could not
/// read it.
pub(super) fn name_is_written(world: &World, account: &Arc<Account>) {
    let mut state = account.state();
    if state.collections.get("critical_block").is_some_and(|patches| !patches.is_empty()) {
        return;
    }
    let setting = own_name(state.name.clone());
    if let Err(error) = add(world, &mut state, &setting) {
        tracing::warn!(error, "the name was not written");
    }
}

fn write(world: &World, account: &Arc<Account>, setting: &Setting<'_>) -> Result<u64, PhoneError> {
    let version = {
        let mut state = account.state();
        add(world, &mut state, setting).map_err(PhoneError::AppState)?
    };
    tell(world, account, setting.collection, version, None);
    Ok(version)
}

fn add(world: &World, state: &mut AccountState, setting: &Setting<'_>) -> Result<u64, String> {
    let index = serde_json::to_vec(setting.index).map_err(|e| e.to_string())?;
    let mut value = setting.value.clone();
    value.timestamp = i64::try_from(world.clock.now_ms()).ok();
    let keys = appstate::expand_app_state_keys(&state.app_state_key);
    let set = wa::syncd_mutation::SyncdOperation::SET;
    let iv = world.entropy.bytes();
    let (mutation, _) =
        encode::encode_record(set, &index, &value, &keys, &APP_STATE_KEY_ID, &iv, setting.version);
    let mut patch = wa::SyncdPatch {
        mutations: vec![mutation],
        key_id: buffa::MessageField::some(wa::KeyId { id: Some(APP_STATE_KEY_ID.to_vec()) }),
        ..Default::default()
    };
    let patches = state.collections.entry(setting.collection.to_owned()).or_default();
    let mut all = decoded(patches)?;
    all.push(patch.clone());
    let mut sum = hash_of(&all)?;
    sum.version = all.len() as u64;
    patch.snapshot_mac = Some(sum.generate_snapshot_mac(setting.collection, &keys.snapshot_mac));
    patch.patch_mac =
        Some(hash::generate_patch_mac(&patch, setting.collection, &keys.patch_mac, sum.version));
    patch.version = buffa::MessageField::some(wa::SyncdVersion { version: Some(sum.version) });
    patches.push(patch.encode_to_vec());
    Ok(sum.version)
}

fn decoded(patches: &[Vec<u8>]) -> Result<Vec<wa::SyncdPatch>, String> {
    patches.iter().map(|bytes| wa::SyncdPatch::decode_from_slice(bytes).map_err(|e| e.to_string())).collect()
}

/// The LT hash after all patches, in which a later value of one index takes an earlier one's place.
fn hash_of(patches: &[wa::SyncdPatch]) -> Result<hash::HashState, String> {
    let mut sum = hash::HashState::default();
    let mut macs: HashMap<Vec<u8>, Vec<u8>> = HashMap::new();
    for patch in patches {
        let (_, done) = sum.update_hash(&patch.mutations, |index, _| Ok(macs.get(index).cloned()));
        done.map_err(|e| e.to_string())?;
        for mutation in &patch.mutations {
            let index = mutation.record.index.blob.clone().unwrap_or_default();
            let value = mutation.record.value.blob.as_deref().unwrap_or_default();
            if is_removal(mutation) {
                macs.remove(&index);
            } else {
                macs.insert(index, value.last_chunk::<32>().map(|mac| mac.to_vec()).unwrap_or_default());
            }
        }
    }
    Ok(sum)
}

fn is_removal(mutation: &wa::SyncdMutation) -> bool {
    mutation.operation.as_ref().and_then(buffa::EnumValue::as_known)
        == Some(wa::syncd_mutation::SyncdOperation::REMOVE)
}

/// The state that all patches of a collection come to, as a device gets it that knows nothing yet; `None` where there
/// is nothing. Its MAC is the newest patch's, which is reckoned over the same state.
pub(crate) fn snapshot(patches: &[Vec<u8>]) -> Result<Option<wa::SyncdSnapshot>, String> {
    let patches = decoded(patches)?;
    let Some(last) = patches.last() else { return Ok(None) };
    // In order of first appearance, so that the same patches are the same bytes.
    let mut records: Vec<(Vec<u8>, wa::SyncdRecord)> = Vec::new();
    for mutation in patches.iter().flat_map(|patch| &patch.mutations) {
        let Some(record) = mutation.record.as_option() else { continue };
        let index = record.index.blob.clone().unwrap_or_default();
        records.retain(|(there, _)| *there != index);
        if !is_removal(mutation) {
            records.push((index, record.clone()));
        }
    }
    Ok(Some(wa::SyncdSnapshot {
        version: buffa::MessageField::some(wa::SyncdVersion { version: Some(patches.len() as u64) }),
        records: records.into_iter().map(|(_, record)| record).collect(),
        mac: last.snapshot_mac.clone(),
        key_id: last.key_id.clone(),
    }))
}

/// Tells an account's devices that a collection has changed, all but the one that changed it.
pub(crate) fn tell(world: &World, account: &Account, collection: &str, version: u64, but: Option<u16>) {
    let (number, name) = (account.number().to_owned(), collection.to_owned());
    world.event(EventKind::AppStatePatch { number, collection: name, version });
    let news =
        NodeBuilder::new("collection").attr("name", collection).attr("version", version.to_string()).build();
    for device in account.devices() {
        if but == Some(device.id()) {
            continue;
        }
        let notification = from_server("notification")
            .attr("type", "server_sync")
            .attr("id", world.stanza_id())
            .attr("t", now_attr(world))
            .children([news.clone()]);
        enqueue(world, &device, notification.build());
    }
}
