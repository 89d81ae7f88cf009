//! Messages both ways.

use domain::{Delivery, Digits};
use virtual_whatsapp::{EventKind, Fault, Lasts, ReceiptPolicy, SendOptions};
use worker::channel::{Address, Channel as _, ChannelEvent, ChatKind, Content, Quote, SendError, Unreadable};

use crate::bot::{ASHA, BUSINESS, LIMIT, World, texts, wait};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_by_number_or_by_lid_names_the_same_person() {
    let world = World::linked().await;
    let first = world.asha.send_text(BUSINESS, "habari").unwrap();
    let by_number = world.bot.inbox.wait(1).await.remove(0);
    world.asha.send_text_with(BUSINESS, "tena", &SendOptions::by_lid()).unwrap();
    let by_lid = world.bot.inbox.wait(2).await.remove(1);
    assert_eq!(by_number.id, first);
    assert_eq!(by_number.sender, world.asha_address());
    assert_eq!(by_lid.sender, world.asha_address());
    assert_eq!(by_number.content, Content::Text("habari".to_owned()));
    assert_eq!(by_number.chat, ChatKind::Direct);
    assert_eq!(by_number.push_name.as_deref(), Some("Asha"));
    assert!(!by_number.from_me && !by_number.offline);
    assert!(by_number.at.as_second() > 1_700_000_000, "{}", by_number.at);
    world.settled().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_reaches_the_customer_once_under_the_given_id_and_is_acknowledged() {
    let mut world = World::linked().await;
    world.asha.send_text(BUSINESS, "habari").unwrap();
    world.bot.inbox.wait(1).await;
    let id = world.bot.channel.new_message_id();
    let asked = world.asha.transcript(BUSINESS)[0].id.clone();
    let quote = Quote { id: asked.clone(), text: "habari".to_owned() };
    for _ in 0..2 {
        world.bot.connection.send_text(&id, &world.asha_address(), "Karibu", Some(&quote)).await.unwrap();
        assert_eq!(world.bot.acked(&id).await, None);
    }
    let seen = world
        .asha
        .wait_until(BUSINESS, LIMIT, "both arrivals", |all| all.iter().any(|entry| entry.arrivals == 2))
        .await
        .unwrap();
    let replies: Vec<_> = seen.iter().filter(|entry| entry.id == id).collect();
    assert_eq!(replies.len(), 1, "{replies:?}");
    assert_eq!(replies[0].body.text(), Some("Karibu"));
    assert_eq!(replies[0].quotes, Some(asked), "it says what it answers");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_customer_who_never_wrote_is_reached_by_number_alone() {
    let mut world = World::linked().await;
    let id = world.bot.channel.new_message_id();
    let to = Address { number: Digits::new(ASHA).ok(), lid: None };
    world.bot.connection.send_text(&id, &to, "Karibu", None).await.unwrap();
    assert_eq!(world.bot.acked(&id).await, None);
    let seen = world.asha.wait_for_reply(BUSINESS, 1, LIMIT).await.unwrap();
    assert_eq!(seen[0].body.text(), Some("Karibu"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn receipts_of_the_customer_are_told() {
    let mut world = World::linked().await;
    world.asha.set_receipts(ReceiptPolicy::Read);
    world.asha.send_text(BUSINESS, "habari").unwrap();
    world.bot.inbox.wait(1).await;
    let id = world.bot.channel.new_message_id();
    world.bot.connection.send_text(&id, &world.asha_address(), "Karibu", None).await.unwrap();
    let mut told = Vec::new();
    while told.len() < 2 {
        let receipt =
            world.bot.event("a receipt", |event| matches!(event, ChannelEvent::Receipt { .. })).await;
        if let ChannelEvent::Receipt { ids, how } = receipt {
            assert_eq!(ids, std::slice::from_ref(&id));
            told.push(how);
        }
    }
    // Two stanzas of one moment may change places on their way through the library.
    told.sort_unstable_by_key(|how| how.rank());
    assert_eq!(told, [Delivery::Delivered, Delivery::Read]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_owner_writes_on_the_phone_is_marked_as_ours() {
    let world = World::linked().await;
    world.phone.send_text(ASHA, "I take over").unwrap();
    let own = world.bot.inbox.wait(1).await.remove(0);
    assert!(own.from_me);
    assert_eq!(own.content, Content::Text("I take over".to_owned()));
    assert_eq!(own.sender.number.as_ref().map(Digits::as_str), Some(BUSINESS));
    world.settled().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_while_away_arrives_in_order_and_says_so() {
    let mut world = World::linked().await;
    world.asha.send_text(BUSINESS, "first").unwrap();
    world.bot.inbox.wait(1).await;
    world.settled().await;
    let before = world.server.events().last();
    world.device.close_connection();
    world.bot.closed().await;
    let sent: Vec<String> = (0..30).map(|n| format!("away {n}")).collect();
    for text in &sent {
        world.asha.send_text(BUSINESS, text).unwrap();
    }
    world.bot.reopen().await;
    let all = world.bot.inbox.wait(31).await;
    assert_eq!(texts(&all)[1..], sent);
    assert!(all[1..].iter().all(|message| message.offline));
    wait(&world.server, before, |e| matches!(e, EventKind::CaughtUp { .. })).await;
    world.settled().await;
    assert_eq!(world.bot.inbox.all().len(), 31);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn typing_and_read_marks_reach_the_server() {
    let world = World::linked().await;
    let id = world.asha.send_text(BUSINESS, "habari").unwrap();
    world.bot.inbox.wait(1).await;
    let before = world.server.events().last();
    world.bot.connection.typing(&world.asha_address(), true).await;
    wait(&world.server, before, |e| matches!(e, EventKind::Typing { state, .. } if state == "composing"))
        .await;
    world.bot.connection.typing(&world.asha_address(), false).await;
    wait(&world.server, before, |e| matches!(e, EventKind::Typing { state, .. } if state == "paused")).await;
    world.bot.connection.mark_read(&world.asha_address(), std::slice::from_ref(&id)).await;
    wait(&world.server, before, |e| {
        matches!(e, EventKind::Receipt { id: read, kind: virtual_whatsapp::ReceiptKind::Read, .. } if *read == id)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_sent_without_a_connection_or_an_address() {
    let mut world = World::linked().await;
    let nobody = world.bot.connection.send_text("3EB0", &Address::default(), "x", None).await;
    assert!(matches!(nobody, Err(SendError::Refused(_))));
    world.device.close_connection();
    world.bot.closed().await;
    let gone = world.bot.connection.send_text("3EB0", &world.asha_address(), "x", None).await;
    assert_eq!(gone, Err(SendError::NotConnected));
    assert_eq!(world.bot.connection.log_out().await, Err(SendError::NotConnected));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_message_is_asked_for_again_and_arrives_once() {
    let world = World::linked().await;
    world.asha.send_text(BUSINESS, "first").unwrap();
    world.bot.inbox.wait(1).await;
    // An answer settles the session; a damaged first message of one cannot be asked for again.
    let id = world.bot.channel.new_message_id();
    world.bot.connection.send_text(&id, &world.asha_address(), "Karibu", None).await.unwrap();
    world.asha.wait_for_reply(BUSINESS, 1, LIMIT).await.unwrap();
    let damaged = world.asha.send_text_with(BUSINESS, "damaged", &SendOptions::garbled()).unwrap();
    let all = world.bot.inbox.wait(3).await;
    assert_eq!(texts(&all), ["first", "damaged"]);
    // Until it could be read, something stood for it, under its id and its writer's names.
    let stood = all.iter().find(|message| matches!(message.content, Content::Unreadable(_))).unwrap();
    assert_eq!((&stood.id, &stood.sender), (&damaged, &world.asha_address()));
    assert_eq!(stood.content, Content::Unreadable(Unreadable::Undecryptable));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_can_never_be_decrypted_is_told_of_once_and_the_server_is_relieved_of_it() {
    let world = World::linked().await;
    world.asha.send_text(BUSINESS, "first").unwrap();
    world.bot.inbox.wait(1).await;
    world.settled().await;
    world.server.faults().for_account(BUSINESS, Fault::Undecryptable, Lasts::Always);
    let lost = world.asha.send_text(BUSINESS, "lost").unwrap();
    let all = world.bot.inbox.wait(2).await;
    assert_eq!((all[1].id.as_str(), &all[1].sender), (lost.as_str(), &world.asha_address()));
    assert_eq!(all[1].content, Content::Unreadable(Unreadable::Undecryptable));
    world.settled().await;
    let stood = world.bot.inbox.all().into_iter().filter(|message| message.id == lost).count();
    assert_eq!(stood, 1, "however often it was asked for again");
}
