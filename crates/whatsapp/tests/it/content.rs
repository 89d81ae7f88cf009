//! What customers send that is no plain text.

use virtual_whatsapp::{Draft, Kind, SendOptions, Via, Wrapper};
use worker::channel::{ChatKind, Content, Unreadable};

use crate::bot::{BUSINESS, World};

/// Bytes that are sent as a message, in base64.
fn raw(bytes: &str) -> Draft {
    Draft { file: Some(bytes.to_owned()), ..Draft::of(Kind::Raw) }
}

/// Bad input, from a customer's phone to the inbox: one thing each, and never nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_no_official_app_sends_is_one_thing_each() {
    let media = |kind, caption: Option<&str>| Content::Media { kind, caption: caption.map(str::to_owned) };
    let unreadable = || Content::Unreadable(Unreadable::Undecryptable);
    let wrapped = |times| (0..times).fold(Draft::text("chini"), |draft, _| draft.wrapped(Wrapper::Ephemeral));
    let long = "x".repeat(1 << 20);
    let cases = [
        ("a wrapper fifty deep", wrapped(50), Content::Text("chini".to_owned())),
        // Deeper than the decoder goes: it is told of as what cannot be read.
        ("a wrapper two hundred deep", wrapped(200), unreadable()),
        (
            "a caption of a megabyte",
            Draft { caption: Some(long.clone()), ..Draft::of(Kind::Image) },
            media("image", Some(&long)),
        ),
        (
            "a poll with a thousand options",
            Draft { options: (0..1000).map(|n| n.to_string()).collect(), ..Draft::of(Kind::Poll) },
            media("poll", None),
        ),
        (
            "a location off the globe",
            Draft { latitude: Some(1e9), longitude: Some(f64::MAX), ..Draft::of(Kind::Location) },
            media("location", None),
        ),
        (
            "a vCard with a script",
            Draft { vcard: Some("<script>alert(1)</script>".to_owned()), ..Draft::of(Kind::Contact) },
            media("contact", None),
        ),
        (
            "a file name with a path",
            Draft { name: Some("../../etc/passwd".to_owned()), ..Draft::of(Kind::Document) },
            media("document", None),
        ),
        ("unknown fields behind a text", raw("CgZoYWJhcmmC+gEDAQID"), Content::Text("habari".to_owned())),
        ("unknown fields alone", raw("+n8DAQID"), Content::Protocol("unknown")),
        ("nothing at all", raw(""), Content::Protocol("unknown")),
        ("a text that is no UTF-8", raw("CgLDKA=="), unreadable()),
        ("no protobuf", raw("////////////////"), unreadable()),
    ];
    let world = World::linked().await;
    world.asha.send_text(BUSINESS, "habari").unwrap();
    world.bot.inbox.wait(1).await;
    let usual = SendOptions::default();
    let sent = cases
        .map(|(what, draft, comes_to)| (what, world.asha.send(BUSINESS, &draft, &usual).unwrap(), comes_to));
    world.asha.send_text(BUSINESS, "bado uko?").unwrap();
    let all = world.bot.inbox.wait(sent.len() + 2).await;
    world.settled().await;
    for (what, id, comes_to) in sent {
        let contents: Vec<_> =
            all.iter().filter(|message| message.id == id).map(|message| &message.content).collect();
        assert_eq!(contents, [&comes_to], "{what}");
    }
}

/// What a newsletter says comes to the inbox too, as what it is: there it is silent by its own reason.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newsletters_text_names_its_chat() {
    let world = World::linked().await;
    let via = Via::Newsletter("120363000000000001".to_owned());
    let options = SendOptions { via, ..SendOptions::default() };
    let id = world.asha.send(BUSINESS, &Draft::text("habari za leo"), &options).unwrap();
    let message = world.bot.inbox.wait(1).await.remove(0);
    assert_eq!((message.id, message.chat), (id, ChatKind::Newsletter));
    assert_eq!(message.content, Content::Text("habari za leo".to_owned()));
    world.settled().await;
}

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
