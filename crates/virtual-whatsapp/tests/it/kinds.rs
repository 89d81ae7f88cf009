//! Every kind of message at the wire: its marks, its ways, its time, its file; and what no official app would send.

use std::time::Duration;

use virtual_whatsapp::{
    Authority, Clock, Customer, Draft, EventKind, Fault, FaultSpec, GroupOptions, Kind, Lasts, Options,
    Scope, SendOptions, Server, StanzaKind, TlsListener, TlsOptions, Via, VirtualWhatsApp, Wrapper,
};
use wacore_binary::Node;
use wacore_binary::builder::NodeBuilder;

use crate::bot::{ASHA, BUSINESS, LIMIT, World, wait};
use crate::wire::{Light, Wire, ack, attr, request};

struct Scene {
    server: Server,
    asha: Customer,
    light: Light,
    wire: Wire,
}

async fn scene_with(options: Options) -> Scene {
    let server = VirtualWhatsApp::start(options).await.unwrap();
    let phone = server.phone(BUSINESS).unwrap();
    let asha = server.customer(ASHA, "Asha").unwrap();
    let light = Light::link(&server, &phone).await;
    let mut wire = light.online(&server).await;
    for _ in 0..2 {
        let piece = wire.until("a piece of the past", |n| attr(n, "category") == "peer").await;
        wire.send(&ack(&piece)).await;
    }
    Scene { server, asha, light, wire }
}

async fn scene() -> Scene {
    scene_with(Options::default()).await
}

impl Scene {
    async fn message(&mut self) -> Node {
        let heard = self.wire.until("a message", |n| n.tag == "message").await;
        self.wire.send(&ack(&heard)).await;
        heard
    }

