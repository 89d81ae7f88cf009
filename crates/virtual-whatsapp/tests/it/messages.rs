//! Text both ways, receipts, and what waits while a device is away.

use virtual_whatsapp::{Direction, EventKind, ReceiptKind, ReceiptPolicy, SendOptions, Tick};

use crate::bot::{ASHA, BUSINESS, LIMIT, World, caught_up, texts};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn text_goes_both_ways_by_number_and_by_lid() {
    let world = World::linked().await;
    world.asha.send_text(BUSINESS, "hello").unwrap();
    let first = world.asha.wait_for_reply(BUSINESS, 1, LIMIT).await.unwrap();
    assert_eq!(texts(&first), ["echo: hello"]);
    world.asha.send_text_with(BUSINESS, "again", &SendOptions::by_lid()).unwrap();
    let both = world.asha.wait_for_reply(BUSINESS, 2, LIMIT).await.unwrap();
    assert_eq!(texts(&both), ["echo: hello", "echo: again"]);
    assert!(both.iter().all(|e| e.arrivals == 1 && e.from_device == world.device.id()));
    // The owner's phone has its copies of both answers.
    let own = world.phone.transcript(ASHA);
    assert_eq!(own.iter().filter(|e| e.direction == Direction::In).count(), 2);
    world.settled().await;
    assert_eq!(world.device.status().queue, 0);
    world.bot.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sent_while_the_device_is_away_waits_and_comes_once() {
    let world = World::linked().await;
    world.asha.send_text(BUSINESS, "hello").unwrap();
    world.asha.wait_for_reply(BUSINESS, 1, LIMIT).await.unwrap();
    world.settled().await;
    let before = world.server.events().last();
    world.device.close_connection();
    for n in 0..25 {
        world.asha.send_text(BUSINESS, &format!("away {n}")).unwrap();
    }
    let all = world.asha.wait_for_reply(BUSINESS, 26, LIMIT).await.unwrap();
    caught_up(&world.server, before).await;
    let mut seen: Vec<_> = texts(&all).into_iter().map(str::to_owned).collect();
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 26);
    world.settled().await;
    assert_eq!(world.device.status().queue, 0);
    world.bot.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn receipts_follow_the_customers_wish_and_the_bots_move_the_ticks() {
    let world = World::linked().await;
    world.asha.set_receipts(ReceiptPolicy::Read);
    let id = world.asha.send_text(BUSINESS, "hello").unwrap();
    world.asha.wait_for_reply(BUSINESS, 1, LIMIT).await.unwrap();
    let delivered = world.asha.wait_until(BUSINESS, LIMIT, "the tick", |all| {
        all.iter().any(|e| e.id == id && e.tick >= Tick::Delivered)
    });
    delivered.await.unwrap();
    // Both receipts, delivered and read, were settled by the client.
    let events = world.server.events();
    let mut classes = 0;
    events
        .wait_for(LIMIT, |e| {
            classes +=
                usize::from(matches!(e, EventKind::Acked { class, error: None, .. } if class == "receipt"));
            classes == 2
        })
        .await
        .unwrap();
    world.bot.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_owner_writes_on_the_phone_arrives_as_an_own_message_and_is_not_answered() {
    let world = World::linked().await;
    let id = world.phone.send_text(ASHA, "this is the owner").unwrap();
    assert_eq!(texts(&world.asha.received(BUSINESS)), ["this is the owner"]);
    let taken =
        |e: &EventKind| matches!(e, EventKind::Receipt { id: i, kind: ReceiptKind::Sender, .. } if *i == id);
    crate::bot::wait(&world.server, 0, taken).await;
    world.asha.send_text(BUSINESS, "hello").unwrap();
    let all = world.asha.wait_for_reply(BUSINESS, 2, LIMIT).await.unwrap();
    assert_eq!(texts(&all), ["this is the owner", "echo: hello"]);
    world.bot.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_message_again_same_bytes_or_encrypted_anew_is_answered_once() {
    let world = World::linked().await;
    let id = world.asha.send_text(BUSINESS, "hello").unwrap();
    world.asha.wait_for_reply(BUSINESS, 1, LIMIT).await.unwrap();
    world.asha.resend_same_bytes(&id).unwrap();
    world.asha.resend_encrypted_anew(&id, &SendOptions::by_lid()).unwrap();
    world.asha.send_text(BUSINESS, "done").unwrap();
    let all =
        world.asha.wait_until(BUSINESS, LIMIT, "the last answer", |all| texts(all).contains(&"echo: done"));
    let answers = all.await.unwrap();
    let answers: Vec<_> =
        answers.iter().filter(|e| e.direction == Direction::In).filter_map(|e| e.body.text()).collect();
    // The library itself does not tell what is encrypted anew from what is new: that is the bot's duty.
    assert!(answers.iter().filter(|t| **t == "echo: hello").count() <= 2, "{answers:?}");
    world.settled().await;
    world.bot.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_blocked_business_is_not_heard() {
    let world = World::linked().await;
    world.asha.send_text(BUSINESS, "hello").unwrap();
    world.asha.wait_for_reply(BUSINESS, 1, LIMIT).await.unwrap();
    world.asha.set_blocked(BUSINESS, true);
    let before = world.server.events().last();
    world.bot.say(ASHA, "are you there?").await.unwrap();
    crate::bot::wait(&world.server, before, |e| matches!(e, EventKind::FromDevice { error: None, .. })).await;
    assert_eq!(world.asha.received_count(BUSINESS), 1);
    world.bot.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_number_that_is_not_on_whatsapp_has_no_devices() {
    let world = World::linked().await;
    let sent = world.bot.say("255754000333", "hello?").await;
    let refused = |e: &EventKind| matches!(e, EventKind::FromDevice { error: Some(404), .. });
    if sent.is_ok() {
        crate::bot::wait(&world.server, 0, refused).await;
    }
    world.bot.stop().await;
}
