//! A process that dies in the midst of a message: the message comes again to the next one.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use async_trait::async_trait;
use virtual_whatsapp::SendOptions;
use whatsapp::{Endpoint, Options, WhatsApp};
use worker::channel::{Address, Channel as _, EarlierChat, Inbound, Inbox, InboxError, Linking};

use crate::bot::{BUSINESS, Bot, World, texts, wait};

const URL: &str = "WHATSAPP_TEST_URL";
const SESSION: &str = "WHATSAPP_TEST_SESSION";
/// Where the process that dies writes what it took before, if it is to take anything.
const TAKEN: &str = "WHATSAPP_TEST_TAKEN";

/// An inbox that ends the process at the first text, after it has written it down or before.
struct Dying(Option<PathBuf>);

#[async_trait]
impl Inbox for Dying {
    async fn accept(&self, batch: Vec<Inbound>) -> Result<(), InboxError> {
        if let Some(file) = &self.0 {
            fs::write(file, texts(&batch).join("\n")).unwrap();
        }
        std::process::abort();
    }

    async fn has(&self, _: &Address, _: &str) -> Result<bool, InboxError> {
        Ok(false)
    }

    async fn chatted_before(&self, _: Vec<EarlierChat>, _: bool) -> Result<(), InboxError> {
        Ok(())
    }
}

/// Lets a process of its own take one message and die of it.
async fn die_of_a_message(world: &World, text: &str, taken: Option<&Path>) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "death::a_process_that_dies", "--ignored", "--nocapture", "--test-threads=1"])
        .env(URL, world.server.url())
        .env(SESSION, world.session())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if let Some(taken) = taken {
        command.env(TAKEN, taken);
    }
    let before = world.server.events().last();
    let mut process = command.spawn().unwrap();
    wait(&world.server, before, |e| matches!(e, virtual_whatsapp::EventKind::CaughtUp { .. })).await;
    let id = world.asha.send_text(BUSINESS, text).unwrap();
    let status = tokio::task::spawn_blocking(move || process.wait().unwrap()).await.unwrap();
    assert!(!status.success(), "{status}");
    assert_eq!(world.device.status().queue, 1, "it was not acknowledged");
    id
}

/// A linked world whose session nobody holds; the customer is known to it.
async fn world_at_rest() -> World {
    let mut world = World::linked().await;
    world.asha.send_text(BUSINESS, "first").unwrap();
    world.bot.inbox.wait(1).await;
    world.settled().await;
    world.bot.connection.shutdown().await;
    world.bot.closed().await;
    world
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_was_buffered_and_not_taken_comes_again_once() {
    let world = world_at_rest().await;
    let id = die_of_a_message(&world, "habari", None).await;
    let bot = Bot::open(&world.server, &world.session(), Linking::Qr).await;
    let all = bot.inbox.wait(1).await;
    world.settled().await;
    assert_eq!(bot.inbox.all().len(), 1);
    assert_eq!((all[0].id.as_str(), &all[0].sender), (id.as_str(), &world.asha_address()));
    assert_eq!(texts(&all), ["habari"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_was_taken_and_not_acknowledged_is_offered_again_as_the_same() {
    let world = world_at_rest().await;
    let taken = world.directory.path().join("taken");
    let id = die_of_a_message(&world, "habari", Some(&taken)).await;
    assert_eq!(fs::read_to_string(&taken).unwrap(), "habari");
    let bot = Bot::open(&world.server, &world.session(), Linking::Qr).await;
    let again = bot.inbox.wait(1).await;
    world.settled().await;
    assert_eq!((again[0].id.as_str(), &again[0].sender), (id.as_str(), &world.asha_address()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_the_same_message_though_it_comes_by_the_other_name_too() {
    let world = world_at_rest().await;
    let id = die_of_a_message(&world, "habari", None).await;
    world.asha.resend_encrypted_anew(&id, &SendOptions::by_lid()).unwrap();
    let bot = Bot::open(&world.server, &world.session(), Linking::Qr).await;
    let all = bot.inbox.wait(2).await;
    world.settled().await;
    assert!(all.iter().all(|message| message.id == id && message.sender == world.asha_address()), "{all:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_buffered_ends_the_process_and_is_not_acknowledged() {
    let mut world = World::linked().await;
    world.asha.send_text(BUSINESS, "first").unwrap();
    world.bot.inbox.wait(1).await;
    world.settled().await;
    let database = rusqlite::Connection::open(world.session()).unwrap();
    database.execute_batch("ALTER TABLE pending_inbound_messages RENAME TO gone").unwrap();
    world.asha.send_text(BUSINESS, "habari").unwrap();
    // In this test the callback returns; a worker is gone by now.
    let reason = world.bot.fatal_reason().await;
    assert!(reason.contains("could not buffer"), "{reason}");
    assert_eq!(world.device.status().queue, 1, "it was not acknowledged");
    assert_eq!(world.bot.inbox.texts(), ["first"]);
}

/// The process itself; started by the tests above.
#[test]
#[ignore = "started by other tests"]
fn a_process_that_dies() {
    let (Some(url), Some(session)) = (std::env::var_os(URL), std::env::var_os(SESSION)) else { return };
    let endpoint = Endpoint::parse(url.to_str().unwrap()).unwrap();
    let channel = WhatsApp::new(Options::new(PathBuf::from(session), endpoint));
    let inbox = Dying(std::env::var_os(TAKEN).map(PathBuf::from));
    whatsapp::runtime().unwrap().block_on(async {
        let (sender, mut events) = tokio::sync::mpsc::channel(8);
        let _connection = channel.open(std::sync::Arc::new(inbox), Linking::Qr, sender).await.unwrap();
        while events.recv().await.is_some() {}
    });
}
