//! What cannot be decrypted is asked for again, from both sides.

use virtual_whatsapp::{EventKind, ReceiptKind, SendOptions};

use crate::bot::{BUSINESS, LIMIT, World, texts, wait};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_client_asks_again_for_a_damaged_message_and_answers_it_once() {
    let world = World::linked().await;
    for (index, options) in [SendOptions::garbled(), SendOptions { by_lid: true, ..SendOptions::garbled() }]
        .into_iter()
        .enumerate()
    {
        let before = world.server.events().last();
        let id = world.asha.send_text_with(BUSINESS, "hello", &options).unwrap();
        let asked = |e: &EventKind| matches!(e, EventKind::Receipt { id: i, kind: ReceiptKind::Retry, .. } if *i == id);
        wait(&world.server, before, asked).await;
        world.asha.wait_for_reply(BUSINESS, index + 1, LIMIT).await.unwrap();
    }
    let all = world.asha.received(BUSINESS);
    assert_eq!(texts(&all), ["echo: hello", "echo: hello"]);
    world.settled().await;
    world.bot.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_spoilt_is_never_read_however_often_it_is_asked_for() {
    let world = World::linked().await;
    world.asha.send_text(BUSINESS, "hello").unwrap();
    world.asha.wait_for_reply(BUSINESS, 1, LIMIT).await.unwrap();
    let before = world.server.events().last();
    let id = world.asha.send_text_with(BUSINESS, "never", &SendOptions::spoilt()).unwrap();
    let asked =
        |e: &EventKind| matches!(e, EventKind::Receipt { id: i, kind: ReceiptKind::Retry, .. } if *i == id);
    let mut last = before;
    for _ in 0..3 {
        last = wait(&world.server, last, asked).await;
    }
    // Under the same id, as bytes or anew: it stays what it is.
    world.asha.resend_same_bytes(&id).unwrap();
    world.asha.resend_encrypted_anew(&id, &SendOptions::default()).unwrap();
    world.asha.send_text(BUSINESS, "still there?").unwrap();
    let all = world.asha.wait_for_reply(BUSINESS, 2, LIMIT).await.unwrap();
    assert_eq!(texts(&all), ["echo: hello", "echo: still there?"]);
    world.settled().await;
    world.bot.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_customer_asks_again_and_gets_the_same_message_under_the_same_id() {
    let world = World::linked().await;
    world.asha.send_text(BUSINESS, "hello").unwrap();
    let answer = world.asha.wait_for_reply(BUSINESS, 1, LIMIT).await.unwrap().remove(0);
    world.asha.ask_again(BUSINESS, &answer.id).unwrap();
    let twice =
        |all: &[virtual_whatsapp::ChatEntry]| all.iter().any(|e| e.id == answer.id && e.arrivals == 2);
    let all = world.asha.wait_until(BUSINESS, LIMIT, "the second arrival", twice).await.unwrap();
    assert_eq!(all.iter().filter(|e| e.id == answer.id).count(), 1, "same content");
    world.bot.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_with_a_new_phone_is_still_answered() {
    let world = World::linked().await;
    world.asha.send_text(BUSINESS, "hello").unwrap();
    world.asha.wait_for_reply(BUSINESS, 1, LIMIT).await.unwrap();
    world.asha.reinstall(BUSINESS).unwrap();
    world.asha.send_text(BUSINESS, "new phone").unwrap();
    let has = |all: &[virtual_whatsapp::ChatEntry]| texts(all).contains(&"echo: new phone");
    world.asha.wait_until(BUSINESS, LIMIT, "the answer", has).await.unwrap();
    world.bot.stop().await;
}
