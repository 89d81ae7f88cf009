//! Sessions of phones with linked devices.

use std::sync::Arc;

use wacore_binary::builder::NodeBuilder;

use super::PhoneError;
use super::signals::enqueue;
use crate::signal::{Address, Bundle, Peer};
use crate::stanza::node::from_server;
use crate::truth::EventKind;
use crate::world::{Device, World};

/// At this many one-time keys left, and at none, the server tells the device.
const FEW: usize = 10;

/// A device's bundle, which uses up one one-time key; `None` before the device has uploaded keys. Tells the device
/// when few are left.
pub(crate) fn take_device_bundle(world: &World, device: &Arc<Device>) -> Option<Bundle> {
    let (bundle, left) = {
        let mut state = device.state();
        let keys = state.keys.as_mut()?;
        (keys.take_bundle(), keys.left())
    };
    let (number, id) = (device.number().to_owned(), device.id());
    if left == 0 && bundle.one_time.is_some() {
        world.event(EventKind::PrekeysExhausted { number, device: id });
    }
    if bundle.one_time.is_some() && (left == FEW || left == 0) {
        say_few_left(world, device, left);
    }
    Some(bundle)
}

/// Tells a device how many one-time keys it has left; it uploads more.
pub(crate) fn say_few_left(world: &World, device: &Arc<Device>, left: usize) {
    let count = NodeBuilder::new("count").attr("value", left.to_string()).build();
    let notification = from_server("notification")
        .attr("type", "encrypt")
        .attr("id", world.stanza_id())
        .attr("t", world.clock.now_secs().to_string());
    enqueue(world, device, notification.children([count]).build());
}

/// Makes sure that `peer` can encrypt to `device`.
pub(crate) fn ensure_session(
    world: &World,
    peer: &mut Peer,
    device: &Arc<Device>,
) -> Result<Address, PhoneError> {
    let address = Address::new(device.number(), device.id());
    if !peer.has_session(&address) {
        let no_keys = || PhoneError::NoKeys { number: device.number().to_owned(), device: device.id() };
        let bundle = take_device_bundle(world, device).ok_or_else(no_keys)?;
        peer.start_session(&address, &bundle)?;
    }
    Ok(address)
}
