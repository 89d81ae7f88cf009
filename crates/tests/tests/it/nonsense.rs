//! Sockets that speak nonsense harm nobody.

use std::{os::unix::fs::FileTypeExt, path::Path};

use tests::{Bot, ControlPlane, Flavour, LIMIT, Place};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use virtual_whatsapp::{Options, VirtualWhatsApp};

/// What strangers may say: text, an empty frame, a frame that claims to be huge, JSON that is no frame of ours.
fn nonsense() -> Vec<Vec<u8>> {
    let hello = br#"{"type":"hello","versions":[1,1]}"#;
    let framed = |body: &[u8]| [&u32::try_from(body.len()).unwrap().to_be_bytes()[..], body].concat();
    vec![
        b"GET / HTTP/1.1\r\n\r\n".to_vec(),
        vec![0; 4],
        vec![0xff; 64 * 1024],
        framed(hello),
        framed(br#"{"type":"welcome"}"#),
        framed(b"\x00\x01\x02"),
    ]
}

/// Says it, and waits until the other side has had enough.
async fn says(socket: &Path, bytes: &[u8]) {
    // Paths of sockets may be longer than fits an address; this knows the way around.
    let name = socket.file_name().unwrap().to_str().unwrap();
    let mut stream = link::socket::connect(socket.parent().unwrap(), name).await.unwrap();
    // The other side may hang up while it is still being talked to.
    let _ = stream.write_all(bytes).await;
    let _ = stream.shutdown().await;
    let mut answer = Vec::new();
    let ended = tokio::time::timeout(LIMIT, stream.read_to_end(&mut answer)).await;
    assert!(ended.is_ok(), "the connection is ended");
    let answer = String::from_utf8_lossy(&answer);
    assert!(!answer.contains("settings"), "a stranger is told nothing: {answer}");
}

#[tokio::test]
async fn a_stranger_on_a_workers_socket_is_turned_away_and_the_bot_goes_on() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let (bot, _device) = Bot::linked(admin, &whatsapp, 1).await;
    let asha = whatsapp.customer("255712000001", "Asha").unwrap();
    bot.answers(&asha, "Hello").await;
    let pid = bot.pid(admin).await;

    let links = std::fs::read_dir(place.data().join("links").join(&bot.id)).unwrap();
    let mut sockets = links.map(Result::unwrap).filter(|entry| entry.file_type().unwrap().is_socket());
    let socket = sockets.next().expect("the worker has a socket").path();
    for bytes in nonsense() {
        says(&socket, &bytes).await;
    }
    bot.answers(&asha, "1").await;
    let logs = admin.wait_for_logs(&bot.id, "two in and two out", |logs| logs.len() >= 4).await;
    assert_eq!(logs.len(), 4);
    assert_eq!(bot.pid(admin).await, pid, "the same process");
}

#[tokio::test]
async fn a_stranger_on_the_admin_socket_is_turned_away_and_the_control_plane_goes_on() {
    let whatsapp = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let place = Place::new();
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    for bytes in nonsense().into_iter().skip(1) {
        says(&plane.admin().socket, &bytes).await;
    }
    Bot::create(plane.admin(), 1).await;
}
