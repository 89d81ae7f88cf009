//! What stands for a message that cannot be read has a row, a line in the log, a figure, and one request to send it again.

use domain::Timestamp;
use link::message::Up;
use worker::channel::{ChatKind, Content, Inbound, Unreadable};

use crate::{
    rig::Rig,
    server::{both, by_lid, text},
};

const ASHA: &str = "255711111111";
const JUMA: &str = "255722222222";

fn unreadable(id: &str, who: &str, reason: Unreadable) -> Inbound {
    Inbound { content: Content::Unreadable(reason), ..text(id, both(who), "") }
}

fn advance(rig: &Rig, seconds: i64) {
    rig.clock.advance(Timestamp::from_second(seconds).unwrap().duration_since(Timestamp::UNIX_EPOCH));
}

fn told(heard: &[Up]) -> Option<u64> {
    heard.iter().rev().find_map(|up| match up {
        Up::Heartbeat(beat) => Some(beat.unreadable),
        _ => None,
    })
}

#[tokio::test]
async fn a_message_that_is_never_read_is_asked_for_once_and_shown_and_counted() {
    let mut rig = Rig::new();
    rig.limits.heartbeat_interval_ms = 100;
    let (running, mut control) = rig.start_welcomed().await;
    rig.server.deliver(vec![unreadable("A1", ASHA, Unreadable::ViewOnce)]).await.unwrap();
    let sent = rig.server.until_sent(1).await;
    assert!(sent[0].text.contains("mara moja"), "{}", sent[0].text);
    let rows = control.until_logged(2).await;
    assert!(rows[0].text.contains("only the phone shows"), "{}", rows[0].text);
    // The second one within the hour is noted, and nobody is asked again.
    rig.server.deliver(vec![unreadable("A2", ASHA, Unreadable::ViewOnce)]).await.unwrap();
    let rows = control.until_logged(3).await;
    assert_eq!(rows[2].silence.as_deref(), Some("unreadable"));
    control.until(|heard| (told(heard) == Some(2)).then_some(())).await;
    advance(&rig, 60 * 60);
    rig.server.deliver(vec![unreadable("A3", ASHA, Unreadable::ViewOnce)]).await.unwrap();
    rig.server.until_sent(2).await;
    rig.stop(running, control).await;
    let outcomes: Vec<_> = rig.outcomes().into_iter().map(|(_, outcome)| outcome.unwrap()).collect();
    assert_eq!(outcomes, ["replied", "unreadable", "replied"]);
}

#[tokio::test]
async fn a_message_that_can_be_read_in_time_is_answered_as_itself_and_nobody_hears_of_it() {
    let mut rig = Rig::new();
    rig.limits.heartbeat_interval_ms = 100;
    let (running, mut control) = rig.start_welcomed().await;
    rig.server.deliver(vec![unreadable("A1", ASHA, Unreadable::Undecryptable)]).await.unwrap();
    control.until(|heard| (told(heard) == Some(1)).then_some(())).await;
    assert!(rig.server.lock().sends.is_empty(), "its content may still come");
    // A message that came meanwhile does not wait for it.
    rig.server.deliver(vec![text("A2", both(ASHA), "Habari")]).await.unwrap();
    rig.server.until_sent(1).await;
    rig.server.deliver(vec![text("A1", both(ASHA), "4")]).await.unwrap();
    rig.server.until_sent(2).await;
    rig.server.deliver(vec![unreadable("A1", ASHA, Unreadable::Undecryptable)]).await.unwrap();
    control.until(|heard| (told(heard) == Some(0)).then_some(())).await;
    rig.stop(running, control).await;
    let outcomes: Vec<_> = rig.outcomes();
    let of = |id: &str| outcomes.iter().filter(|(known, _)| known == id).count();
    assert_eq!((of("A1"), of("A2")), (1, 1));
    assert!(outcomes.contains(&("A1".to_owned(), Some("replied".to_owned()))), "{outcomes:?}");
    let texts: Vec<_> = rig.server.lock().sends.iter().map(|sent| sent.text.clone()).collect();
    assert!(texts.iter().all(|text| !text.contains("haujatufikia")), "{texts:?}");
}

#[tokio::test]
async fn patience_ends_and_content_that_comes_later_is_answered_too() {
    let mut rig = Rig::new();
    let (running, control) = rig.start_welcomed().await;
    rig.server.deliver(vec![unreadable("A1", ASHA, Unreadable::Undecryptable)]).await.unwrap();
    rig.crash(running).await;
    drop(control);
    advance(&rig, 31);
    // The next start finds it overdue.
    let (running, mut control) = rig.start_welcomed().await;
    let sent = rig.server.until_sent(1).await;
    assert!(sent[0].text.contains("haujatufikia"), "{}", sent[0].text);
    rig.server.deliver(vec![text("A1", by_lid(ASHA), "Habari")]).await.unwrap();
    let sent = rig.server.until_sent(2).await;
    assert!(sent[1].text.contains("Salon Zuri"), "{}", sent[1].text);
    let rows = control.until_logged(4).await;
    assert_eq!(rows[0].text, "[a message that could not be read]");
    assert_eq!(rows[2].text, "Habari");
    rig.stop(running, control).await;
}

#[tokio::test]
async fn an_answer_and_the_request_to_send_it_again_are_one_message() {
    let mut rig = Rig::new();
    let (running, control) = rig.start_welcomed().await;
    rig.server
        .deliver(vec![text("A1", both(ASHA), "Habari"), unreadable("A2", ASHA, Unreadable::ViewOnce)])
        .await
        .unwrap();
    let sent = rig.server.until_sent(1).await;
    assert!(sent[0].text.contains("Salon Zuri") && sent[0].text.contains("mara moja"), "{}", sent[0].text);
    rig.stop(running, control).await;
    assert_eq!(rig.server.lock().sends.len(), 1);
}

#[tokio::test]
async fn what_nobody_wrote_to_the_business_is_no_unreadable_message() {
    let mut rig = Rig::new();
    let (running, control) = rig.start_welcomed().await;
    let base = |id: &str| unreadable(id, JUMA, Unreadable::ViewOnce);
    rig.server
        .deliver(vec![
            Inbound { chat: ChatKind::Group, ..base("group") },
            Inbound { from_me: true, ..base("own") },
            Inbound { chat: ChatKind::Status, ..base("status") },
        ])
        .await
        .unwrap();
    rig.stop(running, control).await;
    let outcomes: Vec<_> = rig.outcomes().into_iter().map(|(id, outcome)| (id, outcome.unwrap())).collect();
    assert!(outcomes.iter().all(|(id, outcome)| id == outcome), "{outcomes:?}");
    assert!(rig.server.lock().sends.is_empty());
}
