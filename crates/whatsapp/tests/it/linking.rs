//! Linking by QR code and by pairing code, and opening again.

use std::time::Duration;

use domain::Digits;
use virtual_whatsapp::{Clock, EventKind, Pattern, VirtualWhatsApp};
use worker::channel::{Address, Channel as _, ChannelEvent, CloseReason, Linking, OpenError};

use crate::bot::{ASHA, BUSINESS, Bot, World, wait};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_qr_code_links_the_device_and_the_next_connection_is_logged_in() {
    let server = VirtualWhatsApp::start(virtual_whatsapp::Options::default()).await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let session = directory.path().join("session.db");
    let mut bot = Bot::open(&server, &session, Linking::Qr).await;
    let ChannelEvent::Qr { code, expires_in } = bot.next().await else { panic!("no code first") };
    assert!((Duration::from_secs(58)..=Duration::from_secs(60)).contains(&expires_in), "{expires_in:?}");
    assert!(!bot.channel.is_linked().await.unwrap());
    let phone = server.phone(BUSINESS).unwrap();
    let device = phone.scan(&code).await.unwrap();
    let own = Address { number: Digits::new(BUSINESS).ok(), lid: Some(phone.lid().to_owned()) };
    assert_eq!(bot.next().await, ChannelEvent::Linked(own.clone()));
    assert_eq!(bot.closed().await, CloseReason::Restart);
    assert!(bot.channel.is_linked().await.unwrap());
    bot.reopen().await;
    assert_eq!(bot.connected().await, own);
    assert!(device.is_connected());
    bot.connection.shutdown().await;
    assert_eq!(bot.closed().await, CloseReason::Shutdown);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_linked_session_opens_again_by_ik_in_a_new_process() {
    let mut world = World::linked().await;
    world.bot.connection.shutdown().await;
    assert_eq!(world.bot.closed().await, CloseReason::Shutdown);
    let before = world.server.events().last();
    let mut bot = Bot::open(&world.server, &world.session(), Linking::Qr).await;
    bot.connected().await;
    wait(&world.server, before, |e| matches!(e, EventKind::LoggedIn { pattern: Pattern::Ik, .. })).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_round_of_codes_expires_and_ends_the_connection() {
    let clock = Clock::manual(1_800_000_000);
    let options = virtual_whatsapp::Options { clock: clock.clone(), ..virtual_whatsapp::Options::default() };
    let server = VirtualWhatsApp::start(options).await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let mut bot = Bot::open(&server, &directory.path().join("session.db"), Linking::Qr).await;
    bot.qr().await;
    // The server tires first here; what the client says of it must be an end that invites a new round.
    clock.advance(Duration::from_secs(161));
    wait(&server, 0, |e| matches!(e, EventKind::PairingExpired)).await;
    let end =
        bot.event("the end", |e| matches!(e, ChannelEvent::Closed(_) | ChannelEvent::QrRoundExpired)).await;
    assert!(
        matches!(end, ChannelEvent::QrRoundExpired | ChannelEvent::Closed(CloseReason::Lost(_))),
        "{end:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_connection_at_a_time() {
    let world = World::linked().await;
    let (sender, _events) = tokio::sync::mpsc::channel(8);
    let second = world.bot.channel.open(world.bot.inbox.clone(), Linking::Qr, sender).await;
    assert!(matches!(second, Err(OpenError::Other(why)) if why.contains("still open")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn closing_while_a_code_is_shown_ends_in_order() {
    let server = VirtualWhatsApp::start(virtual_whatsapp::Options::default()).await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let mut bot = Bot::open(&server, &directory.path().join("session.db"), Linking::Qr).await;
    bot.qr().await;
    bot.connection.shutdown().await;
    assert_eq!(bot.closed().await, CloseReason::Shutdown);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_typed_code_links_the_device_too() {
    let server = VirtualWhatsApp::start(virtual_whatsapp::Options::default()).await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let phone = server.phone(BUSINESS).unwrap();
    let by_code = Linking::PairingCode(Digits::new(BUSINESS).unwrap());
    let mut bot = Bot::open(&server, &directory.path().join("session.db"), by_code).await;
    // No QR code comes before it, since the worker asked for a code to type.
    let ChannelEvent::PairingCode { code, expires_in } = bot.next().await else { panic!("no code first") };
    assert!(expires_in > Duration::from_secs(100), "{expires_in:?}");
    phone.enter_code(&code).await.unwrap();
    let own = Address { number: Digits::new(BUSINESS).ok(), lid: Some(phone.lid().to_owned()) };
    assert_eq!(bot.next().await, ChannelEvent::Linked(own));
    assert_eq!(bot.closed().await, CloseReason::Restart);
    bot.reopen().await;
    bot.connected().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_whom_the_phone_had_chatted_before_it_linked_the_device_is_told_and_nothing_of_what_was_said() {
    let server = VirtualWhatsApp::start(virtual_whatsapp::Options::default()).await.unwrap();
    let directory = tempfile::tempdir().unwrap();
    let session = directory.path().join("session.db");
    let phone = server.phone(BUSINESS).unwrap();
    let (asha, juma) =
        (server.customer(ASHA, "Asha").unwrap(), server.customer("255754000223", "Juma").unwrap());
    server.customer("255754000224", "Neema").unwrap();
    asha.send_text(BUSINESS, "Mambo?").unwrap();
    phone.send_text(juma.number(), "Uko wapi?").unwrap();
    let mut bot = Bot::open(&server, &session, Linking::Qr).await;
    let code = bot.qr().await;
    phone.scan(&code).await.unwrap();
    assert_eq!(bot.closed().await, CloseReason::Restart);
    bot.reopen().await;
    bot.connected().await;
    let told = bot.inbox.chats().await;
    let mut with: Vec<_> = told.iter().filter_map(|chat| chat.with.number.clone()).collect();
    with.sort();
    assert_eq!(with.iter().map(Digits::as_str).collect::<Vec<_>>(), [ASHA, juma.number()]);
    assert!(told.iter().all(|chat| chat.since.as_second() > 1_700_000_000), "{told:?}");
    assert!(bot.inbox.all().is_empty(), "what was said before is no message now");
    bot.connection.shutdown().await;
}
