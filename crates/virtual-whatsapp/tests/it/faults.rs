//! Each fault, as a client meets it at the wire.

use std::time::{Duration, Instant};

use virtual_whatsapp::{
    Clock, Customer, Distribution, EventKind, Fault, FaultSpec, Lasts, Options, Phone, Scope, Server,
    VirtualWhatsApp,
};
use wacore_binary::builder::NodeBuilder;
use wacore_binary::{Jid, Node};

use crate::bot::{ASHA, BUSINESS, LIMIT, wait};
use crate::wire::{Light, Wire, ack, attr, gibberish, request};

struct Scene {
    server: Server,
    phone: Phone,
    asha: Customer,
    light: Light,
    wire: Wire,
}

async fn scene() -> Scene {
    scene_with(Options::default()).await
}

async fn scene_with(options: Options) -> Scene {
    let server = VirtualWhatsApp::start(options).await.unwrap();
    let phone = server.phone(BUSINESS).unwrap();
    let asha = server.customer(ASHA, "Asha").unwrap();
    let light = Light::link(&server, &phone).await;
    let mut wire = light.online(&server).await;
    // The key share came with the backlog; after it comes the history, in two pieces.
    for _ in 0..2 {
        let history = wire.until("a peer message", |n| attr(n, "category") == "peer").await;
        wire.send(&ack(&history)).await;
    }
    let mut settled = 0;
    wait(&server, 0, |e| {
        settled += usize::from(matches!(e, EventKind::Acked { .. }));
        settled == 3
    })
    .await;
    Scene { server, phone, asha, light, wire }
}

impl Scene {
    fn on(&self, fault: Fault, lasts: Lasts) -> u64 {
        self.server.faults().for_account(BUSINESS, fault, lasts)
    }

    async fn message(&mut self) -> Node {
        self.wire.until("a message", |n| n.tag == "message").await
    }

    async fn refused(&self) -> Node {
        let mut wire = self.light.connect(&self.server).await;
        let node = wire.next().await.unwrap();
        wire.closed().await;
        node
    }

