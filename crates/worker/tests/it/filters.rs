//! What is not answered, and why the journal says so.

use domain::{Direction, ManualClock, Timestamp};
use link::message::Down;
use worker::channel::{ChatKind, Content, Inbound};

use crate::{
    rig::Rig,
    server::{Acks, both, number, text},
};

const ASHA: &str = "255711111111";

fn advance(clock: &ManualClock, seconds: i64) {
    clock.advance(Timestamp::from_second(seconds).unwrap().duration_since(Timestamp::UNIX_EPOCH));
}

fn outcomes(rig: &Rig) -> Vec<String> {
    rig.outcomes().into_iter().map(|(_, outcome)| outcome.unwrap_or_else(|| "waiting".to_owned())).collect()
}

#[tokio::test]
async fn what_no_customer_wrote_to_the_business_stays_in_the_journal() {
    let mut rig = Rig::new();
    let (running, mut control) = rig.start_welcomed().await;
    let base = || text("", both(ASHA), "Habari");
    let messages = [
        Inbound { id: "own".into(), from_me: true, ..base() },
        Inbound { id: "group".into(), chat: ChatKind::Group, ..base() },
        Inbound { id: "broadcast".into(), chat: ChatKind::Broadcast, ..base() },
        Inbound { id: "status".into(), chat: ChatKind::Status, ..base() },
        Inbound { id: "newsletter".into(), chat: ChatKind::Newsletter, ..base() },
        Inbound { id: "protocol".into(), content: Content::Protocol("reaction"), ..base() },
        Inbound { id: "empty".into(), content: Content::Text(" \n\t ".into()), ..base() },
    ];
    rig.server.deliver(messages.to_vec()).await.unwrap();
    rig.server.deliver(messages.to_vec()).await.unwrap();
    let rows = control.until_logged(1).await;
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(rows[0].silence.as_deref(), Some("empty"));
    rig.stop(running, control).await;
    let names: Vec<_> = messages.iter().map(|message| message.id.clone()).collect();
    assert_eq!(outcomes(&rig), names, "each once, with the outcome of its name");
    assert!(rig.server.lock().sends.is_empty());
}

#[tokio::test]
async fn a_picture_is_named_in_the_log_and_a_caption_is_answered_as_text() {
    let mut rig = Rig::new();
    let (running, mut control) = rig.start_welcomed().await;
    let picture = |id: &str, caption: Option<&str>| Inbound {
        content: Content::Media { kind: "image", caption: caption.map(str::to_owned) },
        ..text(id, both(ASHA), "")
    };
    rig.server.deliver(vec![picture("A1", None)]).await.unwrap();
    rig.server.deliver(vec![picture("A2", Some("bei gani?"))]).await.unwrap();
    rig.server.until(|state| (state.read.len() == 2).then_some(())).await;
    let texts = control
        .until(|heard| {
            let rows = crate::control::rows(heard).into_iter().filter(|row| row.direction == Direction::In);
            let texts: Vec<_> = rows.map(|row| row.text).collect();
            (texts.len() == 2).then_some(texts)
        })
        .await;
    assert_eq!(texts, ["[image]", "[image] bei gani?"]);
    rig.stop(running, control).await;
}

#[tokio::test]
async fn a_hasty_contact_is_warned_once_a_window() {
    let mut rig = Rig::new();
    rig.limits.contact_per_minute = 3;
    let (running, mut control) = rig.start_welcomed().await;
    for i in 0..6 {
        // What is written while an answer is on its way is one turn, so each comes once the one before has its outcome.
        rig.server.deliver(vec![text(&format!("A{i}"), both(ASHA), "Habari")]).await.unwrap();
        control.until(|heard| written(heard, i + 1)).await;
    }
    // The clock goes on only once all six have their outcomes: a message is judged when its turn comes.
    control.until(|heard| silenced(heard, "rate_limited", 2)).await;
    rig.server.until(|state| (state.read.len() == 4).then_some(())).await;
    advance(&rig.clock, 60);
    rig.server.deliver(vec![text("B", both(ASHA), "Habari")]).await.unwrap();
    rig.server.until(|state| state.read.contains(&"B".to_owned()).then_some(())).await;
    rig.stop(running, control).await;
    let expected = ["replied", "replied", "replied", "replied", "rate_limited", "rate_limited", "replied"];
    assert_eq!(outcomes(&rig), expected, "three answers, a warning, silence, and a new window");
}

/// Whether so many customers' messages have their outcomes.
fn written(heard: &[link::message::Up], count: usize) -> Option<()> {
    let rows = crate::control::rows(heard);
    (rows.iter().filter(|row| row.direction == Direction::In).count() >= count).then_some(())
}

fn silenced(heard: &[link::message::Up], reason: &str, count: usize) -> Option<()> {
    let rows = crate::control::rows(heard);
    (rows.iter().filter(|row| row.silence.as_deref() == Some(reason)).count() >= count).then_some(())
}

