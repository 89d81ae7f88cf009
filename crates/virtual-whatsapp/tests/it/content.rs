//! What else customers send must arrive and confuse nobody.

use virtual_whatsapp::{EventKind, SendOptions, Tick};
use whatsapp_rust::types::events::Event;

use crate::bot::{BUSINESS, LIMIT, World, texts, wait};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn images_voice_notes_reactions_edits_and_deletions_are_taken_by_the_client() {
    let world = World::linked().await;
    let plain = SendOptions::default();
    let text = world.asha.send_text(BUSINESS, "hello").unwrap();
    let answer = world.asha.wait_for_reply(BUSINESS, 1, LIMIT).await.unwrap().remove(0);
    let ids = [
        world.asha.send_image(BUSINESS, "", &plain).unwrap(),
        world.asha.send_voice(BUSINESS, 7, &plain).unwrap(),
        world.asha.react(BUSINESS, &answer.id, "\u{1f44d}", &plain).unwrap(),
        world.asha.edit(BUSINESS, &text, "hello, edited", &SendOptions::by_lid()).unwrap(),
        world.asha.delete(BUSINESS, &text, &plain).unwrap(),
    ];
    for id in &ids {
        let delivered = |all: &[virtual_whatsapp::ChatEntry]| {
            all.iter().any(|e| e.id == *id && e.tick >= Tick::Delivered)
        };
        world.asha.wait_until(BUSINESS, LIMIT, id, delivered).await.unwrap();
    }
    world.settled().await;
    assert!(world.asha.edit(BUSINESS, &answer.id, "not mine", &plain).is_err());
    world.asha.send_text(BUSINESS, "still there?").unwrap();
    let last = world
        .asha
        .wait_until(BUSINESS, LIMIT, "the answer", |all| texts(all).contains(&"echo: still there?"));
    last.await.unwrap();
    world.bot.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn typing_and_calls_reach_the_client_and_its_rejection_comes_back() {
    let world = World::linked().await;
    // Typing is lost on a device that is slow or away: a message behind all that it was busy with shows that it is neither.
    world.asha.send_text(BUSINESS, "hello").unwrap();
    world.asha.wait_for_reply(BUSINESS, 1, LIMIT).await.unwrap();
    world.asha.typing(BUSINESS, true).unwrap();
    world.bot.event("typing", |e| matches!(e, Event::ChatPresence(_))).await;
    let call = world.asha.call(BUSINESS).unwrap();
    let incoming = world.bot.event("a call", |e| matches!(e, Event::IncomingCall(_))).await;
    drop(incoming);
    assert!(!call.is_empty());
    world.settled().await;
    world.bot.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_privacy_token_comes_back_with_messages() {
    let world = World::linked().await;
    world.asha.give_token(BUSINESS).unwrap();
    wait(&world.server, 0, |e| matches!(e, EventKind::Acked { class, .. } if class == "notification")).await;
    // The client acknowledges before it stores: the first answer gives it the time to.
    for n in 1..=2 {
        world.asha.send_text(BUSINESS, "hello").unwrap();
        world.asha.wait_for_reply(BUSINESS, n, LIMIT).await.unwrap();
    }
    assert!(world.asha.received(BUSINESS)[1].with_token);
    wait(&world.server, 0, |e| matches!(e, EventKind::TokenGiven { .. })).await;
    world.bot.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dirty_marks_are_cleared_and_a_route_is_named_at_the_next_connection() {
    let world = World::linked().await;
    let before = world.server.events().last();
    assert!(world.device.mark_dirty("groups"));
    wait(&world.server, before, |e| matches!(e, EventKind::DirtyCleared { .. })).await;
    assert!(world.device.give_route(b"route"));
    // The route is stored when it arrives; a message behind it shows that it has.
    world.asha.send_text(BUSINESS, "hello").unwrap();
    world.asha.wait_for_reply(BUSINESS, 1, LIMIT).await.unwrap();
    world.device.close_connection();
    let named =
        |e: &EventKind| matches!(e, EventKind::Handshake { edge: Some(edge), .. } if edge == b"route");
    wait(&world.server, before, named).await;
    world.bot.stop().await;
}
