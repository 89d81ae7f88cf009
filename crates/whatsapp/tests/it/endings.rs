//! How connections end, and what the worker is told.

use virtual_whatsapp::EventKind;
use worker::channel::{Channel as _, CloseReason, Linking};

use crate::bot::{BUSINESS, Bot, World, wait};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_connection_is_not_opened_again_from_inside() {
    let mut world = World::linked().await;
    let before = world.server.events().last();
    world.device.close_connection();
    assert!(matches!(world.bot.closed().await, CloseReason::Lost(_)));
    let again = |e: &EventKind| matches!(e, EventKind::LoggedIn { .. });
    assert!(world.server.events().since(before).iter().all(|event| !again(&event.kind)));
    world.bot.reopen().await;
    world.bot.connected().await;
    wait(&world.server, before, again).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_gone_is_named() {
    let mut world = World::linked().await;
    world.server.shutdown().await;
    assert!(matches!(world.bot.closed().await, CloseReason::Lost(_)));
    world.bot.reopen().await;
    let CloseReason::Lost(why) = world.bot.closed().await else { panic!("not lost") };
    assert!(why.contains("could not be reached"), "{why}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_phone_unlinks_the_device_and_the_session_is_retired() {
    let mut world = World::linked().await;
    let unlinked = world.server.events().last();
    world.phone.unlink(world.device.id()).unwrap();
    assert_eq!(world.bot.closed().await, CloseReason::LoggedOut);
    assert!(!world.bot.channel.is_linked().await.unwrap());
    // A new process begins a new session in the same place.
    let mut bot = Bot::open(&world.server, &world.session(), Linking::Qr).await;
    let code = bot.qr().await;
    world.phone.scan(&code).await.unwrap();
    assert_eq!(bot.closed().await, CloseReason::Restart);
    assert!(bot.channel.is_linked().await.unwrap());
    bot.reopen().await;
    bot.connected().await;
    wait(&world.server, unlinked, |e| matches!(e, EventKind::PrekeysUploaded { .. })).await;
    world.asha.send_text(BUSINESS, "karibu tena").unwrap();
    assert_eq!(crate::bot::texts(&bot.inbox.wait(1).await), ["karibu tena"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unlinked_while_away_is_said_at_the_next_login() {
    let mut world = World::linked().await;
    world.bot.connection.shutdown().await;
    world.bot.closed().await;
    world.phone.unlink(world.device.id()).unwrap();
    world.bot.reopen().await;
    assert_eq!(world.bot.closed().await, CloseReason::LoggedOut);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn logging_out_unlinks_at_the_server() {
    let mut world = World::linked().await;
    world.bot.connection.log_out().await.unwrap();
    assert_eq!(world.bot.closed().await, CloseReason::LoggedOut);
    assert!(!world.device.is_linked());
    assert!(!world.bot.channel.is_linked().await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_client_of_the_session_takes_the_first_ones_place() {
    let mut world = World::linked().await;
    // The files are shared here as no two workers ever share them; the cell's lock is what prevents it.
    let mut second = Bot::open(&world.server, &world.session(), Linking::Qr).await;
    assert_eq!(world.bot.closed().await, CloseReason::Replaced);
    second.connected().await;
}