#[tokio::test]
async fn a_full_queue_says_please_wait_once() {
    let mut rig = Rig::new();
    rig.limits.chat_queue = 2;
    rig.server.set(|state| state.acks = Acks::Withheld);
    let (running, control) = rig.start_welcomed().await;
    rig.server.deliver(vec![text("A0", both(ASHA), "Habari")]).await.unwrap();
    rig.server.until_sent(1).await;
    // The first reply is not acknowledged, so that these wait.
    for i in 1..6 {
        rig.server.deliver(vec![text(&format!("A{i}"), both(ASHA), "Habari")]).await.unwrap();
    }
    rig.crash(running).await;
    drop(control);
    let expected = ["replied", "waiting", "waiting", "replied", "queue_full", "queue_full"];
    assert_eq!(outcomes(&rig), expected);

    // Once the queue has been empty, the next congestion is told anew.
    rig.server.set(|state| state.acks = Acks::AtOnce);
    let (running, control) = rig.start_welcomed().await;
    rig.server.until(|state| state.read.contains(&"A2".to_owned()).then_some(())).await;
    rig.stop(running, control).await;
    let told: bool = rig
        .journal()
        .query_row("SELECT json_extract(traffic, '$.told_to_wait') FROM conversations", [], |row| row.get(0))
        .unwrap();
    assert!(!told);
    assert!(outcomes(&rig).iter().all(|outcome| outcome != "waiting"));
}

#[tokio::test]
async fn an_echo_of_our_own_words_is_another_bot() {
    let mut rig = Rig::new();
    let (running, control) = rig.start_welcomed().await;
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    let ours = rig.server.until_sent(1).await.remove(0).text;
    rig.server.deliver(vec![text("A2", both(ASHA), &ours)]).await.unwrap();
    rig.server.deliver(vec![text("A3", both(ASHA), "Habari")]).await.unwrap();
    rig.server.until(|state| state.read.contains(&"A3".to_owned()).then_some(())).await;
    rig.stop(running, control).await;
    assert_eq!(outcomes(&rig), ["replied", "loop", "replied"]);
}

#[tokio::test]
async fn a_suspended_bot_says_once_that_it_is_away_until_it_is_lifted() {
    let mut rig = Rig::new();
    rig.settings.suspended = true;
    let (running, mut control) = rig.start_welcomed().await;
    rig.server.deliver(vec![text("A0", both(ASHA), "Habari")]).await.unwrap();
    rig.server.until_sent(1).await;
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    control.until(|heard| silenced(heard, "suspended", 1)).await;
    rig.settings.suspended = false;
    rig.settings.version = 2;
    control.say(Down::Configure { settings: rig.settings.clone(), limits: rig.limits }).await;
    // Commands are carried out in order: the answer to this one shows that the settings are in force.
    let question = link::message::Question::SendText { contact: "255799999999".into(), text: "x".into() };
    control.ask("r", question).await;
    control
        .until(|heard| heard.iter().any(|up| matches!(up, link::message::Up::Answer { .. })).then_some(()))
        .await;
    rig.server.deliver(vec![text("A2", both(ASHA), "Habari")]).await.unwrap();
    rig.server.until_sent(2).await;
    rig.stop(running, control).await;
    assert_eq!(outcomes(&rig), ["replied", "suspended", "replied"]);
}

#[tokio::test]
async fn a_number_that_was_not_declared_waits_for_a_person() {
    let mut rig = Rig::new();
    rig.settings.declared_number = Some(number("255799999999"));
    let (running, mut control) = rig.start_welcomed().await;
    let held =
        control.until_report(|report| matches!(report, link::message::SessionReport::Held { .. })).await;
    assert_eq!(held, link::message::SessionReport::Held { number: number("255700000001") });
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    rig.settings.confirmed_number = Some(number("255700000001"));
    rig.settings.version = 2;
    control.say(Down::Configure { settings: rig.settings.clone(), limits: rig.limits }).await;
    control.until_report(|report| matches!(report, link::message::SessionReport::Connected { .. })).await;
    rig.server.until_sent(1).await;
    rig.stop(running, control).await;
    assert_eq!(outcomes(&rig), ["replied"], "what waited for the confirmation is answered after it");
}

#[tokio::test]
async fn what_waited_for_a_confirmation_in_vain_is_silent_after_a_day() {
    let mut rig = Rig::new();
    rig.settings.declared_number = Some(number("255799999999"));
    let (running, mut control) = rig.start_welcomed().await;
    control.until_report(|report| matches!(report, link::message::SessionReport::Held { .. })).await;
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    advance(&rig.clock, 24 * 60 * 60 + 1);
    rig.limits.chat_queue = 51;
    control.say(Down::Configure { settings: rig.settings.clone(), limits: rig.limits }).await;
    control.until(|heard| silenced(heard, "held", 1)).await;
    rig.stop(running, control).await;
    assert_eq!(outcomes(&rig), ["held"]);
}

#[tokio::test]
async fn what_was_written_to_another_number_is_not_answered_from_this_one() {
    let mut rig = Rig::new();
    rig.settings.declared_number = Some(number("255799999999"));
    let (running, mut control) = rig.start_welcomed().await;
    control.until_report(|report| matches!(report, link::message::SessionReport::Held { .. })).await;
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    rig.server.close(worker::channel::CloseReason::LoggedOut).await;
    assert_eq!(running.ended().await, link::Exit::LoggedOut);
    drop(control);
    rig.server.set(|state| state.account = both("255799999999"));
    let (running, mut control) = rig.start_welcomed().await;
    control.until(|heard| silenced(heard, "other_number", 1)).await;
    assert!(rig.server.lock().sends.is_empty());
    rig.stop(running, control).await;
}

#[tokio::test]
async fn the_other_form_of_the_declared_number_is_the_same_line() {
    let mut rig = Rig::new();
    rig.settings.declared_number = Some(number("5511987654321"));
    rig.settings.number_forms = vec![number("551187654321")];
    rig.server.set(|state| state.account = both("551187654321"));
    let (running, control) = rig.start_welcomed().await;
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    rig.server.until_sent(1).await;
    rig.stop(running, control).await;
    assert_eq!(outcomes(&rig), ["replied"]);
}