    /// Sends a message that no phone can read, and returns its acknowledgement.
    async fn acknowledged(&mut self, id: &str) -> Node {
        self.wire.send(&gibberish(&Jid::pn(ASHA), id)).await;
        self.wire.until("the acknowledgement", |n| n.tag == "ack" && attr(n, "id") == id).await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn delay_makes_stanzas_late_and_keeps_their_order() {
    let mut scene = scene().await;
    let by = Distribution::Uniform { least_ms: 50, most_ms: 150 };
    scene.on(Fault::Delay { by }, Lasts::Always);
    let start = Instant::now();
    let ids: Vec<String> =
        (0..400).map(|n| scene.asha.send_text(BUSINESS, &n.to_string()).unwrap()).collect();
    for id in ids {
        assert_eq!(attr(&scene.message().await, "id"), id);
        assert!(start.elapsed() >= Duration::from_millis(50));
    }
    // One after the other they would take 20 s at the very least.
    assert!(start.elapsed() < Duration::from_secs(20), "delays do not add up: {:?}", start.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_connection_is_cut_after_so_many_stanzas_and_the_rest_comes_again() {
    let mut scene = scene().await;
    scene.on(Fault::DropAfter { stanzas: 2 }, Lasts::ONCE);
    let ids: Vec<String> = (0..4).map(|n| scene.asha.send_text(BUSINESS, &n.to_string()).unwrap()).collect();
    let mut seen = Vec::new();
    while let Some(node) = scene.wire.next().await {
        seen.push(attr(&node, "id"));
    }
    assert_eq!(seen, ids[..2]);
    let mut wire = scene.light.connect(&scene.server).await;
    wire.until("success", |n| n.tag == "success").await;
    crate::wire::activate(&mut wire).await;
    for id in &ids {
        let message = wire.until("a message", |n| n.tag == "message").await;
        assert_eq!((&attr(&message, "id"), attr(&message, "offline").as_str()), (id, "0"));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_half_open_connection_stays_and_says_nothing() {
    let mut scene = scene().await;
    let before = scene.server.events().last();
    scene.on(Fault::HalfOpen, Lasts::ONCE);
    wait(&scene.server, before, |e| matches!(e, EventKind::Fault { .. })).await;
    scene.wire.send(&request("get", "w:p", "ping").build()).await;
    scene.asha.send_text(BUSINESS, "into the void").unwrap();
    let silence = tokio::time::timeout(Duration::from_millis(300), scene.wire.next()).await;
    assert!(silence.is_err(), "{silence:?}");
    assert!(scene.light.device.is_connected());
    // A new connection is a whole one, and nothing is lost.
    let mut wire = scene.light.connect(&scene.server).await;
    wire.until("success", |n| n.tag == "success").await;
    crate::wire::activate(&mut wire).await;
    wire.until("the message", |n| n.tag == "message").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn logins_are_refused_with_the_reason_and_only_as_often_as_said() {
    let scene = scene().await;
    for reason in [401, 403, 405, 409, 503] {
        scene.on(Fault::RefuseLogin { reason }, Lasts::ONCE);
        let refusal = scene.refused().await;
        assert_eq!((refusal.tag.as_ref(), attr(&refusal, "reason")), ("failure", reason.to_string()));
    }
    scene.on(Fault::Ban { seconds: 3_600 }, Lasts::ONCE);
    let ban = scene.refused().await;
    assert_eq!((attr(&ban, "reason").as_str(), attr(&ban, "expire").as_str()), ("402", "3600"));
    let mut wire = scene.light.connect(&scene.server).await;
    assert_eq!(wire.next().await.unwrap().tag, "success");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fault_lasts_as_long_as_the_servers_clock_says_and_hits_only_its_scope() {
    let clock = Clock::manual(1_800_000_000);
    let scene = scene_with(Options { clock: clock.clone(), ..Options::default() }).await;
    let refuse = Fault::RefuseLogin { reason: 503 };
    scene.server.faults().for_account("255700000000", refuse.clone(), Lasts::Always);
    let other = Scope::Device { number: BUSINESS.to_owned(), device: 9 };
    scene.server.faults().switch_on(FaultSpec::new(refuse.clone(), other, Lasts::Always));
    let mut wire = scene.light.connect(&scene.server).await;
    assert_eq!(wire.next().await.unwrap().tag, "success");
    scene.server.faults().switch_all_off();
    scene.on(refuse, Lasts::For { ms: 60_000 });
    assert_eq!(scene.refused().await.tag, "failure");
    clock.advance(Duration::from_secs(59));
    assert_eq!(scene.refused().await.tag, "failure");
    clock.advance(Duration::from_secs(1));
    let mut wire = scene.light.connect(&scene.server).await;
    assert_eq!(wire.next().await.unwrap().tag, "success");
    assert!(scene.server.faults().list().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fault_hits_one_device_of_two_or_all_of_everybody() {
    let scene = scene().await;
    let other = Light::link(&scene.server, &scene.phone).await;
    let refuse = Fault::RefuseLogin { reason: 503 };
    let first = Scope::Device { number: BUSINESS.to_owned(), device: scene.light.device.id() };
    scene.server.faults().switch_on(FaultSpec::new(refuse.clone(), first, Lasts::Always));
    assert_eq!(scene.refused().await.tag, "failure");
    let mut wire = other.connect(&scene.server).await;
    assert_eq!(wire.next().await.unwrap().tag, "success");
    scene.server.faults().switch_all_off();
    scene.server.faults().for_all(refuse, Lasts::Always);
    for light in [&scene.light, &other] {
        let mut wire = light.connect(&scene.server).await;
        assert_eq!(wire.next().await.unwrap().tag, "failure");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seeded_chance_strikes_the_same_stanzas_again() {
    let mut draws = Vec::new();
    for _ in 0..2 {
        let mut scene = scene().await;
        let scope = Scope::Account { number: BUSINESS.to_owned() };
        let spec = FaultSpec::new(Fault::AckError { code: 500 }, scope, Lasts::Always);
        scene.server.faults().switch_on(FaultSpec { chance: 0.5, seed: Some(7), ..spec });
        let mut struck = Vec::new();
        for n in 0..20 {
            struck.push(attr(&scene.acknowledged(&format!("A{n}")).await, "error") == "500");
        }
        assert!(struck.contains(&true) && struck.contains(&false));
        draws.push(struck);
    }
    assert_eq!(draws[0], draws[1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stream_errors_and_a_replaced_session_end_the_open_connection() {
    let mut scene = scene().await;
    scene.on(Fault::StreamError { code: 503 }, Lasts::ONCE);
    let end = scene.wire.until("the stream error", |n| n.tag == "stream:error").await;
    assert_eq!(attr(&end, "code"), "503");
    scene.wire.closed().await;
    scene.wire = scene.light.online(&scene.server).await;
    scene.on(Fault::Replaced, Lasts::ONCE);
    let end = scene.wire.until("the conflict", |n| n.tag == "stream:error").await;
    assert_eq!(attr(end.get_optional_child("conflict").unwrap(), "type"), "replaced");
    scene.wire.closed().await;
    // The real thing: a second login of the same session.
    let mut first = scene.light.online(&scene.server).await;
    let _second = scene.light.online(&scene.server).await;
    let end = first.until("the conflict", |n| n.tag == "stream:error").await;
    assert_eq!(attr(end.get_optional_child("conflict").unwrap(), "type"), "replaced");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_come_twice_and_in_another_order() {
    let mut scene = scene().await;
    scene.on(Fault::Duplicate, Lasts::ONCE);
    let twice = scene.asha.send_text(BUSINESS, "twice").unwrap();
    let first = scene.message().await;
    assert_eq!(first, scene.message().await);
    assert_eq!(attr(&first, "id"), twice);
    scene.on(Fault::Reorder, Lasts::ONCE);
    let one = scene.asha.send_text(BUSINESS, "one").unwrap();
    let two = scene.asha.send_text(BUSINESS, "two").unwrap();
    let seen = [attr(&scene.message().await, "id"), attr(&scene.message().await, "id")];
    assert_eq!(seen, [two, one]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_undecryptable_message_differs_from_what_was_sent() {
    let mut scene = scene().await;
    scene.on(Fault::Undecryptable, Lasts::ONCE);
    let id = scene.asha.send_text(BUSINESS, "damaged").unwrap();
    let damaged = scene.message().await;
    scene.asha.resend_same_bytes(&id).unwrap();
    let whole = scene.message().await;
    assert_eq!(attr(&damaged, "id"), attr(&whole, "id"));
    assert_ne!(damaged.get_optional_child("enc"), whole.get_optional_child("enc"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledgements_are_withheld_lie_or_refuse() {
    let mut scene = scene().await;
    let asha = Jid::pn(ASHA);
    scene.on(Fault::NoAck, Lasts::ONCE);
    scene.wire.send(&gibberish(&asha, "LOST-ACK")).await;
    // The phone got it and asks for it again; the acknowledgement of the next one is the first that comes.
    let next = scene.acknowledged("NEXT").await;
    assert_eq!(attr(&next, "error"), "");
    let tried = |id: &'static str| move |e: &EventKind| matches!(e, EventKind::Undecryptable { id: i, .. } if i == id);
    wait(&scene.server, 0, tried("LOST-ACK")).await;

    scene.on(Fault::AckWithoutDelivery, Lasts::ONCE);
    let before = scene.server.events().last();
    assert_eq!(attr(&scene.acknowledged("LOST").await, "error"), "");
    scene.acknowledged("AFTER").await;
    wait(&scene.server, before, tried("AFTER")).await;
    let since = scene.server.events().since(before);
    assert!(!since.iter().any(|e| tried("LOST")(&e.kind)));

    scene.on(Fault::AckError { code: 479 }, Lasts::ONCE);
    assert_eq!(attr(&scene.acknowledged("REFUSED").await, "error"), "479");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_are_refused_until_they_have_written() {
    let mut scene = scene().await;
    scene.on(Fault::RefuseStrangers, Lasts::Always);
    assert_eq!(attr(&scene.acknowledged("COLD").await, "error"), "463");
    scene.asha.send_text(BUSINESS, "hello").unwrap();
    assert_eq!(attr(&scene.acknowledged("WARM").await, "error"), "");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_over_the_rate_get_429() {
    let mut scene = scene().await;
    scene.on(Fault::RateOverlimit, Lasts::ONCE);
    for (id, kind) in [("q1", "error"), ("q2", "result")] {
        let count = request("get", "encrypt", id).children([NodeBuilder::new("count").build()]);
        scene.wire.send(&count.build()).await;
        let answer = scene.wire.until("an answer", |n| attr(n, "id") == id).await;
        assert_eq!(attr(&answer, "type"), kind);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_server_restarts_and_keeps_everything() {
    let mut scene = scene().await;
    let unsettled = scene.asha.send_text(BUSINESS, "before").unwrap();
    scene.message().await;
    let address = scene.server.address();
    scene.server.restart().await.unwrap();
    assert_eq!(scene.server.address(), address);
    scene.wire.closed().await;
    let waiting = scene.asha.send_text(BUSINESS, "meanwhile").unwrap();
    let mut wire = scene.light.connect(&scene.server).await;
    wire.until("success", |n| n.tag == "success").await;
    crate::wire::activate(&mut wire).await;
    for id in [unsettled, waiting] {
        let message = wire.until("a message", |n| n.tag == "message").await;
        assert_eq!(attr(&message, "id"), id);
    }
    assert_eq!(scene.phone.linked_devices().len(), 1);
    tokio::time::timeout(LIMIT, scene.server.shutdown()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_settled_comes_again_on_the_same_connection_in_time() {
    let clock = Clock::manual(1_800_000_000);
    let mut scene = scene_with(Options { clock: clock.clone(), ..Options::default() }).await;
    let id = scene.asha.send_text(BUSINESS, "unsettled").unwrap();
    assert_eq!(attr(&scene.message().await, "id"), id);
    clock.advance(Duration::from_secs(900));
    let again = scene.message().await;
    assert_eq!((attr(&again, "id"), attr(&again, "offline").as_str()), (id, "0"));
}
