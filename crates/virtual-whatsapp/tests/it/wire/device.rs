//! A linked device without Signal sessions: it links, logs in, uploads keys and sees stanzas as they come.

#![allow(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use buffa::Message as _;
use rand::rngs::StdRng;
use virtual_whatsapp::{LinkedDevice, Phone, Server};
use wacore_binary::builder::NodeBuilder;
use wacore_binary::{Jid, Node, NodeContent};
use wacore_libsignal::protocol::{IdentityKeyPair, KeyPair};
use waproto::whatsapp as wa;

use super::{Wire, attr};

/// A device's keys.
pub(crate) struct Light {
    pub(crate) noise: KeyPair,
    pub(crate) identity: IdentityKeyPair,
    pub(crate) device: LinkedDevice,
}

fn leaf(tag: &'static str, bytes: impl Into<Vec<u8>>) -> Node {
    NodeBuilder::new(tag).bytes(bytes).build()
}

fn bytes(node: &Node) -> Vec<u8> {
    match &node.content {
        Some(NodeContent::Bytes(bytes)) => bytes.clone(),
        Some(NodeContent::String(text)) => text.as_bytes().to_vec(),
        _ => Vec::new(),
    }
}

/// The payload of a device that wants to be linked.
pub(crate) fn registration(identity: &IdentityKeyPair) -> Vec<u8> {
    let data = wa::client_payload::DevicePairingRegistrationData {
        e_regid: Some(vec![0, 0, 0, 1]),
        e_keytype: Some(vec![5]),
        e_ident: Some(identity.public_key().public_key_bytes().to_vec()),
        ..Default::default()
    };
    wa::ClientPayload { device_pairing_data: buffa::MessageField::some(data), ..Default::default() }
        .encode_to_vec()
}

/// The payload of a login.
pub(crate) fn login(number: &str, device: u16) -> Vec<u8> {
    let username = number.parse().ok();
    wa::ClientPayload { username, device: Some(u32::from(device)), ..Default::default() }.encode_to_vec()
}

impl Light {
    /// Links by QR code.
    pub(crate) async fn link(server: &Server, phone: &Phone) -> Self {
        Self::link_and_stay(server, phone).await.0
    }

    /// The same; the connection over which it was linked is kept.
    pub(crate) async fn link_and_stay(server: &Server, phone: &Phone) -> (Self, Wire) {
        let mut rng: StdRng = rand::make_rng();
        let (noise, identity) = (KeyPair::generate(&mut rng), IdentityKeyPair::generate(&mut rng));
        let mut wire = Wire::connect(server, noise.clone(), registration(&identity)).await;
        let request = wire.until("references", |n| n.get_optional_child("pair-device").is_some()).await;
        let reference = request.get_optional_child_by_tag(&["pair-device", "ref"]).map(bytes).unwrap();
        let secret = [7u8; 32];
        let keys = [noise.public_key.public_key_bytes(), identity.public_key().public_key_bytes(), &secret];
        let keys = keys.map(|k| BASE64_STANDARD.encode(k)).join(",");
        let code = format!("{},{keys},1", String::from_utf8(reference).unwrap());
        let phone = phone.clone();
        let scan = tokio::spawn(async move { phone.scan(&code).await });
        let success = wire.until("pair-success", |n| n.get_optional_child("pair-success").is_some()).await;
        let container =
            success.get_optional_child_by_tag(&["pair-success", "device-identity"]).map(bytes).unwrap();
        let container = wa::ADVSignedDeviceIdentityHMAC::decode_from_slice(&container).unwrap();
        let signed = container.details.unwrap();
        let mut signed = wa::ADVSignedDeviceIdentity::decode_from_slice(&signed).unwrap();
        let message = [
            &[6u8, 1][..],
            signed.details.as_deref().unwrap(),
            identity.public_key().public_key_bytes(),
            signed.account_signature_key.as_deref().unwrap(),
        ]
        .concat();
        let signature = identity.private_key().calculate_signature(&message, &mut rng).unwrap();
        signed.device_signature = Some(signature.to_vec());
        let answer =
            NodeBuilder::new("iq").attr("type", "result").attr("id", attr(&success, "id")).children([
                NodeBuilder::new("pair-device-sign")
                    .children([leaf("device-identity", signed.encode_to_vec())])
                    .build(),
            ]);
        wire.send(&answer.build()).await;
        wire.until("515", |n| n.tag == "stream:error" && attr(n, "code") == "515").await;
        let device = scan.await.unwrap().unwrap();
        (Self { noise, identity, device }, wire)
    }

