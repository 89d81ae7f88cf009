//! What an account's phone does for the devices linked to it: it shares the app-state key and the first history,
//! and unlinks them.

use std::sync::Arc;

use wacore::messages::MessageUtils;
use wacore_binary::builder::NodeBuilder;
use waproto::whatsapp as wa;

use super::PhoneError;
use super::devices::devices_changed;
use super::keys::ensure_session;
use super::signals::{enqueue, now_attr};
use crate::net;
use crate::truth::EventKind;
use crate::world::{Account, Device, World};

use wa::message::{self as m, protocol_message as pm};

/// The id of the one app-state key that a virtual phone has.
pub(super) const APP_STATE_KEY_ID: [u8; 6] = [0, 0, 0, 0, 0, 1];

/// A device has uploaded keys: from now on its phone can write to it.
pub(crate) fn after_upload(world: &World, account: &Arc<Account>, device: &Arc<Device>) {
    let first = !std::mem::replace(&mut device.state().key_shared, true);
    if first {
        super::settings::name_is_written(world, account);
        if let Err(e) = share_app_state_key(world, account, device) {
            tracing::warn!(error = %e, "the app-state key was not shared");
        }
        devices_changed(world, account, device, true);
    }
    share_history_once(world, account, device);
}

/// A device has been given its backlog up to the end mark. Sent before that mark the history notification would be
/// taken too early, and the client would hold messages back for 20 s after each login.
pub(crate) fn after_catching_up(world: &World, device: &Arc<Device>) {
    super::signals::say_all_dirty(device);
    if let Some(account) = world.directory.by_number(device.number()) {
        share_history_once(world, &account, device);
    }
}

fn share_history_once(world: &World, account: &Arc<Account>, device: &Arc<Device>) {
    {
        let mut state = device.state();
        let ready = state.keys.is_some() && state.queue.is_live();
        if !ready || std::mem::replace(&mut state.history_shared, true) {
            return;
        }
    }
    if let Err(e) = super::history::share_history(world, account, device) {
        tracing::warn!(error = %e, "the first history was not shared");
    }
}

/// Shares the key once more with a device that asks for it.
pub(super) fn share_key_again(world: &World, account: &Arc<Account>, device: &Arc<Device>) {
    if let Err(e) = share_app_state_key(world, account, device) {
        tracing::warn!(error = %e, "the app-state key was not shared again");
    }
}

fn share_app_state_key(
    world: &World,
    account: &Arc<Account>,
    device: &Arc<Device>,
) -> Result<(), PhoneError> {
    let (key, raw_id) = {
        let state = account.state();
        (state.app_state_key, state.raw_id)
    };
    let now_ms = i64::try_from(world.clock.now_ms()).unwrap_or(i64::MAX);
    let fingerprint = m::AppStateSyncKeyFingerprint {
        raw_id: Some(raw_id),
        current_index: Some(0),
        device_indexes: vec![0, device.key_index],
    };
    let key = m::AppStateSyncKey {
        key_id: buffa::MessageField::some(m::AppStateSyncKeyId { key_id: Some(APP_STATE_KEY_ID.to_vec()) }),
        key_data: buffa::MessageField::some(m::AppStateSyncKeyData {
            key_data: Some(key.to_vec()),
            timestamp: Some(now_ms),
            fingerprint: buffa::MessageField::some(fingerprint),
        }),
    };
    let share = m::ProtocolMessage {
        r#type: Some(pm::Type::APP_STATE_SYNC_KEY_SHARE),
        app_state_sync_key_share: buffa::MessageField::some(m::AppStateSyncKeyShare { keys: vec![key] }),
        ..Default::default()
    };
    peer_message(world, account, device, share)
}

/// Sends a device the notice of a piece of history.
pub(super) fn share(
    world: &World,
    account: &Arc<Account>,
    device: &Arc<Device>,
    notification: m::HistorySyncNotification,
) -> Result<(), PhoneError> {
    let share = m::ProtocolMessage {
        r#type: Some(pm::Type::HISTORY_SYNC_NOTIFICATION),
        history_sync_notification: buffa::MessageField::some(notification),
        ..Default::default()
    };
    peer_message(world, account, device, share)
}

/// A message from the phone to one of its own devices.
fn peer_message(
    world: &World,
    account: &Arc<Account>,
    device: &Arc<Device>,
    protocol: m::ProtocolMessage,
) -> Result<(), PhoneError> {
    let message = wa::Message { protocol_message: buffa::MessageField::some(protocol), ..Default::default() };
    let mut state = account.state();
    let to = ensure_session(world, &mut state.peer, device)?;
    let (kind, sealed) = state.peer.encrypt(&to, &MessageUtils::encode_and_pad(&message))?;
    drop(state);
    let enc = NodeBuilder::new("enc").attr("v", "2").attr("type", kind.as_str()).bytes(sealed).build();
    let node = NodeBuilder::new("message")
        .attr("from", account.pn())
        .attr("type", "protocol")
        .attr("category", "peer")
        .attr("id", world.message_id())
        .attr("t", now_attr(world))
        .children([enc]);
    enqueue(world, device, node.build());
    Ok(())
}

/// Takes a device off its account and ends its connection; false where it was not linked.
pub(crate) fn unlink(world: &World, account: &Arc<Account>, device: u16, by_phone: bool) -> bool {
    let Some(gone) = account.state().devices.remove(&device) else { return false };
    {
        let mut state = gone.state();
        state.unlinked = true;
        state.queue.clear();
    }
    // A device that gives itself up gets its result first: the end of its stream is said behind it.
    if by_phone {
        gone.disconnect(Some(net::conflict("device_removed")));
    }
    world.event(EventKind::Unlinked { number: account.number().to_owned(), device, by_phone });
    devices_changed(world, account, &gone, false);
    true
}
