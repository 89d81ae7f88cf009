//! One-time prekeys run out and are refilled.

use virtual_whatsapp::EventKind;

use crate::bot::{BUSINESS, LIMIT, World, texts, wait};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn prekeys_run_out_messages_still_come_and_the_client_refills() {
    let world = World::linked().await;
    // An answer shows that the client has taken note of its first upload's result.
    world.asha.send_text(BUSINESS, "hello").unwrap();
    world.asha.wait_for_reply(BUSINESS, 1, LIMIT).await.unwrap();
    let before = world.server.events().last();
    world.device.use_up_prekeys(0);
    wait(&world.server, before, |e| matches!(e, EventKind::PrekeysUploaded { new, .. } if *new > 0)).await;
    assert!(world.device.status().prekeys > 0);
    // Customers take one each.
    let left = world.device.status().prekeys;
    for n in 0..3 {
        let customer = world.server.customer(&format!("25575500000{n}"), "Customer").unwrap();
        customer.send_text(BUSINESS, "hello").unwrap();
        let answers = customer.wait_for_reply(BUSINESS, 1, LIMIT).await.unwrap();
        assert_eq!(texts(&answers), ["echo: hello"]);
    }
    assert_eq!(world.device.status().prekeys, left - 3);
    world.bot.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_one_time_key_a_session_still_starts() {
    let world = World::linked().await;
    // No notification reaches a device that is away: the keys stay used up until it is back.
    world.bot.stop().await;
    world.device.use_up_prekeys(0);
    world.asha.send_text(BUSINESS, "hello").unwrap();
    let bot = crate::bot::EchoBot::start(&world.server, &world.directory).await;
    let answers = world.asha.wait_for_reply(BUSINESS, 1, LIMIT).await.unwrap();
    assert_eq!(texts(&answers), ["echo: hello"]);
    bot.stop().await;
}
