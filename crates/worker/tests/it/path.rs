//! The message path in good weather and in bad.

use std::time::Duration;

use domain::Direction;
use worker::channel::{ChannelEvent, CloseReason};

use crate::{
    rig::Rig,
    server::{Acks, both, by_lid, by_number, text},
};

const ASHA: &str = "255711111111";
const JUMA: &str = "255722222222";

#[tokio::test]
async fn a_message_is_answered_once_and_logged_both_ways() {
    let mut rig = Rig::new();
    let (running, mut control) = rig.start_welcomed().await;
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    let sent = rig.server.until_sent(1).await;
    assert_eq!(sent[0].to, both(ASHA));
    assert!(sent[0].text.contains("Salon Zuri"), "{}", sent[0].text);

    let rows = control.until_logged(2).await;
    assert_eq!((rows[0].sequence, rows[0].direction), (1, Direction::In));
    assert_eq!((rows[0].contact.as_str(), rows[0].text.as_str()), (ASHA, "Habari"));
    assert_eq!((rows[0].wa_message_id.as_str(), &rows[0].silence), ("A1", &None));
    assert_eq!(
        (rows[1].direction, &rows[1].wa_message_id, &rows[1].text),
        (Direction::Out, &sent[0].id, &sent[0].text)
    );

    rig.stop(running, control).await;
    assert_eq!(rig.outcomes(), [("A1".to_owned(), Some("replied".to_owned()))]);
    assert!(rig.outbox().iter().all(|(_, state)| state == "acked"));
    assert_eq!(rig.server.lock().sends.iter().filter(|other| other.id == sent[0].id).count(), 1);
    assert_eq!(rig.server.lock().read, ["A1"]);
    assert_eq!(rig.server.lock().typing.last(), Some(&false), "typing does not go on for ever");
}

#[tokio::test]
async fn a_repeated_message_is_one_message_under_either_name() {
    let mut rig = Rig::new();
    let (running, control) = rig.start_welcomed().await;
    for sender in [both(ASHA), by_lid(ASHA), by_number(ASHA), both(ASHA)] {
        rig.server
            .deliver(vec![text("A1", sender.clone(), "Habari"), text("A1", sender, "Habari")])
            .await
            .unwrap();
    }
    // A later message of the same chat is answered after whatever the repetitions would have caused.
    rig.server.deliver(vec![text("A2", by_lid(ASHA), "1")]).await.unwrap();
    rig.server.until(|state| state.read.contains(&"A2".to_owned()).then_some(())).await;
    rig.stop(running, control).await;
    assert_eq!(rig.outcomes().len(), 2);
    let read = rig.server.lock().read.clone();
    assert_eq!(read, ["A1", "A2"]);
}

#[tokio::test]
async fn a_message_that_comes_again_later_under_the_other_name_before_both_are_known_is_answered_once() {
    let mut rig = Rig::new();
    let (running, control) = rig.start_welcomed().await;
    rig.server.deliver(vec![text("A1", by_number(ASHA), "Habari")]).await.unwrap();
    rig.server.until_sent(1).await;
    let mut again = text("A1", by_lid(ASHA), "Habari");
    again.at = "2026-03-01T09:30:00Z".parse().unwrap();
    rig.server.deliver(vec![again]).await.unwrap();
    // Both names together, and something to wait for.
    rig.server.deliver(vec![text("A2", both(ASHA), "1")]).await.unwrap();
    rig.server.until(|state| state.read.contains(&"A2".to_owned()).then_some(())).await;
    rig.stop(running, control).await;
    assert_eq!(rig.outcomes().len(), 2);
    assert_eq!(rig.outbox().len(), 2, "one answer each");
}

