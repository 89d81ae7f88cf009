//! What customers send that is no plain text.

use virtual_whatsapp::SendOptions;
use worker::channel::{ChatKind, Content};

use crate::bot::{BUSINESS, World};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn images_voice_notes_reactions_edits_and_deletions_are_told_apart() {
    let world = World::linked().await;
    let usual = SendOptions::default();
    let id = world.asha.send_text(BUSINESS, "habari").unwrap();
    world.bot.inbox.wait(1).await;
    world.asha.send_image(BUSINESS, "bei gani?", &usual).unwrap();
    world.asha.send_voice(BUSINESS, 7, &usual).unwrap();
    world.asha.react(BUSINESS, &id, "❤", &usual).unwrap();
    world.asha.edit(BUSINESS, &id, "habari yako", &usual).unwrap();
    world.asha.delete(BUSINESS, &id, &usual).unwrap();
    let all = world.bot.inbox.wait(6).await;
    let contents: Vec<_> = all.into_iter().map(|message| message.content).collect();
    assert_eq!(
        contents,
        [
            Content::Text("habari".to_owned()),
            Content::Media { kind: "image", caption: Some("bei gani?".to_owned()) },
            Content::Media { kind: "voice", caption: None },
            Content::Protocol("reaction"),
            Content::Edited { of: Some(id.clone()), text: Some("habari yako".to_owned()) },
            Content::Deleted { of: Some(id) },
        ]
    );
    world.settled().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_in_a_group_names_its_writer_and_the_kind_of_chat() {
    let world = World::linked().await;
    for (n, by_lid) in [false, true].into_iter().enumerate() {
        let group = world.server.group("Wateja", &[BUSINESS, world.asha.number()], by_lid).unwrap();
        world.asha.send_text_in_group(&group.id, "habari zenu", &SendOptions::default()).unwrap();
        let message = world.bot.inbox.wait(n + 1).await.remove(n);
        assert_eq!(message.chat, ChatKind::Group);
        assert_eq!(message.sender, world.asha_address());
        assert_eq!(message.content, Content::Text("habari zenu".to_owned()));
        assert!(!message.from_me);
    }
    world.settled().await;
}
