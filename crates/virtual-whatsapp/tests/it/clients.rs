//! What clients of other makes found the server to do wrong, at the wire: each test stands for its like.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio_websockets::Message;
use virtual_whatsapp::{
    Authority, Body, Clock, Draft, EventKind, Kind, Lasts, Limits, Options, SendOptions, Server, TlsListener,
    TlsOptions, VirtualWhatsApp, Wrapper,
};
use wacore_binary::builder::NodeBuilder;
use wacore_binary::{Jid, Node};

use crate::bot::{ASHA, BUSINESS, wait};
use crate::wire::{Light, Wire, ack, attr, request};

/// Longer than any test waits: the server does not close by itself.
const NEVER: Duration = Duration::from_secs(3600);

fn node(tag: &'static str, children: impl IntoIterator<Item = Node>) -> Node {
    NodeBuilder::new(tag).children(children).build()
}

fn leaf(tag: &'static str, bytes: impl Into<Vec<u8>>) -> Node {
    NodeBuilder::new(tag).bytes(bytes).build()
}

async fn ask(wire: &mut Wire, iq: NodeBuilder, children: impl IntoIterator<Item = Node>) -> Node {
    let iq = iq.children(children).build();
    let id = attr(&iq, "id");
    wire.send(&iq).await;
    wire.until("an answer", |n| n.tag == "iq" && attr(n, "id") == id).await
}

fn patient() -> Options {
    Options { limits: Limits { farewell: NEVER, ..Limits::default() }, ..Options::default() }
}

async fn start(options: Options) -> Server {
    let server = VirtualWhatsApp::start(options).await.unwrap();
    server.phone(BUSINESS).unwrap();
    server.customer(ASHA, "Asha").unwrap();
    server
}

/// A linked device of `number`, on line.
async fn online(server: &Server, number: &str) -> (Light, Wire) {
    let light = Light::link(server, &server.find_phone(number).unwrap()).await;
    let wire = light.online(server).await;
    (light, wire)
}

/// The next message to a device; whatever else comes is settled, so that nothing comes twice.
async fn message(wire: &mut Wire) -> Node {
    loop {
        let next = wire.next().await.expect("a message");
        if matches!(next.tag.as_ref(), "message" | "notification" | "receipt") {
            wire.send(&ack(&next)).await;
        }
        if next.tag == "message" && attr(&next, "category") != "peer" {
            return next;
        }
    }
}

