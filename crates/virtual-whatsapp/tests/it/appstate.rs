//! App state: the client syncs after linking, and takes a change that the phone makes.

use virtual_whatsapp::EventKind;
use whatsapp_rust::types::events::Event;

use crate::bot::{ASHA, World, wait};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chat_archived_on_the_phone_is_archived_at_the_client() {
    let world = World::linked().await;
    let before = world.server.events().last();
    world.phone.archive_chat(ASHA).unwrap();
    wait(&world.server, before, |e| matches!(e, EventKind::AppStatePatch { version: 1, .. })).await;
    world.bot.event("the archived chat", |e| matches!(e, Event::ArchiveUpdate(_))).await;
    world.settled().await;
    world.bot.stop().await;
}
