//! What the server refuses, and what the worker is told of it.

use std::time::Duration;

use virtual_whatsapp::{Fault, Lasts};
use worker::channel::{Channel as _, ChannelEvent, CloseReason};

use crate::bot::{BUSINESS, World};

/// Ends the connection by a fault and says what the next one ends with.
async fn next_login_ends_with(world: &mut World, fault: Fault) -> CloseReason {
    world.bot.connection.shutdown().await;
    world.bot.closed().await;
    world.server.faults().for_account(BUSINESS, fault, Lasts::ONCE);
    world.bot.reopen().await;
    world.bot.closed().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn refused_logins_are_final_and_say_why() {
    let mut world = World::linked().await;
    for (code, word) in
        [(403_u16, "locked"), (405, "update Flow HQ"), (406, "banned"), (409, "update Flow HQ"), (418, "418")]
    {
        match next_login_ends_with(&mut world, Fault::RefuseLogin { reason: code }).await {
            CloseReason::Refused(why) => assert!(why.contains(word), "{code}: {why}"),
            other => panic!("{code}: {other:?}"),
        }
        // Nothing was forgotten: the next login is as good as any.
        world.bot.reopen().await;
        world.bot.connected().await;
    }
    assert!(world.bot.channel.is_linked().await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_servers_own_troubles_are_no_refusal() {
    let mut world = World::linked().await;
    for code in [500_u16, 503] {
        let end = next_login_ends_with(&mut world, Fault::RefuseLogin { reason: code }).await;
        assert!(matches!(&end, CloseReason::Lost(why) if why.contains(&code.to_string())), "{code}: {end:?}");
        world.bot.reopen().await;
        world.bot.connected().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_refused_with_401_retires_the_session() {
    let mut world = World::linked().await;
    let end = next_login_ends_with(&mut world, Fault::RefuseLogin { reason: 401 }).await;
    assert_eq!(end, CloseReason::LoggedOut);
    assert!(!world.bot.channel.is_linked().await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_temporary_ban_says_how_long() {
    let mut world = World::linked().await;
    match next_login_ends_with(&mut world, Fault::Ban { seconds: 3600 }).await {
        CloseReason::TemporarilyBanned { for_time, reason } => {
            assert_eq!(for_time, Some(Duration::from_secs(3600)));
            assert!(!reason.is_empty());
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stream_errors_are_told_apart() {
    let mut world = World::linked().await;
    for (code, fits) in [
        (
            515_u16,
            (|end| matches!(end, CloseReason::Lost(_) | CloseReason::Restart)) as fn(&CloseReason) -> bool,
        ),
        (503, |end| matches!(end, CloseReason::Lost(_))),
        (409, |end| matches!(end, CloseReason::Replaced)),
        (516, |end| matches!(end, CloseReason::LoggedOut)),
    ] {
        world.server.faults().for_account(BUSINESS, Fault::StreamError { code }, Lasts::ONCE);
        let end = world.bot.closed().await;
        assert!(fits(&end), "{code}: {end:?}");
        if end == CloseReason::LoggedOut {
            break;
        }
        world.bot.reopen().await;
        world.bot.connected().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conflict_is_told_as_such() {
    let mut world = World::linked().await;
    world.server.faults().for_account(BUSINESS, Fault::Replaced, Lasts::ONCE);
    assert_eq!(world.bot.closed().await, CloseReason::Replaced);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_message_is_told_with_its_code_and_the_next_one_goes_out() {
    let mut world = World::linked().await;
    world.asha.send_text(BUSINESS, "habari").unwrap();
    world.bot.inbox.wait(1).await;
    world.server.faults().for_account(BUSINESS, Fault::AckError { code: 463 }, Lasts::ONCE);
    let (refused, taken) = (world.bot.channel.new_message_id(), world.bot.channel.new_message_id());
    world.bot.connection.send_text(&refused, &world.asha_address(), "Karibu", None).await.unwrap();
    assert_eq!(world.bot.acked(&refused).await, Some(463));
    world.bot.connection.send_text(&taken, &world.asha_address(), "Karibu tena", None).await.unwrap();
    assert_eq!(world.bot.acked(&taken).await, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_acknowledgement_that_never_comes_leaves_the_send_as_it_is() {
    let mut world = World::linked().await;
    world.asha.send_text(BUSINESS, "habari").unwrap();
    world.bot.inbox.wait(1).await;
    world.server.faults().for_account(BUSINESS, Fault::NoAck, Lasts::ONCE);
    let id = world.bot.channel.new_message_id();
    world.bot.connection.send_text(&id, &world.asha_address(), "Karibu", None).await.unwrap();
    // The customer's receipt still tells that it arrived.
    let receipt = world.bot.event("a receipt", |event| matches!(event, ChannelEvent::Receipt { .. })).await;
    assert_eq!(receipt, ChannelEvent::Receipt { ids: vec![id], how: domain::Delivery::Delivered });
}
