//! Ending a worker at any moment and starting the next: nothing lost, nothing doubled.

use std::sync::atomic::Ordering;

use crate::{
    rig::Rig,
    server::{Acks, both, text},
};

const ASHA: &str = "255711111111";

#[tokio::test]
async fn an_unacknowledged_reply_goes_out_again_under_its_id() {
    let mut rig = Rig::new();
    rig.server.set(|state| state.acks = Acks::Withheld);
    let (running, control) = rig.start_welcomed().await;
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    let first = rig.server.until_sent(1).await.remove(0);
    rig.crash(running).await;
    drop(control);

    rig.server.set(|state| state.acks = Acks::AtOnce);
    let (running, control) = rig.start_welcomed().await;
    let sends = rig.server.until_sent(2).await;
    assert_eq!(sends[1], first, "same id, same text");
    // The message itself comes again as well, since its acknowledgement may have been lost.
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari"), text("A2", both(ASHA), "1")]).await.unwrap();
    rig.server.until(|state| state.read.contains(&"A2".to_owned()).then_some(())).await;
    rig.stop(running, control).await;
    assert_eq!(rig.outcomes().len(), 2);
}

#[tokio::test]
async fn messages_that_wait_are_answered_by_the_next_worker_in_order() {
    let mut rig = Rig::new();
    rig.server.set(|state| state.acks = Acks::Withheld);
    let (running, control) = rig.start_welcomed().await;
    for id in ["A1", "A2", "A3"] {
        rig.server.deliver(vec![text(id, both(ASHA), "Habari")]).await.unwrap();
    }
    rig.server.until_sent(1).await;
    rig.crash(running).await;
    drop(control);
    rig.server.set(|state| state.acks = Acks::AtOnce);
    let (running, control) = rig.start_welcomed().await;
    let read = rig.server.until(|state| (state.read.len() == 3).then(|| state.read.clone())).await;
    assert_eq!(read, ["A1", "A2", "A3"]);
    rig.stop(running, control).await;
}

#[tokio::test]
async fn a_worker_without_a_link_answers_by_the_settings_it_was_told_last() {
    let mut rig = Rig::new();
    let (running, control) = rig.start_welcomed().await;
    rig.server.until_connected().await;
    rig.crash(running).await;
    drop(control);
    let running = rig.start();
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    let sent = rig.server.until_sent(1).await;
    assert!(sent[0].text.contains("Salon Zuri"));
    rig.crash(running).await;
}

#[tokio::test]
async fn killing_at_every_step_of_a_conversation_loses_and_doubles_nothing() {
    let mut rig = Rig::new();
    rig.limits.contact_per_minute = 1_000;
    for round in 0..24 {
        let (running, control) = rig.start_welcomed().await;
        // Every other round without acknowledgements of rows, so that they pile up.
        control.acknowledges.store(round % 2 == 0, Ordering::Relaxed);
        rig.server.set(|state| state.acks = if round % 3 == 0 { Acks::Withheld } else { Acks::AtOnce });
        let id = format!("R{round}");
        rig.server.deliver(vec![text(&id, both(ASHA), "Habari")]).await.unwrap();
        // Ends between any two steps of what follows.
        for _ in 0..round * 5 {
            tokio::task::yield_now().await;
        }
        rig.crash(running).await;
        drop(control);
    }
    rig.server.set(|state| state.acks = Acks::AtOnce);
    let (running, mut control) = rig.start_welcomed().await;
    rig.server.deliver(vec![text("last", both(ASHA), "Habari")]).await.unwrap();
    rig.server.until(|state| state.read.contains(&"last".to_owned()).then_some(())).await;
    control.until_logged(2).await;
    rig.stop(running, control).await;

    let outcomes = rig.outcomes();
    assert_eq!(outcomes.len(), 25);
    assert!(outcomes.iter().all(|(_, outcome)| outcome.as_deref() == Some("replied")), "{outcomes:?}");
    let outbox = rig.outbox();
    assert!(outbox.iter().all(|(_, state)| state == "acked"), "{outbox:?}");
    // First appearances on the wire are in the order of the outbox, which is one chat's.
    let mut seen = Vec::new();
    for sent in &rig.server.lock().sends {
        if !seen.contains(&sent.id) {
            seen.push(sent.id.clone());
        }
    }
    let ids: Vec<_> = outbox.into_iter().map(|(id, _)| id).collect();
    assert_eq!(seen, ids);
}
