//! Requests and their answers, at the wire.

use buffa::Message as _;
use virtual_whatsapp::{EventKind, Options, Server, VirtualWhatsApp};
use wacore_binary::builder::NodeBuilder;
use wacore_binary::{Jid, Node};
use wacore_libsignal::protocol::KeyPair;
use waproto::whatsapp as wa;

use crate::bot::{ASHA, BUSINESS, wait};
use crate::wire::{Light, Wire, attr, request};

async fn online() -> (Server, Light, Wire) {
    let server = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let phone = server.phone(BUSINESS).unwrap();
    server.customer(ASHA, "Asha").unwrap();
    let light = Light::link(&server, &phone).await;
    let wire = light.online(&server).await;
    (server, light, wire)
}

async fn ask(wire: &mut Wire, iq: NodeBuilder, children: impl IntoIterator<Item = Node>) -> Node {
    let iq = iq.children(children).build();
    let id = attr(&iq, "id");
    wire.send(&iq).await;
    wire.until("an answer", |n| n.tag == "iq" && attr(n, "id") == id).await
}

fn node(tag: &'static str, children: impl IntoIterator<Item = Node>) -> Node {
    NodeBuilder::new(tag).children(children).build()
}

fn leaf(tag: &'static str, bytes: impl Into<Vec<u8>>) -> Node {
    NodeBuilder::new(tag).bytes(bytes).build()
}

