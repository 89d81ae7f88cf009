//! A connected device that waits to be linked: it holds six references, shows one at a time, and is found by the
//! reference that a phone scans or by the number for which it asked a pairing code.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use buffa::Message as _;
use tokio::sync::oneshot;
use wacore_binary::{Jid, Node, builder::NodeBuilder};
use waproto::whatsapp as wa;

use super::code::{self, CodeExchange};
use super::{LinkError, adv};
use crate::clock::millis;
use crate::signal::SignalFault;
use crate::stanza::iq;
use crate::stanza::node::{attr_or_empty, bytes, from_server, leaf};
use crate::sync::lock;
use crate::truth::EventKind;
use crate::world::{Account, Device, DeviceAbout, Link, Outgoing, World};

/// WhatsApp's limit of linked devices of one account.
const MAX_LINKED: usize = 4;

/// The devices that wait.
#[derive(Default)]
pub(crate) struct Waiting {
    by_ref: Mutex<HashMap<String, Arc<Candidate>>>,
    pub(super) by_number: Mutex<HashMap<String, Arc<Candidate>>>,
}

impl Waiting {
    pub(super) fn by_ref(&self, reference: &str) -> Option<Arc<Candidate>> {
        lock(&self.by_ref).get(reference).cloned()
    }

    /// Forgets a device that is linked or gone.
    pub(crate) fn remove(&self, gone: &Arc<Candidate>) {
        let mut by_ref = lock(&self.by_ref);
        for (reference, _) in &gone.refs {
            by_ref.remove(reference);
        }
        drop(by_ref);
        lock(&self.by_number).retain(|_, c| !Arc::ptr_eq(c, gone));
        // Whoever waits for its answer waits in vain.
        lock(&gone.offer).take();
        lock(&gone.code).take();
    }
}

/// A link that a phone has offered and the device has yet to sign.
struct Offer {
    iq: String,
    account: Arc<Account>,
    signed: adv::Signed,
    device: u16,
    key_index: u32,
    done: oneshot::Sender<Arc<Device>>,
}

pub(crate) struct Candidate {
    pub(super) identity: [u8; 32],
    pub(super) noise_key: [u8; 32],
    platform: String,
    pub(super) link: Link,
    /// Each with the time after which it is worth nothing.
    refs: Vec<(String, u64)>,
    offer: Mutex<Option<Offer>>,
    pub(super) code: Mutex<Option<CodeExchange>>,
}

impl Candidate {
    /// Takes in a device that wants to be linked and sends it its references; `None` where its registration is
    /// misformed.
    pub(crate) fn register(
        world: &Arc<World>,
        data: &wa::client_payload::DevicePairingRegistrationData,
        noise_key: [u8; 32],
        link: &Link,
    ) -> Option<Arc<Self>> {
        let identity = data.e_ident.as_deref()?.try_into().ok()?;
        let mut expires = world.clock.now_ms();
        let mut refs = Vec::new();
        for ttl in &world.options.qr_ttls {
            expires = expires.saturating_add(millis(*ttl));
            refs.push((format!("2@{}", world.entropy.hex::<24>()), expires));
        }
        let props = data.device_props.as_deref().map(wa::DeviceProps::decode_from_slice);
        let platform = props.and_then(Result::ok).and_then(|p| p.os).unwrap_or_else(|| "unknown".to_owned());
        let this = Arc::new(Self {
            identity,
            noise_key,
            platform,
            link: link.clone(),
            refs,
            offer: Mutex::new(None),
            code: Mutex::new(None),
        });
        let mut by_ref = lock(&world.linking.by_ref);
        for (reference, _) in &this.refs {
            by_ref.insert(reference.clone(), this.clone());
        }
        drop(by_ref);
        let refs: Vec<String> = this.refs.iter().map(|(r, _)| r.clone()).collect();
        let nodes = refs.iter().map(|r| leaf("ref", r.as_bytes()));
        let pair_device = NodeBuilder::new("pair-device").children(nodes).build();
        let request = from_server("iq").attr("type", "set").attr("id", world.stanza_id()).attr("xmlns", "md");
        let _ = link.outbox.try_send(Outgoing::Node(request.children([pair_device]).build()));
        world.event(EventKind::PairingStarted { refs });
        Some(this)
    }

    /// Returns when the last reference has expired and nobody has offered a link.
    pub(crate) async fn expired(&self, world: &World) {
        let last = self.refs.iter().map(|(_, at)| *at).max().unwrap_or_default();
        world.clock.wait_until(last).await;
        if lock(&self.offer).is_some() {
            std::future::pending::<()>().await;
        }
    }

    pub(super) fn is_fresh(&self, reference: &str, now_ms: u64) -> bool {
        self.refs.iter().any(|(r, expires)| r == reference && now_ms < *expires)
    }

