//! Groups with sender keys, in and out, by number and by LID.

use virtual_whatsapp::SendOptions;

use crate::bot::{ASHA, BUSINESS, LIMIT, World, texts};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_group_message_arrives_and_the_answer_reaches_every_member() {
    for by_lid in [false, true] {
        let world = World::linked().await;
        let juma = world.server.customer("255754000444", "Juma").unwrap();
        let members = [ASHA, juma.number(), BUSINESS];
        let group = world.server.group("Market day", &members, by_lid).unwrap();
        for n in 1..=2 {
            let text = format!("who comes? {n}");
            world.asha.send_text_in_group(&group.id, &text, &SendOptions::default()).unwrap();
            let answer = format!("echo: {text}");
            for member in [&world.asha, &juma] {
                let has = |all: &[virtual_whatsapp::ChatEntry]| texts(all).contains(&answer.as_str());
                member.wait_until(&group.id, LIMIT, &answer, has).await.unwrap();
            }
        }
        world.settled().await;
        world.bot.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_not_in_a_group_cannot_write_there() {
    let world = World::linked().await;
    let group = world.server.group("Without Asha", &[BUSINESS], false).unwrap();
    assert!(world.asha.send_text_in_group(&group.id, "hello", &SendOptions::default()).is_err());
    assert!(world.server.group("Of nobody", &["255700000000"], false).is_err());
    world.bot.stop().await;
}