fn error_of(answer: &Node) -> String {
    assert_eq!(attr(answer, "type"), "error", "{answer:?}");
    attr(answer.get_optional_child("error").unwrap(), "code")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn usync_answers_what_is_asked_and_tells_who_is_not_there() {
    let (server, light, mut wire) = online().await;
    let query = ["contact", "lid", "devices"].map(|p| NodeBuilder::new(p).build());
    let dialled = ["255754000111", "255754000222", "255754000333"];
    let users = dialled.map(|d| node("user", [leaf("contact", format!("+{d}").into_bytes())]));
    let usync =
        NodeBuilder::new("usync").attr("sid", "1").attr("mode", "query").attr("context", "interactive");
    let usync = usync.children([node("query", query), node("list", users)]).build();
    let answer = ask(&mut wire, request("get", "usync", "u1"), [usync]).await;
    let usync = answer.get_optional_child("usync").unwrap();
    assert_eq!((attr(usync, "sid").as_str(), attr(usync, "mode").as_str()), ("1", "query"));
    let users = usync.get_optional_child("list").and_then(Node::children).unwrap();
    let kinds: Vec<_> =
        users.iter().map(|u| attr(u.get_optional_child("contact").unwrap(), "type")).collect();
    assert_eq!(kinds, ["in", "in", "out"]);
    let devices = |u: &Node| {
        u.get_optional_child_by_tag(&["devices", "device-list"]).and_then(Node::children).map(<[_]>::len)
    };
    assert_eq!([devices(&users[0]), devices(&users[1]), devices(&users[2])], [Some(2), Some(1), None]);
    assert!(users[0].get_optional_child_by_tag(&["devices", "key-index-list"]).is_some());
    assert_eq!(
        attr(users[0].get_optional_child("lid").unwrap(), "val"),
        format!("{}@lid", server.phone(BUSINESS).unwrap().lid())
    );
    assert!(light.device.is_linked());
    server.customer(ASHA, "Asha").unwrap().set_registered(false);
    let query = node("query", [NodeBuilder::new("contact").build()]);
    let user = node("user", [leaf("contact", b"+255754000222".to_vec())]);
    let answer =
        ask(&mut wire, request("get", "usync", "u2"), [node("usync", [query, node("list", [user])])]).await;
    let contact = answer.get_optional_child_by_tag(&["usync", "list", "user", "contact"]).unwrap();
    assert_eq!(attr(contact, "type"), "out");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bundles_come_for_phones_and_devices_by_number_and_lid_and_a_rotated_key_is_in_them() {
    let (server, light, mut wire) = online().await;
    let asha = server.customer(ASHA, "Asha").unwrap();
    let before = light.device.status().prekeys;
    let own = server.phone(BUSINESS).unwrap();
    let whom = [
        Jid::pn(ASHA),
        Jid::lid(asha.lid()),
        Jid::lid_device(own.lid(), light.device.id()),
        Jid::pn("255754000333"),
        Jid::pn_device(BUSINESS, 77),
    ];
    let users = whom.map(|jid| NodeBuilder::new("user").attr("jid", &jid).build());
    let answer = ask(&mut wire, request("get", "encrypt", "k1"), [node("key", users)]).await;
    let users = answer.get_optional_child("list").and_then(Node::children).unwrap();
    let whole: Vec<bool> = users.iter().map(|u| u.get_optional_child("skey").is_some()).collect();
    assert_eq!(whole, [true, true, true, false, false]);
    assert_eq!(attr(users[3].get_optional_child("error").unwrap(), "code"), "406");
    assert_eq!(light.device.status().prekeys, before - 1, "a bundle takes one one-time key");

    let mut rng: rand::rngs::StdRng = rand::make_rng();
    let fresh = KeyPair::generate(&mut rng);
    let value = fresh.public_key.public_key_bytes().to_vec();
    let skey = [leaf("id", [0, 0, 2]), leaf("value", value.clone()), leaf("signature", [5; 64])];
    let rotated =
        ask(&mut wire, request("set", "encrypt", "k2"), [node("rotate", [node("skey", skey)])]).await;
    assert_eq!(attr(&rotated, "type"), "result");
    wait(&server, 0, |e| matches!(e, EventKind::PrekeyRotated { id: 2, .. })).await;
    let user = NodeBuilder::new("user").attr("jid", Jid::pn_device(BUSINESS, light.device.id())).build();
    let answer = ask(&mut wire, request("get", "encrypt", "k3"), [node("key", [user])]).await;
    let shown = answer.get_optional_child_by_tag(&["list", "user", "skey", "value"]).unwrap();
    assert_eq!(*shown, leaf("value", value));

    let digest = ask(&mut wire, request("get", "encrypt", "k4"), [NodeBuilder::new("digest").build()]).await;
    let ids = digest.get_optional_child_by_tag(&["digest", "list"]).and_then(Node::children).unwrap();
    assert_eq!(ids.len(), light.device.status().prekeys);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn app_state_keeps_patches_in_order_and_refuses_a_stale_one() {
    let (_server, _light, mut wire) = online().await;
    let patch = wa::SyncdPatch { snapshot_mac: Some(vec![1; 32]), ..Default::default() }.encode_to_vec();
    let sync = |version: &'static str, with_patch: bool| {
        let collection = NodeBuilder::new("collection").attr("name", "regular").attr("version", version);
        let patch = with_patch.then(|| leaf("patch", patch.clone()));
        node("sync", [collection.children(patch).build()])
    };
    let steps = [("a1", "0", true, "1", ""), ("a2", "0", true, "1", "error"), ("a3", "1", true, "2", "")];
    for (id, known, with_patch, version, kind) in steps {
        let answer = ask(&mut wire, request("set", "w:sync:app:state", id), [sync(known, with_patch)]).await;
        let collection = answer.get_optional_child_by_tag(&["sync", "collection"]).unwrap();
        assert_eq!(
            (attr(collection, "version").as_str(), attr(collection, "type").as_str()),
            (version, kind),
            "{id}"
        );
    }
    let answer = ask(&mut wire, request("set", "w:sync:app:state", "a4"), [sync("0", false)]).await;
    let patches =
        answer.get_optional_child_by_tag(&["sync", "collection", "patches"]).and_then(Node::children);
    assert_eq!(patches.map(<[_]>::len), Some(2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn small_requests_get_what_clients_expect() {
    let (server, _light, mut wire) = online().await;
    let block = NodeBuilder::new("item").attr("jid", Jid::pn(ASHA)).attr("action", "block").build();
    let blocked = ask(&mut wire, request("set", "blocklist", "s1"), [block]).await;
    assert!(blocked.get_optional_child_by_tag(&["list", "item"]).is_some());
    assert_eq!(server.find_phone(BUSINESS).unwrap().info().blocked, [ASHA]);
    let asha = server.find_customer(ASHA).unwrap();
    asha.send_text(BUSINESS, "heard by nobody").unwrap();
    assert!(server.find_phone(BUSINESS).unwrap().transcript(ASHA).is_empty());
    let privacy =
        ask(&mut wire, request("get", "privacy", "s2"), [NodeBuilder::new("privacy").build()]).await;
    assert!(privacy.get_optional_child_by_tag(&["privacy", "category"]).is_some());
    let media = ask(&mut wire, request("set", "w:m", "s3"), [NodeBuilder::new("media_conn").build()]).await;
    assert_eq!(error_of(&media), "503", "nobody listens for the media store here");
    let picture = request("get", "w:profile:picture", "s4");
    assert_eq!(error_of(&ask(&mut wire, picture, [NodeBuilder::new("picture").build()]).await), "404");
    let group = NodeBuilder::new("iq").attr("to", Jid::group("120360000000000000")).attr("type", "get");
    let group = group.attr("xmlns", "w:g2").attr("id", "s5");
    assert_eq!(error_of(&ask(&mut wire, group, [NodeBuilder::new("query").build()]).await), "404");
    assert!(server.find_phone("255700000000").is_err());
}