    /// Offers the link: the phone signs, the device is told, and the receiver hears when the device has signed too.
    pub(super) fn offer(
        &self,
        world: &World,
        account: &Arc<Account>,
        secret: &[u8],
    ) -> Result<oneshot::Receiver<Arc<Device>>, LinkError> {
        let (done, heard) = oneshot::channel();
        let (device, signed, key_index, name) = {
            let mut state = account.state();
            let linked = state.devices.len();
            if linked >= MAX_LINKED {
                return Err(LinkError::TooMany(linked));
            }
            let key_index = state.key_index + 1;
            let stamp = (state.raw_id, key_index, world.clock.now_secs());
            let signed = adv::sign(&mut state.peer, &self.identity, stamp, secret)?;
            state.key_index = key_index;
            let device = state.next_device;
            state.next_device += 1;
            (device, signed, key_index, state.name.clone())
        };
        let iq = world.stanza_id();
        let success = NodeBuilder::new("pair-success").children([
            leaf("device-identity", signed.container.clone()),
            NodeBuilder::new("device")
                .attr("jid", account.pn().with_device(device))
                .attr("lid", account.lid().with_device(device))
                .build(),
            NodeBuilder::new("platform").attr("name", "android").build(),
            // Clients take their own name from here; without one they show no presence.
            NodeBuilder::new("biz").attr("name", name).build(),
        ]);
        let request = from_server("iq")
            .attr("type", "set")
            .attr("id", iq.clone())
            .attr("t", world.clock.now_secs().to_string())
            .attr("xmlns", "md")
            .children([success.build()]);
        let mut offer = lock(&self.offer);
        if offer.is_some() {
            return Err(LinkError::Taken);
        }
        *offer = Some(Offer { iq, account: account.clone(), signed, device, key_index, done });
        drop(offer);
        self.link.outbox.try_send(Outgoing::Node(request.build())).map_err(|_| LinkError::NotConfirmed)?;
        Ok(heard)
    }

    /// Answers a stanza of a device that is not linked yet.
    pub(crate) fn handle(self: &Arc<Self>, world: &Arc<World>, node: &Node, out: &mut Vec<Outgoing>) {
        if node.tag != "iq" {
            tracing::debug!(stanza = %node.tag, "ignored before linking");
            return;
        }
        if let Some(sign) = node.get_optional_child("pair-device-sign") {
            match self.finish(world, &attr_or_empty(node, "id"), sign) {
                Ok(()) => {
                    // The client connects anew, now with a login.
                    out.push(Outgoing::Node(NodeBuilder::new("stream:error").attr("code", "515").build()));
                }
                Err(e) => tracing::warn!(error = %e, "the device's answer to pair-success was refused"),
            }
            out.push(Outgoing::Close);
        } else if let Some(reg) = node.get_optional_child("link_code_companion_reg") {
            out.extend(code::answer(self, world, node, reg).map(Outgoing::Node));
        } else {
            let answer = iq::before_login(world, node);
            out.extend(answer.map(Outgoing::Node));
        }
    }

    fn finish(self: &Arc<Self>, world: &Arc<World>, iq: &str, sign: &Node) -> Result<(), LinkError> {
        let offer =
            lock(&self.offer).take_if(|o| o.iq == iq).ok_or(LinkError::BadAnswer("nothing was offered"))?;
        let identity =
            sign.get_optional_child("device-identity").ok_or(LinkError::BadAnswer("no identity"))?;
        offer.signed.check_answer(bytes(identity), &self.identity)?;
        let about = DeviceAbout { platform: self.platform.clone(), linked_at: world.clock.now_secs() };
        let (pn, lid): (Jid, Jid) =
            (offer.account.pn().with_device(offer.device), offer.account.lid().with_device(offer.device));
        let keys = (self.noise_key, self.identity);
        let device = Device::new(pn, lid, keys, offer.key_index, about, world.options.limits.queue);
        offer.account.state().devices.insert(offer.device, device.clone());
        world.linking.remove(self);
        world.event(EventKind::Linked { number: offer.account.number().to_owned(), device: offer.device });
        // The phone may have stopped waiting; the link stands.
        let _ = offer.done.send(device);
        Ok(())
    }
}

/// The key index list of an account, for device lists.
pub(crate) fn indexes(world: &World, account: &Account) -> Result<Vec<u8>, SignalFault> {
    let mut state = account.state();
    let valid = std::iter::once(0).chain(state.devices.values().map(|d| d.key_index)).collect();
    let stamp = (state.raw_id, state.key_index, world.clock.now_secs());
    super::key_index_list(&mut state.peer, stamp, valid)
}
