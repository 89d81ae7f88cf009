//! Linking by QR code, logging in, and being refused.

use virtual_whatsapp::{Error, EventKind, LinkError, Options, Pattern, VirtualWhatsApp};
use whatsapp_rust::types::events::Event;

use crate::bot::{BUSINESS, EchoBot, World, caught_up, wait};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_links_by_qr_code_restarts_and_logs_in_by_xx_and_then_by_ik() {
    let world = World::linked().await;
    world.bot.event("pair success", |e| matches!(e, Event::PairSuccess(_))).await;
    world.bot.event("connected", |e| matches!(e, Event::Connected(_))).await;
    let events = world.server.events();
    let pairing =
        |e: &EventKind| matches!(e, EventKind::Handshake { login: false, pattern: Pattern::Xx, .. });
    events.wait_for(std::time::Duration::ZERO, pairing).await.unwrap();
    let before = events.last();
    assert!(world.device.close_connection());
    let back =
        wait(&world.server, before, |e| matches!(e, EventKind::LoggedIn { pattern: Pattern::Ik, .. })).await;
    caught_up(&world.server, back).await;
    assert_eq!(world.phone.linked_devices().len(), 1);
    assert!(world.device.status().prekeys > 700, "{:?}", world.device.status());
    assert_eq!(world.server.counters().unknown_requests, 0, "{:#?}", unknown(&world));
    world.bot.stop().await;
}

fn unknown(world: &World) -> Vec<String> {
    let events = world.server.events().since(0);
    let stanzas = events.iter().filter_map(|e| match &e.kind {
        EventKind::UnknownRequest { stanza, .. } => Some(stanza.clone()),
        _ => None,
    });
    stanzas.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_phone_unlinks_and_the_session_is_refused_from_then_on() {
    let world = World::linked().await;
    world.phone.unlink(world.device.id()).unwrap();
    world.bot.event("logged out", |e| matches!(e, Event::LoggedOut(_))).await;
    assert!(!world.device.is_linked());
    assert!(world.phone.unlink(world.device.id()).is_err());
    world.bot.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_of_another_server_is_refused_with_401() {
    let world = World::linked().await;
    world.bot.stop().await;
    let other = VirtualWhatsApp::start(Options::default()).await.unwrap();
    // The same number and device exist there, with another Noise key.
    let elsewhere = tempfile::tempdir().unwrap();
    let first = EchoBot::start(&other, &elsewhere).await;
    other.phone(BUSINESS).unwrap().scan(&first.qr().await).await.unwrap();
    caught_up(&other, 0).await;
    let stolen = EchoBot::start(&other, &world.directory).await;
    stolen.event("logged out", |e| matches!(e, Event::LoggedOut(_))).await;
    wait(
        &other,
        0,
        |e| matches!(e, EventKind::LoginRefused { code: 401, why, .. } if why.contains("Noise key")),
    )
    .await;
    first.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_expires_and_nonsense_is_none() {
    let clock = virtual_whatsapp::Clock::manual(1_800_000_000);
    let server =
        VirtualWhatsApp::start(Options { clock: clock.clone(), ..Options::default() }).await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let bot = EchoBot::start(&server, &directory).await;
    let qr = bot.qr().await;
    let phone = server.phone(BUSINESS).unwrap();
    assert!(matches!(phone.scan("hello").await, Err(Error::Link(LinkError::NotACode(1)))));
    clock.advance(std::time::Duration::from_secs(60));
    assert!(matches!(phone.scan(&qr).await, Err(Error::Link(LinkError::Expired))));
    clock.advance(std::time::Duration::from_secs(100));
    wait(&server, 0, |e| matches!(e, EventKind::PairingExpired)).await;
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_links_by_pairing_code_and_not_by_a_wrong_one() {
    let server = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let bot = EchoBot::start_with(&server, &directory, Some(BUSINESS)).await;
    let code = bot.pairing_code().await;
    let phone = server.phone(BUSINESS).unwrap();
    assert!(matches!(phone.enter_code("short").await, Err(Error::Link(LinkError::NotAPairingCode))));
    let other = server.phone("255754000999").unwrap();
    assert!(matches!(other.enter_code(&code).await, Err(Error::Link(LinkError::NoCode(_)))));
    let device = phone.enter_code(&format!("{}-{}", &code[..4], &code[4..]).to_lowercase()).await.unwrap();
    assert!(device.is_linked());
    caught_up(&server, 0).await;
    bot.stop().await;

    let elsewhere = tempfile::tempdir().unwrap();
    let bot = EchoBot::start_with(&server, &elsewhere, Some(BUSINESS)).await;
    bot.pairing_code().await;
    assert!(matches!(phone.enter_code("ABCDEFGH").await, Err(Error::Link(LinkError::WrongCode))));
    wait(&server, 0, |e| matches!(e, EventKind::CodeRefused { .. })).await;
    assert_eq!(phone.linked_devices().len(), 1);
    bot.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_device_unlinks_itself() {
    let world = World::linked().await;
    world.bot.client().logout().await;
    wait(&world.server, 0, |e| matches!(e, EventKind::Unlinked { by_phone: false, .. })).await;
    assert!(world.phone.linked_devices().is_empty());
    world.bot.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_devices_can_be_linked_and_no_fifth() {
    let server = VirtualWhatsApp::start(Options::default()).await.unwrap();
    let phone = server.phone(BUSINESS).unwrap();
    for _ in 0..4 {
        crate::wire::Light::link(&server, &phone).await;
    }
    let directory = tempfile::tempdir().unwrap();
    let bot = EchoBot::start(&server, &directory).await;
    assert!(matches!(phone.scan(&bot.qr().await).await, Err(Error::Link(LinkError::TooMany(4)))));
    bot.stop().await;
}