#[tokio::test]
async fn the_inbox_knows_what_it_took_by_either_name_and_says_no_of_what_it_did_not() {
    let mut rig = Rig::new();
    let (running, control) = rig.start_welcomed().await;
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    for address in [both(ASHA), by_number(ASHA), by_lid(ASHA)] {
        assert!(rig.server.has(&address, "A1").await.unwrap(), "{address:?}");
        assert!(!rig.server.has(&address, "A2").await.unwrap(), "{address:?}");
    }
    assert!(!rig.server.has(&both(JUMA), "A1").await.unwrap(), "another sender's");
    rig.stop(running, control).await;
}

#[tokio::test]
async fn equal_ids_of_two_senders_are_two_messages() {
    let mut rig = Rig::new();
    let (running, control) = rig.start_welcomed().await;
    rig.server.deliver(vec![text("X", both(ASHA), "Habari"), text("X", both(JUMA), "Habari")]).await.unwrap();
    let sent = rig.server.until_sent(2).await;
    assert!(sent.iter().any(|sent| sent.to == both(ASHA)) && sent.iter().any(|sent| sent.to == both(JUMA)));
    rig.stop(running, control).await;
    assert_eq!(rig.outcomes().len(), 2);
}

#[tokio::test]
async fn order_holds_within_a_chat_while_chats_run_side_by_side() {
    let mut rig = Rig::new();
    rig.limits.contact_per_minute = 100;
    let (running, mut control) = rig.start_welcomed().await;
    for turn in 0..10 {
        for person in 0..5 {
            let sender = both(&format!("25571111111{person}"));
            rig.server.deliver(vec![text(&format!("P{person}-{turn}"), sender, "Habari")]).await.unwrap();
        }
    }
    let read = rig.server.until(|state| (state.read.len() == 50).then(|| state.read.clone())).await;
    for person in 0..5 {
        let of_person: Vec<_> =
            read.iter().filter(|id| id.starts_with(&format!("P{person}-"))).cloned().collect();
        let expected: Vec<_> = (0..10).map(|turn| format!("P{person}-{turn}")).collect();
        assert_eq!(of_person, expected);
    }
    // What is written while an answer is on its way is answered together with what came before it: one row for each message.
    let rows = control
        .until(|heard| {
            let rows = crate::control::rows(heard);
            let written = rows.iter().filter(|row| row.direction == Direction::In).count();
            (written == 50 && rows.last()?.direction == Direction::Out).then_some(rows)
        })
        .await;
    assert!(rows.iter().zip(1..).all(|(row, sequence)| row.sequence == sequence), "no gap, no repetition");
    rig.stop(running, control).await;
    let ids: Vec<_> = rig.outbox().into_iter().map(|(id, _)| id).collect();
    let mut sent: Vec<_> = rig.server.lock().sends.iter().map(|sent| sent.id.clone()).collect();
    sent.sort();
    let mut expected = ids.clone();
    expected.sort();
    assert_eq!(sent, expected, "each reply left once");
}

#[tokio::test]
async fn one_dead_chat_blocks_no_other() {
    let mut rig = Rig::new();
    rig.server.set(|state| {
        state.dead.insert(ASHA.to_owned());
    });
    let (running, control) = rig.start_welcomed().await;
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    rig.server.until_sent(1).await;
    rig.server.deliver(vec![text("J1", both(JUMA), "Habari")]).await.unwrap();
    rig.server.until(|state| state.sends.iter().any(|sent| sent.to == both(JUMA)).then_some(())).await;
    rig.crash(running).await;
    drop(control);
    let state: Vec<_> = rig.outbox();
    assert_eq!(state[0].1, "sent", "still open");
}

