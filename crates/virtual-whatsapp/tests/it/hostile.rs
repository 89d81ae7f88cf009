//! Bad input: the server answers with an error or a closed connection and a count, and lives on.

#![allow(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_websockets::Message;
use virtual_whatsapp::{Counters, EventKind, Limits, Options, Server, VirtualWhatsApp};
use wacore_binary::builder::NodeBuilder;
use wacore_binary::consts::WA_CONN_HEADER;
use wacore_libsignal::protocol::{IdentityKeyPair, KeyPair};

use crate::bot::{BUSINESS, LIMIT, wait};
use crate::wire::{Light, Socket, Wire, activate, attr, framed, open, registration, request};

async fn server_with(limits: Limits) -> Server {
    VirtualWhatsApp::start(Options { limits, ..Options::default() }).await.unwrap()
}

async fn server() -> Server {
    server_with(Limits::default()).await
}

/// A client still links: the server lives on.
async fn lives(server: &Server) {
    let phone = server.phone(BUSINESS).unwrap();
    let light = Light::link(server, &phone).await;
    light.online(server).await;
}

async fn ends(mut socket: Socket) {
    let rest = async { while let Some(Ok(_)) = socket.next().await {} };
    tokio::time::timeout(LIMIT, rest).await.expect("the server closes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn garbage_before_the_handshake_is_closed_and_counted() {
    let server = server().await;
    let garbage: [&[u8]; 6] = [
        b"GET / HTTP/1.1",
        b"ED\x00\x01\xff\xff\xff",
        &[0xff; 4096],
        &[&WA_CONN_HEADER[..], &[0, 0, 4, 1, 2, 3, 4]].concat(),
        &[&WA_CONN_HEADER[..], &[0xff, 0xff, 0xff]].concat(),
        &[&WA_CONN_HEADER[..], &framed(&[0x12, 0x22, 0x0a, 0x20])].concat(),
    ];
    for bytes in garbage {
        let mut socket = open(&server).await;
        socket.send(Message::binary(bytes.to_vec())).await.unwrap();
        ends(socket).await;
    }
    // No WebSocket at all.
    let mut tcp = TcpStream::connect(server.address()).await.unwrap();
    tcp.write_all(&[0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, b'\r', b'\n', b'\r', b'\n']).await.unwrap();
    let mut rest = Vec::new();
    let _ = tokio::time::timeout(LIMIT, tcp.read_to_end(&mut rest)).await.expect("the server closes");
    wait_for_count(&server, 7, |c| c.failed_handshakes).await;
    lives(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_never_shakes_hands_is_closed_in_time() {
    let server = server_with(Limits { handshake: Duration::from_millis(100), ..Limits::default() }).await;
    let silent = TcpStream::connect(server.address()).await.unwrap();
    ends(open(&server).await).await;
    wait_for_count(&server, 2, |c| c.failed_handshakes).await;
    drop(silent);
}

async fn waiting_device(server: &Server) -> Wire {
    let mut rng: rand::rngs::StdRng = rand::make_rng();
    let (noise, identity) = (KeyPair::generate(&mut rng), IdentityKeyPair::generate(&mut rng));
    Wire::connect(server, noise, registration(&identity)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn garbage_and_oversized_frames_after_the_handshake_are_closed_and_counted() {
    let server = server().await;
    let mut wire = waiting_device(&server).await;
    wire.socket.send(Message::binary(framed(&[1; 64]))).await.unwrap();
    wire.closed().await;
    let mut wire = waiting_device(&server).await;
    wire.send_plain(vec![0, 0xff, 0xff, 0xff]).await;
    wire.closed().await;
    let mut wire = waiting_device(&server).await;
    wire.socket.send(Message::binary(vec![0x7f, 0xff, 0xff])).await.unwrap();
    wire.closed().await;
    let mut wire = waiting_device(&server).await;
    wire.send_plain(nested(100)).await;
    wire.closed().await;
    let mut wire = waiting_device(&server).await;
    wire.send_plain(nested(100_000)).await;
    wire.closed().await;
    wait_for_count(&server, 5, |c| c.bad_input).await;
    lives(&server).await;
}

/// A stanza of so many levels, written by hand: building and encoding one that deep would need the stack for it.
fn nested(levels: usize) -> Vec<u8> {
    let flat = wacore_binary::marshal::marshal(&NodeBuilder::new("iq").build()).unwrap();
    let [plain, list, one, tag] = flat[..] else { panic!("{flat:?}") };
    let open = [list, one + 1, tag, list, 1];
    let mut bytes = vec![plain];
    for _ in 1..levels {
        bytes.extend(open);
    }
    bytes.extend([list, one, tag]);
    bytes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unknown_requests_get_an_error_and_unknown_stanzas_end_the_stream() {
    let server = server().await;
    let phone = server.phone(BUSINESS).unwrap();
    let light = Light::link(&server, &phone).await;
    let mut wire = light.online(&server).await;
    wire.send(&request("get", "w:unheard-of", "q1").build()).await;
    let answer = wire.until("an answer", |n| attr(n, "id") == "q1").await;
    assert_eq!(attr(&answer, "type"), "error");
    assert_eq!(attr(answer.get_optional_child("error").unwrap(), "code"), "501");
    wait(
        &server,
        0,
        |e| matches!(e, EventKind::UnknownRequest { stanza, .. } if stanza.contains("unheard-of")),
    )
    .await;
    for (namespace, id) in
        [("encrypt", "q2"), ("usync", "q3"), ("md", "q4"), ("w:g2", "q5"), ("w:sync:app:state", "q6")]
    {
        wire.send(&request("set", namespace, id).children([NodeBuilder::new("sync").build()]).build()).await;
        wire.until("an answer", |n| attr(n, "id") == id).await;
    }
    wire.send(&NodeBuilder::new("frobnicate").build()).await;
    wire.until("a stream error", |n| n.tag == "stream:error").await;
    wire.closed().await;
    lives(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_never_reads_is_closed_and_its_memory_given_back() {
    let limits = Limits { write: Duration::from_millis(300), queue: 500, ..Limits::default() };
    let server = server_with(limits).await;
    let phone = server.phone(BUSINESS).unwrap();
    let light = Light::link(&server, &phone).await;
    let mut wire = light.connect(&server).await;
    wire.until("success", |n| n.tag == "success").await;
    light.upload(&mut wire, 1..=50).await;
    activate(&mut wire).await;
    let asha = server.customer("255754000222", "Asha").unwrap();
    let long = "x".repeat(100_000);
    let before = server.events().last();
    for _ in 0..600 {
        asha.send_text(BUSINESS, &long).unwrap();
        if server.counters().slow_readers > 0 {
            break;
        }
        tokio::task::yield_now().await;
    }
    wait(&server, before, |e| matches!(e, EventKind::Disconnected { .. })).await;
    assert_eq!(server.counters().slow_readers, 1);
    assert!(light.device.status().queue <= 500);
    drop(wire);
    light.online_settling(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_over_the_limit_are_closed_and_those_within_it_work() {
    let server = server_with(Limits { connections: 50, ..Limits::default() }).await;
    let mut held = Vec::new();
    for _ in 0..60 {
        held.push(TcpStream::connect(server.address()).await.unwrap());
    }
    wait_for_count(&server, 10, |c| c.over_limit).await;
    wait_for_open(&server, 50).await;
    held.clear();
    wait_for_open(&server, 0).await;
    lives(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_connections_one_after_the_other_and_many_at_once_leave_nothing_behind() {
    let server = server_with(Limits { connections: 1_000, ..Limits::default() }).await;
    for _ in 0..20 {
        let mut batch = Vec::new();
        for _ in 0..500 {
            batch.push(TcpStream::connect(server.address()).await.unwrap());
        }
    }
    wait_for_count(&server, 10_000, |c| c.accepted).await;
    wait_for_open(&server, 0).await;
    lives(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_connections_at_once_are_held_and_a_device_still_links() {
    let patient = Limits { connections: 10_010, handshake: LIMIT, ..Limits::default() };
    let server = server_with(patient).await;
    // In memory: as many over TCP would need more descriptors than most systems give one process.
    let held: Vec<_> = (0..10_000)
        .map(|_| {
            let (client, stream) = tokio::io::duplex(64);
            let server = server.clone();
            tokio::spawn(async move { server.serve_stream(stream).await });
            client
        })
        .collect();
    wait_for_open(&server, 10_000).await;
    lives(&server).await;
    drop(held);
    wait_for_open(&server, 0).await;
    wait_for_count(&server, 10_000, |c| c.failed_handshakes).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_asks_and_never_reads_is_slowed_down_and_closed() {
    let server = server_with(Limits { write: Duration::from_millis(300), ..Limits::default() }).await;
    let phone = server.phone(BUSINESS).unwrap();
    let light = Light::link(&server, &phone).await;
    let mut wire = light.online(&server).await;
    let ping = request("get", "w:p", "ping").build();
    let asking = tokio::spawn(async move {
        loop {
            wire.send(&ping).await;
            tokio::task::yield_now().await;
        }
    });
    let counted = wait_for_count(&server, 1, |c| c.slow_readers).await;
    asking.abort();
    let answered = counted.stanzas_out;
    assert!(counted.stanzas_in <= answered + 512, "questions wait at the socket, not in memory: {counted:?}");
    lives(&server).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn frames_of_all_sizes_are_answered_up_to_the_limit_and_closed_above_it() {
    let limit = 4096;
    let server = server_with(Limits { frame_bytes: limit, ..Limits::default() }).await;
    let phone = server.phone(BUSINESS).unwrap();
    let light = Light::link(&server, &phone).await;
    let mut wire = light.online(&server).await;
    // The cipher's tag is 16 bytes of the frame.
    let largest = limit - 16;
    let smallest = padded(0).len();
    let edges = [smallest, smallest + 1, 255, 256, 257, 1023, 1024, 4000, largest - 1, largest];
    let sizes = edges.into_iter().chain((smallest..largest).step_by(97));
    let mut tried = 0;
    for size in sizes {
        let Some(stanza) = padded_to(size) else { continue };
        wire.send_plain(stanza).await;
        wire.until("an answer", |n| attr(n, "id") == "padded").await;
        tried += 1;
    }
    assert!(tried > 40, "only {tried} sizes can be made");
    wire.send_plain(padded(limit)).await;
    wire.closed().await;
    wait_for_count(&server, 1, |c| c.bad_input).await;
    // Lengths that are announced and never filled: nothing is kept for what has not come.
    for length in [limit + 1, 65_535, 65_536, 0xff_ffff] {
        let mut wire = waiting_device(&server).await;
        wire.socket.send(Message::binary((length as u32).to_be_bytes()[1..].to_vec())).await.unwrap();
        wire.closed().await;
    }
    wait_for_count(&server, 5, |c| c.bad_input).await;
    lives(&server).await;
}

/// A request with so many bytes in it, encoded.
fn padded(bytes: usize) -> Vec<u8> {
    let filler = NodeBuilder::new("x").bytes(vec![7; bytes]).build();
    wacore_binary::marshal::marshal(&request("get", "w:unheard-of", "padded").children([filler]).build())
        .unwrap()
}

/// One whose encoding has exactly `size` bytes; none where the lengths of lengths leave a gap.
fn padded_to(size: usize) -> Option<Vec<u8>> {
    (size.saturating_sub(padded(0).len() + 8)..=size).map(padded).find(|stanza| stanza.len() == size)
}

async fn wait_for_count(server: &Server, at_least: u64, read: impl Fn(&Counters) -> u64) -> Counters {
    server.wait_for_counters(LIMIT, |counters| read(counters) >= at_least).await.unwrap()
}

async fn wait_for_open(server: &Server, open: u64) {
    server.wait_for_counters(LIMIT, |counters| counters.open == open).await.unwrap();
}