    /// Sends and sees what comes of it.
    async fn send(&mut self, draft: &Draft, options: &SendOptions) -> Node {
        let id = self.asha.send(BUSINESS, draft, options).unwrap_or_else(|e| panic!("{draft:?}: {e}"));
        let heard = self.message().await;
        assert_eq!(attr(&heard, "id"), id, "{draft:?}");
        heard
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_carries_its_marks() {
    let mut scene = scene().await;
    scene.send(&Draft::text("first"), &SendOptions::default()).await;
    let marks = [
        (Kind::Text, "text", "", ""),
        (Kind::LinkPreview, "text", "url", ""),
        (Kind::Image, "media", "image", ""),
        (Kind::VideoNote, "media", "ptv", ""),
        (Kind::Gif, "media", "gif", ""),
        (Kind::Voice, "media", "ptt", ""),
        (Kind::Contacts, "media", "contact_array", ""),
        (Kind::Poll, "poll", "", ""),
        (Kind::Event, "event", "", ""),
        (Kind::ListReply, "media", "list_response", ""),
        (Kind::Reaction, "reaction", "", ""),
        (Kind::Edit, "text", "", "1"),
        (Kind::Pin, "text", "", "2"),
        (Kind::Delete, "text", "", "7"),
    ];
    for (kind, stanza_type, media_type, edit) in marks {
        let heard = scene.send(&Draft::of(kind), &SendOptions::default()).await;
        let enc = heard.get_optional_child("enc").unwrap();
        let seen = (attr(&heard, "type"), attr(enc, "mediatype"), attr(&heard, "edit"));
        assert_eq!(
            (seen.0.as_str(), seen.1.as_str(), seen.2.as_str()),
            (stanza_type, media_type, edit),
            "{kind:?}"
        );
        let hidden = matches!(kind, Kind::Reaction | Kind::Edit | Kind::Pin | Kind::Delete);
        assert_eq!(attr(enc, "decrypt-fail") == "hide", hidden, "{kind:?}");
    }
    let vote = Draft::of(Kind::PollVote);
    let heard = scene.send(&vote, &SendOptions::default()).await;
    assert_eq!(attr(heard.get_optional_child("meta").unwrap(), "polltype"), "vote");
    let notice = scene.send(&Draft::of(Kind::Unavailable), &SendOptions::default()).await;
    assert_eq!(attr(notice.get_optional_child("unavailable").unwrap(), "type"), "view_once");
    assert!(notice.get_optional_child("enc").is_none());
}

/// whatsapp-rust, unmodified, takes every kind in every wrapper and is there afterwards.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_kind_in_every_wrapper_is_taken_by_the_client() {
    let world = World::linked().await;
    let plain = SendOptions::default();
    world.asha.send_text(BUSINESS, "hello").unwrap();
    world.asha.wait_for_reply(BUSINESS, 1, LIMIT).await.unwrap();
    for kind in Kind::ALL.iter().filter(|kind| **kind != Kind::Raw) {
        world.asha.send(BUSINESS, &Draft::of(*kind), &plain).unwrap();
    }
    for wrapper in Wrapper::ALL {
        world.asha.send(BUSINESS, &Draft::of(Kind::Image).wrapped(*wrapper), &plain).unwrap();
    }
    for via in [Via::Status, Via::List("1700000000".into()), Via::Newsletter("120363000000000001".into())] {
        let options = SendOptions { via, ..SendOptions::default() };
        world.asha.send(BUSINESS, &Draft::text("along another way"), &options).unwrap();
    }
    world.asha.send_text(BUSINESS, "still there?").unwrap();
    let there = |all: &[virtual_whatsapp::ChatEntry]| crate::bot::texts(all).contains(&"echo: still there?");
    world.asha.wait_until(BUSINESS, LIMIT, "the last answer", there).await.unwrap();
    world.settled().await;
    world.bot.stop().await;
}

/// What no official app would send: one outcome each, and the client lives.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bad_input_is_sent_as_it_is_and_the_client_lives() {
    use base64::Engine as _;
    let world = World::linked().await;
    world.asha.send_text(BUSINESS, "hello").unwrap();
    world.asha.wait_for_reply(BUSINESS, 1, LIMIT).await.unwrap();
    let deep = (0..50).fold(Draft::of(Kind::Image), |draft, _| draft.wrapped(Wrapper::Ephemeral));
    let raw = |bytes: &[u8]| Draft {
        file: Some(base64::prelude::BASE64_STANDARD.encode(bytes)),
        ..Draft::of(Kind::Raw)
    };
    let drafts = [
        deep,
        Draft { caption: Some("x".repeat(1 << 20)), ..Draft::of(Kind::Image) },
        Draft { options: (0..1000).map(|n| n.to_string()).collect(), ..Draft::of(Kind::Poll) },
        Draft { latitude: Some(1e9), longitude: Some(f64::MAX), ..Draft::of(Kind::Location) },
        Draft { vcard: Some("<script>alert(1)</script>".into()), ..Draft::of(Kind::Contact) },
        Draft { name: Some("../../etc/passwd".into()), ..Draft::of(Kind::Document) },
        // A field that nobody knows, a text that is no text, and no protobuf at all.
        raw(&[0xfa, 0x7f, 0x03, 1, 2, 3]),
        raw(&[0x0a, 2, 0xff, 0xfe]),
        raw(&[0xff; 40]),
        raw(&[]),
    ];
    for draft in &drafts {
        world.asha.send(BUSINESS, draft, &SendOptions::default()).unwrap();
    }
    world.asha.send_text(BUSINESS, "still there?").unwrap();
    let there = |all: &[virtual_whatsapp::ChatEntry]| crate::bot::texts(all).contains(&"echo: still there?");
    world.asha.wait_until(BUSINESS, LIMIT, "the last answer", there).await.unwrap();
    world.bot.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_come_from_whom_and_along_the_way_that_is_asked_for() {
    let mut scene = scene().await;
    let lid = format!("{}@lid", scene.asha.lid());
    let number = format!("{ASHA}@s.whatsapp.net");
    let hello = Draft::text("hello");
    let old = SendOptions { at: Some(1_000_000_000), ..SendOptions::default() };
    assert_eq!(attr(&scene.send(&hello, &old).await, "t"), "1000000000");
    for (via, from, participant) in [
        (Via::Status, "status@broadcast", number.as_str()),
        (Via::List("1700000000".into()), "1700000000@broadcast", number.as_str()),
        (Via::Newsletter("120363000000000001".into()), "120363000000000001@newsletter", ""),
    ] {
        let heard = scene.send(&hello, &SendOptions { via, ..SendOptions::default() }).await;
        assert_eq!(
            (attr(&heard, "from").as_str(), attr(&heard, "participant").as_str()),
            (from, participant)
        );
        assert_eq!(heard.get_optional_child("plaintext").is_some(), from.ends_with("@newsletter"));
    }
    let nowhere = SendOptions { via: Via::List("a@b".into()), ..SendOptions::default() };
    assert!(scene.asha.send(BUSINESS, &hello, &nowhere).is_err());
    scene.asha.set_verified_name(Some("Asha's shop"));
    let heard = scene.send(&hello, &SendOptions::default()).await;
    assert!(heard.get_optional_child("verified_name").is_some());
    scene.asha.set_hides_number(true);
    let heard = scene.send(&hello, &SendOptions::default()).await;
    assert_eq!((attr(&heard, "from"), attr(&heard, "sender_pn")), (lid.clone(), String::new()));
    let options = GroupOptions { community: true, by_lid: true, ..GroupOptions::default() };
    let community = scene.server.group_with("Traders", &[ASHA, BUSINESS], &options).unwrap();
    let options = GroupOptions {
        of_community: Some(community.id.clone()),
        by_lid: true,
        admins: vec![BUSINESS.into()],
        ..GroupOptions::default()
    };
    let group = scene.server.group_with("News of traders", &[ASHA, BUSINESS], &options).unwrap();
    scene.asha.send(&group.id, &Draft::of(Kind::Poll), &SendOptions::default()).unwrap();
    let heard = scene.message().await;
    assert_eq!((attr(&heard, "participant"), attr(&heard, "participant_pn")), (lid, String::new()));
    let query = NodeBuilder::new("iq").attr("to", format!("{}@g.us", group.id)).attr("type", "get");
    let query = query.attr("xmlns", "w:g2").attr("id", "q").children([NodeBuilder::new("query").build()]);
    scene.wire.send(&query.build()).await;
    let shown = scene.wire.until("the group", |n| attr(n, "id") == "q").await;
    let shown = shown.get_optional_child("group").unwrap();
    assert_eq!(
        attr(shown.get_optional_child("linked_parent").unwrap(), "jid"),
        format!("{}@g.us", community.id)
    );
    let ranks: Vec<_> = shown.get_children_by_tag("participant").map(|p| attr(p, "type")).collect();
    assert_eq!(ranks, ["superadmin", "admin"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_kept_for_their_time_and_uploads_are_what_they_say() {
    let clock = Clock::manual(1_800_000_000);
    let server =
        VirtualWhatsApp::start(Options { clock: clock.clone(), ..Options::default() }).await.unwrap();
    let authority = Authority::generate().unwrap();
    let tls = TlsListener::start(server.clone(), &authority, &TlsOptions::default()).await.unwrap();
    let files = Files { tls, authority };
    let (status, _) = files.ask("GET", "/v/t62.7118-24/nothing.enc", b"").await;
    assert_eq!(status, 404);
    let (status, _) = files.ask("POST", "/mms/image/wrong?auth=wrong&token=wrong", b"x").await;
    assert_eq!(status, 401, "media_conn tells what uploads bring along");
    let asha = server.customer(ASHA, "Asha").unwrap();
    server.phone(BUSINESS).unwrap();
    asha.send(BUSINESS, &Draft::of(Kind::Image), &SendOptions::default()).unwrap();
    let phone = server.phone(BUSINESS).unwrap();
    let light = Light::link(&server, &phone).await;
    let mut wire = light.online(&server).await;
    let question = NodeBuilder::new("media_conn").build();
    wire.send(&request("set", "w:m", "m").children([question]).build()).await;
    let told = wire.until("the hosts", |n| attr(n, "id") == "m").await;
    let auth = attr(told.get_optional_child("media_conn").unwrap(), "auth");
    // Its token is the hash of what is uploaded.
    let token = "LSuJNwZOQY5H8bfHyTVKbNbdHJ-cXj3YkKcWF2oIL0Y";
    let (status, _) = files.ask("POST", &format!("/mms/image/{token}?auth={auth}&token={token}"), b"x").await;
    assert_eq!(status, 400);
    let token = {
        use base64::Engine as _;
        use sha2::Digest as _;
        base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(sha2::Sha256::digest(b"x"))
    };
    let (status, body) =
        files.ask("POST", &format!("/mms/image/{token}?auth={auth}&token={token}"), b"x").await;
    assert_eq!(status, 200, "{body}");
    let path =
        serde_json::from_str::<serde_json::Value>(&body).unwrap()["direct_path"].as_str().unwrap().to_owned();
    assert_eq!(files.ask("GET", &path, b"").await, (200, "x".to_owned()));
    wait(&server, 0, |e| matches!(e, EventKind::MediaUploaded { bytes: 1, .. })).await;
    clock.advance(Duration::from_secs(31 * 24 * 3600));
    assert_eq!(files.ask("GET", &path, b"").await.0, 410);
}

/// The media store, for whoever asks it as a client does.
struct Files {
    tls: TlsListener,
    authority: Authority,
}

impl Files {
    /// Status and body of the answer.
    async fn ask(&self, method: &str, path: &str, body: &[u8]) -> (u16, String) {
        use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
        use tokio_rustls::rustls::{
            ClientConfig, RootCertStore,
            crypto::ring,
            pki_types::{CertificateDer, pem::PemObject as _},
        };
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.authority.pem().as_bytes()).unwrap()).unwrap();
        let config = ClientConfig::builder_with_provider(ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector = tokio_rustls::TlsConnector::from(std::sync::Arc::new(config));
        let stream = tokio::net::TcpStream::connect(self.tls.media_address()).await.unwrap();
        let mut stream = connector.connect("localhost".try_into().unwrap(), stream).await.unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(body).await.unwrap();
        let mut answer = Vec::new();
        // The end of the stream may come without a goodbye.
        let _ = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        (status, answer.split_once("\r\n\r\n").unwrap().1.to_owned())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn faults_hit_a_kind_of_stanza_shift_the_time_and_narrow_the_line() {
    let mut scene = scene().await;
    let plain = SendOptions::default();
    let on = |fault, stanza, lasts| FaultSpec {
        stanza,
        ..FaultSpec::new(fault, Scope::Account { number: BUSINESS.to_owned() }, lasts)
    };
    // Only chat states are lost: the message behind one comes.
    let faults = scene.server.faults();
    faults.switch_on(on(Fault::Lose, Some(StanzaKind::Chatstate), Lasts::ONCE));
    scene.asha.typing(BUSINESS, true).unwrap();
    scene.send(&Draft::text("one"), &plain).await;
    wait(&scene.server, 0, |e| matches!(e, EventKind::Fault { what, .. } if what == "lose")).await;
    // A call comes twice.
    faults.switch_on(on(Fault::Duplicate, Some(StanzaKind::Call), Lasts::ONCE));
    scene.asha.call(BUSINESS).unwrap();
    for _ in 0..2 {
        scene.wire.until("the call", |n| n.tag == "call").await;
    }
    // An hour ahead.
    let skew = faults.switch_on(on(Fault::ClockSkew { ms: 3_600_000 }, None, Lasts::Always));
    let at = SendOptions { at: Some(1_000_000), ..SendOptions::default() };
    assert_eq!(attr(&scene.send(&Draft::text("two"), &at).await, "t"), "1003600");
    faults.switch_off(skew);
    // Some kilobytes take their time.
    faults.switch_on(on(Fault::Bandwidth { bytes_per_second: 20_000 }, None, Lasts::Times { times: 2 }));
    let began = std::time::Instant::now();
    scene.send(&Draft::text(&"x".repeat(10_000)), &plain).await;
    assert!(began.elapsed() > Duration::from_millis(400), "{:?}", began.elapsed());
    assert!(scene.light.device.is_linked());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn contacts_names_numbers_presence_and_calls_change() {
    let mut scene = scene().await;
    scene.send(&Draft::text("hello"), &SendOptions::default()).await;
    let to = format!("{ASHA}@s.whatsapp.net");
    scene
        .wire
        .send(&NodeBuilder::new("presence").attr("type", "subscribe").attr("to", to.as_str()).build())
        .await;
    let shown = scene.wire.until("that she is away", |n| n.tag == "presence").await;
    assert_eq!((attr(&shown, "from"), attr(&shown, "type")), (to.clone(), "unavailable".to_owned()));
    scene.asha.set_available(true);
    assert_eq!(attr(&scene.wire.until("that she is there", |n| n.tag == "presence").await, "type"), "");
    let call = scene.asha.call(BUSINESS).unwrap();
    scene.asha.hang_up(BUSINESS, &call).unwrap();
    let ended =
        scene.wire.until("the end of the call", |n| n.get_optional_child("terminate").is_some()).await;
    assert_eq!(attr(ended.get_optional_child("terminate").unwrap(), "call-id"), call);
    scene.server.find_phone(BUSINESS).unwrap().save_contact(ASHA, "Asha from the market").unwrap();
    let synced = scene.wire.until("the news", |n| attr(n, "type") == "server_sync").await;
    assert_eq!(attr(synced.get_optional_child("collection").unwrap(), "name"), "critical_unblock_low");
    scene.server.customer(ASHA, "Asha Juma").unwrap();
    assert_eq!(
        attr(&scene.send(&Draft::text("again"), &SendOptions::default()).await, "notify"),
        "Asha Juma"
    );
    let moved = scene.asha.change_number("255754000999").unwrap();
    let told = scene.wire.until("the new number", |n| n.get_optional_child("modify").is_some()).await;
    let modify = told.get_optional_child("modify").unwrap();
    assert_eq!((attr(modify, "old"), attr(modify, "new")), (to, "255754000999@s.whatsapp.net".to_owned()));
    assert_eq!(moved.info().name, "Asha Juma");
}