#[tokio::test]
async fn a_missing_acknowledgement_sends_the_same_id_again() {
    let mut rig = Rig::new();
    rig.server.set(|state| state.acks = Acks::Withheld);
    let (running, control) = rig.start_welcomed().await;
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    let first = rig.server.until_sent(1).await.remove(0);
    rig.server.set(|state| state.acks = Acks::AtOnce);
    // Time stands still but for what the test moves: a blocking task keeps the runtime from moving it by itself.
    let (release, held) = std::sync::mpsc::channel::<()>();
    let hold = tokio::task::spawn_blocking(move || held.recv());
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(16)).await;
    let sends = rig.server.until_sent(2).await;
    assert_eq!(sends[1], first, "same id, same contact, same text");
    tokio::time::resume();
    release.send(()).unwrap();
    hold.await.unwrap().unwrap();
    rig.stop(running, control).await;
    assert!(rig.outbox().iter().all(|(_, state)| state == "acked"), "{:?}", rig.outbox());
}

#[tokio::test]
async fn a_lost_connection_sends_the_same_id_again_on_the_next() {
    let mut rig = Rig::new();
    rig.server.set(|state| state.acks = Acks::Withheld);
    let (running, control) = rig.start_welcomed().await;
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    let first = rig.server.until_sent(1).await.remove(0);
    rig.server.set(|state| state.acks = Acks::AtOnce);
    rig.server.close(CloseReason::Lost("cable pulled".to_owned())).await;
    let sends = rig.server.until_sent(2).await;
    assert_eq!(sends[1], first);
    rig.stop(running, control).await;
}

#[tokio::test]
async fn a_refused_reply_is_final_and_the_chat_goes_on() {
    let mut rig = Rig::new();
    rig.server.set(|state| state.acks = Acks::Refused(463));
    let (running, control) = rig.start_welcomed().await;
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    rig.server.until_sent(1).await;
    rig.server.until(|state| state.typing.contains(&false).then_some(())).await;
    rig.server.set(|state| state.acks = Acks::AtOnce);
    rig.server.deliver(vec![text("A2", both(ASHA), "Habari")]).await.unwrap();
    rig.server.until(|state| state.read.contains(&"A2".to_owned()).then_some(())).await;
    rig.stop(running, control).await;
    let outbox = rig.outbox();
    assert_eq!(outbox[0].1, "failed");
    assert_eq!(outbox.last().unwrap().1, "acked");
    let reason: String = rig
        .journal()
        .query_row("SELECT reason FROM outbox ORDER BY seq LIMIT 1", [], |row| row.get(0))
        .unwrap();
    assert!(reason.contains("463"), "{reason}");
}

#[tokio::test]
async fn a_late_acknowledgement_and_a_receipt_count() {
    let mut rig = Rig::new();
    rig.server.set(|state| state.acks = Acks::Withheld);
    let (running, control) = rig.start_welcomed().await;
    rig.server
        .deliver(vec![text("A1", both(ASHA), "Habari"), text("J1", both(JUMA), "Habari")])
        .await
        .unwrap();
    let sent = rig.server.until_sent(2).await;
    rig.server.say(ChannelEvent::ServerAck { id: sent[0].id.clone(), error: None }).await;
    rig.server
        .say(ChannelEvent::Receipt { ids: vec![sent[1].id.clone()], how: domain::Delivery::Read })
        .await;
    rig.server.set(|state| state.acks = Acks::AtOnce);
    rig.server.say(ChannelEvent::ServerAck { id: "nobody's".to_owned(), error: Some(500) }).await;
    rig.stop(running, control).await;
    assert!(rig.outbox().iter().take(2).all(|(_, state)| state == "acked"), "{:?}", rig.outbox());
}

#[tokio::test]
async fn the_pace_delays_and_drops_nothing() {
    let mut rig = Rig::new();
    // A burst of 100, then one in 10 ms.
    rig.limits.tenant_per_minute = 6_000;
    let (running, control) = rig.start_welcomed().await;
    let batch = (0..110).map(|i| text(&format!("M{i}"), both(&format!("2557{i:08}")), "Habari")).collect();
    rig.server.deliver(batch).await.unwrap();
    rig.server.until(|state| (state.read.len() == 110).then_some(())).await;
    rig.stop(running, control).await;
    assert!(rig.outcomes().iter().all(|(_, outcome)| outcome.as_deref() == Some("replied")));
}
