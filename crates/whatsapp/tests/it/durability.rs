//! A message is acknowledged once the inbox has it, and comes again until then.

use std::{collections::BTreeSet, time::Duration};

use worker::channel::{ChannelEvent, CloseReason, Linking};

use crate::bot::{BUSINESS, Bot, World};

/// How long an inbox may fail where a test waits for the end of patience.
const SHORT: Duration = Duration::from_secs(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_passing_failure_of_the_inbox_is_tried_again_on_the_same_connection() {
    let world = World::linked().await;
    world.bot.inbox.fail(3);
    world.asha.send_text(BUSINESS, "habari").unwrap();
    world.bot.inbox.wait(1).await;
    assert_eq!(world.bot.inbox.tries(), 4);
    world.settled().await;
    assert!(world.device.is_connected());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lasting_failure_ends_the_connection_unacknowledged_and_the_message_comes_again() {
    let mut world = World::linked_with(SHORT).await;
    world.asha.send_text(BUSINESS, "first").unwrap();
    world.bot.inbox.wait(1).await;
    world.settled().await;
    world.bot.inbox.fail(usize::MAX);
    world.asha.send_text(BUSINESS, "second").unwrap();
    let CloseReason::Lost(why) = world.bot.closed().await else { panic!("not lost") };
    assert!(why.contains("the disk is full"), "{why}");
    assert_eq!(world.device.status().queue, 1, "it was not acknowledged");
    world.bot.inbox.fail(0);
    world.bot.reopen().await;
    world.bot.inbox.wait(2).await;
    world.settled().await;
    assert_eq!(world.bot.inbox.texts(), ["first", "second"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_a_backlog_is_lost_where_the_inbox_fails_in_its_midst() {
    let mut world = World::linked_with(SHORT).await;
    world.asha.send_text(BUSINESS, "first").unwrap();
    world.bot.inbox.wait(1).await;
    world.settled().await;
    world.device.close_connection();
    world.bot.closed().await;
    let sent: Vec<String> = (0..20).map(|n| format!("away {n}")).collect();
    for text in &sent {
        world.asha.send_text(BUSINESS, text).unwrap();
    }
    world.bot.inbox.fail(usize::MAX);
    world.bot.reopen().await;
    world.bot.inbox.wait_for_tries(2).await;
    assert!(matches!(world.bot.closed().await, CloseReason::Lost(_)));
    assert_eq!(world.device.status().queue, 20, "nothing was acknowledged");
    world.bot.inbox.fail(0);
    world.bot.reopen().await;
    world.bot.inbox.wait(21).await;
    world.settled().await;
    assert_eq!(world.bot.inbox.texts()[1..], sent);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_bytes_again_are_settled_without_a_second_message() {
    let world = World::linked().await;
    let id = world.asha.send_text(BUSINESS, "habari").unwrap();
    world.bot.inbox.wait(1).await;
    world.settled().await;
    for _ in 0..3 {
        world.asha.resend_same_bytes(&id).unwrap();
        world.settled().await;
    }
    assert_eq!(world.bot.inbox.all().len(), 1);
}

/// The library may write a message's keys before it has buffered the message; a process that ends in between leaves
/// a message that nobody can decrypt any more.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_of_which_only_the_keys_were_kept_is_asked_for_again_and_taken_once() {
    let mut world = World::linked().await;
    let id = world.asha.send_text(BUSINESS, "habari").unwrap();
    world.bot.inbox.wait(1).await;
    world.settled().await;
    world.bot.connection.shutdown().await;
    world.bot.closed().await;
    // The same session, and an inbox that has never heard of the message.
    let mut bot = Bot::open(&world.server, &world.session(), Linking::Qr).await;
    bot.connected().await;
    world.asha.resend_same_bytes(&id).unwrap();
    let all = bot.inbox.wait(1).await;
    assert_eq!((all[0].id.as_str(), &all[0].sender), (id.as_str(), &world.asha_address()));
    assert_eq!(bot.inbox.texts(), ["habari"]);
    world.settled().await;
    world.asha.resend_same_bytes(&id).unwrap();
    world.settled().await;
    assert_eq!(bot.inbox.texts(), ["habari"], "the inbox has it now");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_message_encrypted_anew_comes_again_with_the_same_id_and_sender() {
    let world = World::linked().await;
    let id = world.asha.send_text(BUSINESS, "habari").unwrap();
    world.bot.inbox.wait(1).await;
    world.asha.resend_encrypted_anew(&id, &virtual_whatsapp::SendOptions::default()).unwrap();
    world.asha.resend_encrypted_anew(&id, &virtual_whatsapp::SendOptions::by_lid()).unwrap();
    let all = world.bot.inbox.wait(3).await;
    assert!(all.iter().all(|message| message.id == id && message.sender == world.asha_address()), "{all:?}");
    world.settled().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_that_takes_no_events_does_not_hold_messages_up() {
    let mut world = World::linked().await;
    world.asha.send_text(BUSINESS, "first").unwrap();
    world.bot.inbox.wait(1).await;
    // More acknowledgements and receipts than the channel holds, and nobody takes them.
    for n in 0..20 {
        let text = format!("reply {n}");
        world
            .bot
            .connection
            .send_text(&format!("3EB0{n:018}"), &world.asha_address(), &text, None)
            .await
            .unwrap();
    }
    world.asha.wait_for_reply(BUSINESS, 20, crate::bot::LIMIT).await.unwrap();
    world.asha.send_text(BUSINESS, "second").unwrap();
    world.bot.inbox.wait(2).await;
    let mut acks = BTreeSet::new();
    while acks.len() < 20 {
        if let ChannelEvent::ServerAck { id, error } = world.bot.next().await {
            assert_eq!(error, None);
            assert!(acks.insert(id), "each acknowledgement is told once: {acks:?}");
        }
    }
    // Which comes first is the library's affair: it takes each one up in a task of its own.
    assert!(acks.into_iter().eq((0..20).map(|n| format!("3EB0{n:018}"))), "of each message");
}
