//! The phone changes a setting (it archives a chat): an app-state patch whose MACs and LT hash hold, which linked
//! devices are told to fetch.

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
use crate::world::{Account, World};

const COLLECTION: &str = "regular_low";
/// The version that WhatsApp gives the action `archive`.
const ACTION_VERSION: i32 = 3;

/// Archives the chat with `chat` and returns the collection's new version.
pub(crate) fn archive_chat(world: &World, account: &Arc<Account>, chat: &Account) -> Result<u64, PhoneError> {
    let bad = |e: &dyn std::fmt::Display| PhoneError::AppState(e.to_string());
    let index = serde_json::to_vec(&["archive", &chat.pn().to_string()]).map_err(|e| bad(&e))?;
    let action = wa::sync_action_value::ArchiveChatAction { archived: Some(true), ..Default::default() };
    let value = wa::SyncActionValue {
        timestamp: i64::try_from(world.clock.now_ms()).ok(),
        archive_chat_action: buffa::MessageField::some(action),
        ..Default::default()
    };
    let mut state = account.state();
    let keys = appstate::expand_app_state_keys(&state.app_state_key);
    let set = wa::syncd_mutation::SyncdOperation::SET;
    let iv = world.entropy.bytes();
    let (mutation, _) =
        encode::encode_record(set, &index, &value, &keys, &APP_STATE_KEY_ID, &iv, ACTION_VERSION);
    let mut patch = wa::SyncdPatch {
        mutations: vec![mutation],
        key_id: buffa::MessageField::some(wa::KeyId { id: Some(APP_STATE_KEY_ID.to_vec()) }),
        ..Default::default()
    };
    let patches = state.collections.entry(COLLECTION.to_owned()).or_default();
    let mut all = Vec::with_capacity(patches.len() + 1);
    for bytes in patches.iter() {
        all.push(wa::SyncdPatch::decode_from_slice(bytes).map_err(|e| bad(&e))?);
    }
    all.push(patch.clone());
    let mut sum = hash_of(&all).map_err(|e| bad(&e))?;
    sum.version = all.len() as u64;
    patch.snapshot_mac = Some(sum.generate_snapshot_mac(COLLECTION, &keys.snapshot_mac));
    patch.patch_mac = Some(hash::generate_patch_mac(&patch, COLLECTION, &keys.patch_mac, sum.version));
    patch.version = buffa::MessageField::some(wa::SyncdVersion { version: Some(sum.version) });
    patches.push(patch.encode_to_vec());
    drop(state);
    tell(world, account, sum.version);
    Ok(sum.version)
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
            macs.insert(index, value.last_chunk::<32>().map(|mac| mac.to_vec()).unwrap_or_default());
        }
    }
    Ok(sum)
}

fn tell(world: &World, account: &Account, version: u64) {
    let (number, collection) = (account.number().to_owned(), COLLECTION.to_owned());
    world.event(EventKind::AppStatePatch { number, collection, version });
    let news =
        NodeBuilder::new("collection").attr("name", COLLECTION).attr("version", version.to_string()).build();
    for device in account.devices() {
        let notification = from_server("notification")
            .attr("type", "server_sync")
            .attr("id", world.stanza_id())
            .attr("t", now_attr(world))
            .children([news.clone()]);
        enqueue(world, &device, notification.build());
    }
}
