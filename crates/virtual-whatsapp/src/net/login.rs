//! Who may log in: a device that an account has linked, with the Noise key that it was linked with. Anything else
//! is refused with the `failure` that WhatsApp sends, so that stolen and stale sessions look as they really do.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use wacore_binary::{Node, builder::NodeBuilder};
use waproto::whatsapp as wa;

use super::connection::End;
use crate::faults::{self, Fault};
use crate::noise::Pattern;
use crate::stanza::node::server_jid;
use crate::truth::{EventKind, count};
use crate::world::{Account, Device, Link, World};

/// The `failure` reason for a session that is none (any more).
const LOGGED_OUT: u16 = 401;
/// The `failure` reason for an account that is banned for a time.
const TEMPORARY_BAN: u16 = 402;

/// Admits a login and makes `link` the device's connection, or says with which stanza it is refused.
pub(super) fn admit(
    world: &Arc<World>,
    payload: &wa::ClientPayload,
    noise_key: [u8; 32],
    link: &Link,
    pattern: Pattern,
) -> Result<(Arc<Account>, Arc<Device>), Box<Node>> {
    let number = payload.username.unwrap_or_default().to_string();
    let id = payload.device.and_then(|d| u16::try_from(d).ok()).unwrap_or_default();
    let refused = |code: u16, why: &str, node: Node| {
        count(&world.counters.refused_logins);
        tracing::info!(code, why, "login refused");
        world.event(EventKind::LoginRefused {
            number: number.clone(),
            device: id,
            code,
            why: why.to_owned(),
        });
        Box::new(node)
    };
    let Some(account) = world.directory.by_number(&number) else {
        return Err(refused(LOGGED_OUT, "there is no such account", failure(LOGGED_OUT)));
    };
    let Some(device) = account.device(id) else {
        return Err(refused(LOGGED_OUT, "the device is not linked", failure(LOGGED_OUT)));
    };
    if device.noise_key != noise_key {
        return Err(refused(LOGGED_OUT, "the Noise key is not the device's", failure(LOGGED_OUT)));
    }
    let refusal = faults::strike(world, &number, id, |fault| match fault {
        Fault::RefuseLogin { reason } => Some((*reason, failure(*reason))),
        Fault::Ban { seconds } => Some((TEMPORARY_BAN, ban(*seconds))),
        _ => None,
    });
    if let Some((code, node)) = refusal {
        return Err(refused(code, "a fault says so", node));
    }
    let success = NodeBuilder::new("success")
        .attr("t", world.clock.now_secs().to_string())
        .attr("lid", device.lid())
        .attr("location", "vrt")
        .build();
    let replaced = {
        let mut state = device.state();
        state.queue.close();
        state.available = false;
        state.link.replace(link.clone())
    };
    if let Some(old) = replaced {
        old.end(Some(conflict("replaced")));
    }
    // The channel is new and empty: this cannot fail.
    let _ = link.outbox.try_send(crate::world::Outgoing::Node(success));
    device.logins.fetch_add(1, Relaxed);
    world.event(EventKind::LoggedIn { number: number.clone(), device: id, pattern });
    Ok((account, device))
}

/// The connection is over: the device is away unless a newer one has taken its place.
pub(super) fn leave(world: &World, device: &Device, link: &Link, end: &End) {
    {
        let mut state = device.state();
        if state.link.as_ref().is_some_and(|current| current.id == link.id) {
            state.link = None;
            state.queue.close();
            state.available = false;
            state.last_seen = world.clock.now_secs();
        }
    }
    let (number, id) = (device.number().to_owned(), device.id());
    world.event(EventKind::Disconnected { number, device: id, reason: end.to_string() });
}

/// The stanza that refuses a login.
fn failure(reason: u16) -> Node {
    NodeBuilder::new("failure").attr("reason", reason.to_string()).attr("location", "vrt").build()
}

/// A temporary ban that ends after `seconds`; 101 is "sent to too many people".
fn ban(seconds: u64) -> Node {
    let mut node = failure(TEMPORARY_BAN);
    node.attrs.insert("code", "101");
    node.attrs.insert("expire", seconds.to_string());
    node
}

/// The stream error that ends a connection in favour of another, or for ever.
pub(crate) fn conflict(kind: &'static str) -> Node {
    let conflict = NodeBuilder::new("conflict").attr("type", kind).build();
    let error = NodeBuilder::new("stream:error").attr("from", server_jid());
    let error = if kind == "device_removed" { error.attr("code", "401") } else { error };
    error.children([conflict]).build()
}