    /// Connects; what comes first is up to the caller to see.
    pub(crate) async fn connect(&self, server: &Server) -> Wire {
        Wire::connect(server, self.noise.clone(), login(self.device.number(), self.device.id())).await
    }

    /// Logs in, with keys uploaded, up to where stanzas flow.
    pub(crate) async fn online(&self, server: &Server) -> Wire {
        let mut wire = self.connect(server).await;
        wire.until("success", |n| n.tag == "success").await;
        if self.device.status().prekeys == 0 {
            self.upload(&mut wire, 1..=50).await;
        }
        activate(&mut wire).await;
        settle_backlog(&mut wire).await;
        wire
    }

    /// Logs in and takes everything that waits.
    pub(crate) async fn online_settling(&self, server: &Server) {
        let mut wire = self.connect(server).await;
        wire.until("success", |n| n.tag == "success").await;
        activate(&mut wire).await;
        settle_backlog(&mut wire).await;
    }

    /// Uploads one-time keys of these ids.
    pub(crate) async fn upload(&self, wire: &mut Wire, ids: std::ops::RangeInclusive<u32>) {
        let mut rng: StdRng = rand::make_rng();
        let signed = KeyPair::generate(&mut rng);
        let signature =
            self.identity.private_key().calculate_signature(&signed.public_key.serialize(), &mut rng);
        let id = |id: u32| leaf("id", id.to_be_bytes()[1..].to_vec());
        let keys = ids.map(|n| {
            let value = leaf("value", KeyPair::generate(&mut rng).public_key.public_key_bytes().to_vec());
            NodeBuilder::new("key").children([id(n), value]).build()
        });
        let keys: Vec<Node> = keys.collect();
        let upload = request("set", "encrypt", "upload").children([
            leaf("registration", [0, 0, 0, 1]),
            leaf("type", [5]),
            leaf("identity", self.identity.public_key().public_key_bytes().to_vec()),
            NodeBuilder::new("list").children(keys).build(),
            NodeBuilder::new("skey")
                .children([
                    id(1),
                    leaf("value", signed.public_key.public_key_bytes().to_vec()),
                    leaf("signature", signature.unwrap().to_vec()),
                ])
                .build(),
        ]);
        wire.send(&upload.build()).await;
        wire.until("the upload's result", |n| attr(n, "id") == "upload" && attr(n, "type") == "result").await;
    }
}

/// Takes every message up to the end mark.
async fn settle_backlog(wire: &mut Wire) {
    loop {
        let node = wire.next().await.expect("the end of the backlog");
        if node.tag == "message" {
            wire.send(&ack(&node)).await;
        } else if node.get_optional_child("offline").is_some() {
            return;
        }
    }
}

pub(crate) fn request(kind: &'static str, namespace: &'static str, id: &'static str) -> NodeBuilder {
    NodeBuilder::new("iq").attr("to", Jid::pn("")).attr("type", kind).attr("xmlns", namespace).attr("id", id)
}

pub(crate) async fn activate(wire: &mut Wire) {
    let active = request("set", "passive", "active").children([NodeBuilder::new("active").build()]);
    wire.send(&active.build()).await;
    wire.until("the active result", |n| attr(n, "id") == "active").await;
}

/// Takes a message, as a client does that has stored it.
pub(crate) fn ack(message: &Node) -> Node {
    let from = message.attrs.get("from").cloned().unwrap();
    let ack = NodeBuilder::new("ack").attr("class", message.tag.to_string()).attr("id", attr(message, "id"));
    ack.attr("to", from).build()
}

/// A message that no phone can decrypt.
pub(crate) fn gibberish(to: &Jid, id: &str) -> Node {
    let enc = NodeBuilder::new("enc").attr("v", "2").attr("type", "msg").bytes(vec![0x33; 80]).build();
    let participant = NodeBuilder::new("to").attr("jid", to).children([enc]).build();
    NodeBuilder::new("message")
        .attr("to", to)
        .attr("id", id)
        .attr("type", "text")
        .children([NodeBuilder::new("participants").children([participant]).build()])
        .build()
}