/// The connection is still there: what is sent at the level below stanzas is answered.
async fn is_open(wire: &mut Wire) {
    wire.socket.send(Message::ping(Bytes::from_static(b"there?"))).await.unwrap();
    let answer = async {
        while let Some(Ok(message)) = wire.socket.next().await {
            if message.is_pong() {
                return;
            }
            assert!(!message.is_close(), "the server closed first");
        }
        panic!("the connection is gone");
    };
    tokio::time::timeout(crate::bot::LIMIT, answer).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_in_whatever_form_is_found_and_no_text_becomes_an_address() {
    let server = start(Options::default()).await;
    let (_light, mut wire) = online(&server, BUSINESS).await;
    let good = ["+255754000222@c.us", "255754000222", "+255754000222", "255754000222@s.whatsapp.net"];
    let bad = ["+1@c.us@s.whatsapp.net", "255/754000222", "asha", "@", "255754000222:4"];
    let users = good.iter().chain(&bad).map(|text| node("user", [leaf("contact", text.as_bytes())]));
    let query = node("query", [NodeBuilder::new("contact").build(), NodeBuilder::new("lid").build()]);
    let usync = node("usync", [query.clone(), node("list", users)]);
    let answer = ask(&mut wire, request("get", "usync", "u1"), [usync]).await;
    let users = answer.get_optional_child_by_tag(&["usync", "list"]).and_then(Node::children).unwrap();
    let kind = |user: &Node| attr(user.get_optional_child("contact").unwrap(), "type");
    for (user, text) in users.iter().zip(good) {
        assert_eq!((kind(user).as_str(), attr(user, "jid").as_str()), ("in", "255754000222@s.whatsapp.net"));
        assert_eq!(user.get_optional_child("contact").unwrap(), &{
            NodeBuilder::new("contact").attr("type", "in").bytes(text.as_bytes().to_vec()).build()
        });
    }
    for user in &users[good.len()..] {
        assert_eq!((kind(user).as_str(), attr(user, "jid").as_str()), ("invalid", ""));
    }

    // By LID where that is asked, and a LID has none of its own.
    let lid = format!("{}@lid", server.find_customer(ASHA).unwrap().lid());
    let user = node("user", [leaf("contact", b"+255754000222".to_vec())]);
    let usync = NodeBuilder::new("usync").attr("addressing_mode", "lid");
    let usync = usync.children([query.clone(), node("list", [user])]).build();
    let answer = ask(&mut wire, request("get", "usync", "u2"), [usync]).await;
    let user = answer.get_optional_child_by_tag(&["usync", "list", "user"]).unwrap();
    assert_eq!(
        (attr(user, "jid"), attr(user, "pn_jid")),
        (lid.clone(), "255754000222@s.whatsapp.net".into())
    );
    let user = NodeBuilder::new("user").attr("jid", lid.as_str()).build();
    let usync = node("usync", [query, node("list", [user])]);
    let answer = ask(&mut wire, request("get", "usync", "u3"), [usync]).await;
    let user = answer.get_optional_child_by_tag(&["usync", "list", "user"]).unwrap();
    assert!(user.get_optional_child("lid").is_none(), "{user:?}");

    // A name with an @ in it comes as what clients can read.
    server.customer(ASHA, "asha@home@work").unwrap().send_text(BUSINESS, "hello").unwrap();
    let heard = message(&mut wire).await;
    assert_eq!(attr(&heard, "notify"), "asha\u{ff20}home\u{ff20}work");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_client_closes_first_after_a_last_word() {
    let server = start(patient()).await;
    let phone = server.find_phone(BUSINESS).unwrap();
    // 515, after linking.
    let (light, mut wire) = Light::link_and_stay(&server, &phone).await;
    is_open(&mut wire).await;
    drop(wire);
    // A conflict.
    let mut first = light.online(&server).await;
    let _second = light.online(&server).await;
    first.until("the conflict", |n| n.tag == "stream:error").await;
    is_open(&mut first).await;
    drop(first);
    // A refusal.
    server.faults().for_all(virtual_whatsapp::Fault::RefuseLogin { reason: 503 }, Lasts::ONCE);
    let mut refused = light.connect(&server).await;
    refused.until("the refusal", |n| n.tag == "failure").await;
    is_open(&mut refused).await;
    drop(refused);
    // The phone takes the device off.
    let mut wire = light.online(&server).await;
    phone.unlink(light.device.id()).unwrap();
    wire.until("the end", |n| n.tag == "stream:error").await;
    is_open(&mut wire).await;
    // What it still says is read and not answered.
    wire.send(&request("get", "w:p", "late").build()).await;
    is_open(&mut wire).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_does_not_close_is_closed_after_a_time() {
    let limits = Limits { farewell: Duration::from_millis(20), ..Limits::default() };
    let server = start(Options { limits, ..Options::default() }).await;
    let (_light, mut wire) = Light::link_and_stay(&server, &server.find_phone(BUSINESS).unwrap()).await;
    wire.closed().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_that_gives_itself_up_gets_its_result_first() {
    let server = start(patient()).await;
    let (light, mut wire) = online(&server, BUSINESS).await;
    let own = Jid::pn_device(BUSINESS, light.device.id());
    let remove =
        NodeBuilder::new("remove-companion-device").attr("jid", own).attr("reason", "user_initiated");
    let result = ask(&mut wire, request("set", "md", "bye"), [remove.build()]).await;
    assert_eq!(attr(&result, "type"), "result");
    let end = wire.until("the end of the stream", |n| n.tag == "stream:error").await;
    assert_eq!(attr(end.get_optional_child("conflict").unwrap(), "type"), "device_removed");
    assert!(!light.device.is_linked());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_message_reaches_all_other_devices_and_not_the_one_that_sent_it() {
    for by_lid in [true, false] {
        let server = start(Options::default()).await;
        let (first, mut sender) = online(&server, BUSINESS).await;
        let (second, mut own) = online(&server, BUSINESS).await;
        let (other, mut theirs) = online(&server, ASHA).await;
        let group = server.group("Market", &[BUSINESS, ASHA], by_lid).unwrap();
        let to = Jid::group(group.id.as_str());
        let enc = |kind: &'static str, bytes: u8| {
            NodeBuilder::new("enc")
                .attr("v", "2")
                .attr("type", kind)
                .attr("mediatype", "image")
                .bytes(vec![bytes; 40])
                .build()
        };
        let lid = |number: &str| server.find_customer(number).unwrap().lid().to_owned();
        let whom = [(BUSINESS, second.device.id()), (ASHA, other.device.id())];
        let keys = whom.map(|(number, device)| {
            let jid =
                if by_lid { Jid::lid_device(lid(number), device) } else { Jid::pn_device(number, device) };
            NodeBuilder::new("to").attr("jid", jid).children([enc("pkmsg", 1)]).build()
        });
        let said = NodeBuilder::new("message").attr("to", &to).attr("id", "G1").attr("type", "media");
        let said =
            said.attr("phash", "2:somethingelse").children([node("participants", keys), enc("skmsg", 2)]);
        sender.send(&said.build()).await;
        let acked = sender.until("the acknowledgement", |n| n.tag == "ack" && attr(n, "id") == "G1").await;
        let hash = attr(&acked, "phash");
        assert!(hash.starts_with("2:"), "{acked:?}");
        let author = if by_lid {
            Jid::lid_device(lid(BUSINESS), first.device.id())
        } else {
            Jid::pn_device(BUSINESS, first.device.id())
        };
        for wire in [&mut own, &mut theirs] {
            let heard = message(wire).await;
            assert_eq!(
                (attr(&heard, "from"), attr(&heard, "participant")),
                (to.to_string(), author.to_string())
            );
            let kinds: Vec<_> = heard.get_children_by_tag("enc").map(|enc| attr(enc, "type")).collect();
            assert_eq!(kinds, ["pkmsg", "skmsg"]);
            assert!(heard.get_children_by_tag("enc").all(|enc| attr(enc, "mediatype") == "image"));
        }
        // Nothing came back: what comes next to the sender is what is sent next. A right hash is not corrected.
        let again = NodeBuilder::new("message").attr("to", &to).attr("id", "G2").attr("type", "text");
        sender.send(&again.attr("phash", hash).children([enc("skmsg", 3)]).build()).await;
        let acked = sender.until("the acknowledgement", |n| n.tag == "ack" && attr(n, "id") == "G2").await;
        assert_eq!(attr(&acked, "phash"), "");
        let id = server.find_customer(ASHA).unwrap().send_text(BUSINESS, "hello").unwrap();
        assert_eq!(attr(&message(&mut sender).await, "id"), id);

        let query =
            NodeBuilder::new("iq").attr("to", &to).attr("type", "get").attr("xmlns", "w:g2").attr("id", "q");
        let shown = ask(&mut sender, query, [NodeBuilder::new("query").build()]).await;
        let ranks = shown.get_optional_child("group").unwrap().get_children_by_tag("participant");
        assert_eq!(ranks.map(|p| attr(p, "type")).collect::<Vec<_>>(), ["superadmin", ""]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_has_a_chat_hears_of_devices_that_come_and_go() {
    let server = start(Options::default()).await;
    let (_first, mut own) = online(&server, BUSINESS).await;
    let (_other, mut theirs) = online(&server, ASHA).await;
    server.find_customer(ASHA).unwrap().send_text(BUSINESS, "hello").unwrap();
    let second = Light::link(&server, &server.find_phone(BUSINESS).unwrap()).await;
    let _wire = second.online(&server).await;
    let heard = |operation: &'static str| {
        move |n: &Node| {
            n.tag == "notification"
                && attr(n, "type") == "devices"
                && n.get_optional_child(operation).is_some()
        }
    };
    let added = theirs.until("the new device", heard("add")).await;
    let device = added.get_optional_child_by_tag(&["add", "device"]).unwrap();
    assert_eq!(attr(device, "jid"), Jid::pn_device(BUSINESS, second.device.id()).to_string());
    assert!(added.get_optional_child_by_tag(&["add", "key-index-list"]).is_some());
    let synced = |n: &Node| n.tag == "notification" && attr(n, "type") == "account_sync";
    let list = own.until("the own devices", synced).await;
    let count = |n: &Node| n.get_optional_child("devices").unwrap().get_children_by_tag("device").count();
    assert_eq!(count(&list), 3, "the phone and two devices");
    server.find_phone(BUSINESS).unwrap().unlink(second.device.id()).unwrap();
    theirs.until("the device that is gone", heard("remove")).await;
    assert_eq!(count(&own.until("the own devices", synced).await), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_settings_of_one_device_reach_the_others_and_the_name_is_among_them() {
    let server = start(Options::default()).await;
    let (_first, mut wire) = online(&server, BUSINESS).await;
    let (_second, mut other) = online(&server, BUSINESS).await;
    let collection =
        |name: &'static str| NodeBuilder::new("collection").attr("name", name).attr("version", "0");
    let sync = node("sync", [collection("regular").children([leaf("patch", Vec::new())]).build()]);
    ask(&mut wire, request("set", "w:sync:app:state", "a1"), [sync]).await;
    let told = |n: &Node| n.tag == "notification" && attr(n, "type") == "server_sync";
    let news = other.until("the news", told).await;
    let changed = news.get_optional_child("collection").unwrap();
    assert_eq!((attr(changed, "name").as_str(), attr(changed, "version").as_str()), ("regular", "1"));
    let sync = node("sync", [collection("critical_block").build()]);
    let answer = ask(&mut other, request("set", "w:sync:app:state", "a2"), [sync]).await;
    let patches = answer.get_optional_child_by_tag(&["sync", "collection", "patches"]);
    assert_eq!(patches.and_then(Node::children).map(<[_]>::len), Some(1));
    // The one that changed it hears of nothing but what comes next.
    server.find_phone(BUSINESS).unwrap().set_name("Another name");
    let news = wire.until("the news", told).await;
    assert_eq!(attr(news.get_optional_child("collection").unwrap(), "name"), "critical_block");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn media_hosts_are_named_where_there_are_some_and_else_an_error_is() {
    let server = start(Options::default()).await;
    let (_light, mut wire) = online(&server, BUSINESS).await;
    let question = || [NodeBuilder::new("media_conn").build()];
    let refused = ask(&mut wire, request("set", "w:m", "m1"), question()).await;
    assert_eq!(attr(refused.get_optional_child("error").unwrap(), "code"), "503");
    let authority = Authority::generate().unwrap();
    let tls = TlsListener::start(server.clone(), &authority, &TlsOptions::default()).await.unwrap();
    let told = ask(&mut wire, request("set", "w:m", "m2"), question()).await;
    let host = told.get_optional_child_by_tag(&["media_conn", "host"]).unwrap();
    assert_eq!(attr(host, "hostname"), tls.media_address().to_string());
    drop(tls);
    let refused = ask(&mut wire, request("set", "w:m", "m3"), question()).await;
    assert_eq!(attr(&refused, "type"), "error");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_half_linked_device_does_not_make_its_account_deaf() {
    let clock = Clock::manual(1_800_000_000);
    let server = start(Options { clock: clock.clone(), ..Options::default() }).await;
    let asha = server.find_customer(ASHA).unwrap();
    let phone = server.find_phone(BUSINESS).unwrap();
    // One that has just been linked is waited for: nothing is lost to it.
    Light::link(&server, &phone).await;
    assert!(asha.send_text(BUSINESS, "too early").is_err());
    // One that never came is passed over, with another one there and without.
    clock.advance(Duration::from_secs(60));
    asha.send_text(BUSINESS, "to the phone").unwrap();
    let (_light, mut wire) = online(&server, BUSINESS).await;
    let id = asha.send_text(BUSINESS, "to both").unwrap();
    assert_eq!(attr(&message(&mut wire).await, "id"), id);
    assert_eq!(phone.transcript(ASHA).len(), 2);
    // Nor does it stand in device lists, where every message to the account would fail for it.
    let user = NodeBuilder::new("user").attr("jid", Jid::pn(BUSINESS)).build();
    let usync = node("usync", [node("query", [NodeBuilder::new("devices").build()]), node("list", [user])]);
    let answer = ask(&mut wire, request("get", "usync", "d"), [usync]).await;
    let list = ["usync", "list", "user", "devices", "device-list"];
    assert_eq!(answer.get_optional_child_by_tag(&list).and_then(Node::children).map(<[_]>::len), Some(2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_companions_edits_polls_and_media_arrive_with_their_marks() {
    let server = start(Options::default()).await;
    let (_first, mut sender) = online(&server, BUSINESS).await;
    let (other, mut theirs) = online(&server, ASHA).await;
    let enc = NodeBuilder::new("enc").attr("v", "2").attr("type", "msg").attr("mediatype", "ptt");
    let to = Jid::pn_device(ASHA, other.device.id());
    let participant =
        NodeBuilder::new("to").attr("jid", &to).children([enc.bytes(vec![1; 40]).build()]).build();
    let meta = NodeBuilder::new("meta").attr("polltype", "creation").build();
    let said = NodeBuilder::new("message").attr("to", Jid::pn(ASHA)).attr("id", "E1").attr("type", "media");
    sender.send(&said.attr("edit", "1").children([node("participants", [participant]), meta]).build()).await;
    let heard = message(&mut theirs).await;
    assert_eq!((attr(&heard, "edit").as_str(), attr(&heard, "type").as_str()), ("1", "media"));
    assert_eq!(attr(heard.get_optional_child("enc").unwrap(), "mediatype"), "ptt");
    assert_eq!(attr(heard.get_optional_child("meta").unwrap(), "polltype"), "creation");
    // The writer's device hears that it arrived.
    let receipt =
        NodeBuilder::new("receipt").attr("to", Jid::pn_device(BUSINESS, 1)).attr("id", "E1").build();
    theirs.send(&receipt).await;
    let told = sender.until("the receipt", |n| n.tag == "receipt" && attr(n, "id") == "E1").await;
    assert_eq!(attr(&told, "from"), to.to_string());
    let retry = NodeBuilder::new("receipt").attr("to", Jid::pn_device(BUSINESS, 1)).attr("id", "E1");
    let again = NodeBuilder::new("retry").attr("count", "1").attr("id", "E1").build();
    theirs.send(&retry.attr("type", "retry").children([again]).build()).await;
    let asked = sender.until("the request", |n| n.tag == "receipt" && attr(n, "type") == "retry").await;
    assert!(asked.get_optional_child("retry").is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn edits_as_the_official_apps_send_them_are_read() {
    let server = start(Options::default()).await;
    let asha = server.find_customer(ASHA).unwrap();
    let of = asha.send_text(BUSINESS, "hello").unwrap();
    let edit = Draft::of(Kind::Edit).about(&of).saying("hello, edited").wrapped(Wrapper::Edited);
    let id = asha.send(BUSINESS, &edit, &SendOptions::default()).unwrap();
    let seen = server.find_customer(BUSINESS).unwrap().received(ASHA);
    let body = seen.into_iter().find(|entry| entry.id == id).unwrap().body;
    assert_eq!(body, Body::Edit { of, text: "hello, edited".into() });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_usual_calls_of_gateways_are_answered() {
    let server = start(Options::default()).await;
    let (_light, mut wire) = online(&server, BUSINESS).await;
    let profile = NodeBuilder::new("profile").attr("jid", Jid::pn(BUSINESS)).build();
    let category = NodeBuilder::new("category").attr("name", "last").attr("value", "none").build();
    let spam = NodeBuilder::new("spam_list").attr("jid", Jid::pn(ASHA)).build();
    let calls = [
        (
            "get",
            "w:biz",
            NodeBuilder::new("business_profile").children([profile]).build(),
            "business_profile",
        ),
        ("get", "status", NodeBuilder::new("privacy").build(), "privacy"),
        ("set", "w:qr", NodeBuilder::new("qr").attr("action", "get").build(), "qr"),
        ("get", "w:mex", NodeBuilder::new("query").build(), "result"),
        ("set", "privacy", node("privacy", [category]), "privacy"),
        ("set", "disappearing_mode", NodeBuilder::new("disappearing_mode").build(), ""),
        ("set", "spam", spam, "report"),
    ];
    for (kind, namespace, child, answered) in calls {
        let answer = ask(&mut wire, request(kind, namespace, "c"), [child]).await;
        assert_eq!(attr(&answer, "type"), "result", "{namespace}");
        assert!(
            answered.is_empty() || answer.get_optional_child(answered).is_some(),
            "{namespace}: {answer:?}"
        );
    }
    assert_eq!(server.counters().unknown_requests, 0);
    wait(&server, 0, |e| matches!(e, EventKind::Reported { whom, .. } if whom == ASHA)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_identity_is_told_under_the_name_of_the_chat() {
    let server = start(Options::default()).await;
    let (_light, mut wire) = online(&server, BUSINESS).await;
    let asha = server.find_customer(ASHA).unwrap();
    let told = |n: &Node| n.tag == "notification" && n.get_optional_child("identity").is_some();
    asha.send_text(BUSINESS, "by number").unwrap();
    asha.reinstall(BUSINESS).unwrap();
    assert_eq!(attr(&wire.until("the news", told).await, "from"), format!("{ASHA}@s.whatsapp.net"));
    asha.send_text_with(BUSINESS, "by LID", &SendOptions::by_lid()).unwrap();
    asha.reinstall(BUSINESS).unwrap();
    assert_eq!(attr(&wire.until("the news", told).await, "from"), format!("{}@lid", asha.lid()));
}

/// Several devices of one account: each gets what customers write, what the phone writes and what the others write.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_device_of_an_account_gets_what_is_the_accounts() {
    let server = start(Options::default()).await;
    let (_first, mut one) = online(&server, BUSINESS).await;
    let (_second, mut two) = online(&server, BUSINESS).await;
    let (third, mut three) = online(&server, BUSINESS).await;
    let asha = server.find_customer(ASHA).unwrap();
    let id = asha.send(BUSINESS, &Draft::of(Kind::Image), &SendOptions::default()).unwrap();
    for wire in [&mut one, &mut two, &mut three] {
        assert_eq!(attr(&message(wire).await, "id"), id);
    }
    let id = server.find_phone(BUSINESS).unwrap().send_text(ASHA, "this is the owner").unwrap();
    for wire in [&mut one, &mut two, &mut three] {
        let own = message(wire).await;
        assert_eq!(
            (attr(&own, "id"), attr(&own, "recipient")),
            (id.clone(), format!("{ASHA}@s.whatsapp.net"))
        );
    }
    // What one of them writes reaches the others, as a message of their own account.
    let enc = NodeBuilder::new("enc").attr("v", "2").attr("type", "msg").bytes(vec![1; 40]).build();
    let others = [2, 3].map(|device| {
        NodeBuilder::new("to").attr("jid", Jid::pn_device(BUSINESS, device)).children([enc.clone()]).build()
    });
    let said = NodeBuilder::new("message").attr("to", Jid::pn(ASHA)).attr("id", "D1").attr("type", "text");
    one.send(&said.children([node("participants", others)]).build()).await;
    for wire in [&mut two, &mut three] {
        let own = message(wire).await;
        assert_eq!(
            (attr(&own, "id"), attr(&own, "from")),
            ("D1".into(), format!("{BUSINESS}:1@s.whatsapp.net"))
        );
        assert_eq!(attr(&own, "recipient"), format!("{ASHA}@s.whatsapp.net"));
    }
    // One that is unlinked gets nothing more, and the others go on.
    server.find_phone(BUSINESS).unwrap().unlink(third.device.id()).unwrap();
    let id = asha.send_text(BUSINESS, "hello").unwrap();
    for wire in [&mut one, &mut two] {
        assert_eq!(attr(&message(wire).await, "id"), id);
    }
    three.closed().await;
}

/// Whatever a client writes becomes an address in one place alone, which checks it.
#[test]
fn addresses_are_made_in_one_place() {
    fn sources(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { sources(&path, found) } else { found.push(path) }
        }
    }
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&folder, &mut files);
    let makers = ["Jid::pn(", "Jid::lid(", "Jid::new(", "Jid::group(", "Jid::newsletter(", "Jid::pn_device("];
    let files = files.iter().filter(|path| path.extension().is_some_and(|ext| ext == "rs"));
    for file in files.filter(|path| !path.ends_with("world/address.rs")) {
        let source = std::fs::read_to_string(file).unwrap();
        for maker in makers {
            assert!(!source.contains(maker), "{} makes an address by {maker}..)", file.display());
        }
    }
}
