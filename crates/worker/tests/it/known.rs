//! People with whom the phone had chatted before it linked the bot, for a tenant who wants the bot to answer others only.

use std::time::Duration;

use link::message::{DocumentKind, Question, SessionReport, Up, document_parts};
use replies::Profile;
use worker::channel::{ChannelEvent, CloseReason, EarlierChat};

use crate::{
    control::{Control, rows},
    rig::{Rig, Running},
    server::{both, by_lid, text},
};

const ASHA: &str = "255711111111";
const JUMA: &str = "255722222222";

fn chat(with: &str, since: &str) -> EarlierChat {
    EarlierChat { with: by_lid(with), since: since.parse().unwrap() }
}

/// A worker that is to answer strangers only and has been linked this moment.
async fn just_linked(rig: &mut Rig) -> (Running, Control) {
    rig.server.set(|state| state.linked = false);
    let (running, mut control) = rig.start_welcomed().await;
    let mut profile = Profile::for_pack("BOOKING");
    profile.manners.only_new_people = true;
    for part in document_parts(DocumentKind::Profile, "7", Some(&serde_json::to_string(&profile).unwrap())) {
        control.say(part).await;
    }
    let knows = |up: &Up| matches!(up, Up::Heartbeat(beat) if beat.profile_version == Some(7));
    control.until(|heard| heard.iter().any(knows).then_some(())).await;
    link_again(rig, &mut control).await;
    (running, control)
}

async fn link_again(rig: &Rig, control: &mut Control) {
    let account = rig.server.lock().account.clone();
    rig.server.set(|state| state.linked = true);
    rig.server.say(ChannelEvent::Linked(account)).await;
    rig.server.close(CloseReason::Restart).await;
    control.until_report(|report| matches!(report, SessionReport::Connected { .. })).await;
}

/// Has the worker answer a question, so that it has had its turn.
async fn had_its_turn(control: &mut Control, request: &str) {
    let question = Question::SendText { contact: "1".into(), text: "x".into() };
    control.ask(request, question).await;
    let answered = |up: &Up| matches!(up, Up::Answer { request: to, .. } if to == request);
    control.until(|heard| heard.iter().any(answered).then_some(())).await;
}

#[tokio::test]
async fn who_had_chatted_with_the_phone_is_left_alone_and_a_stranger_is_answered_once_that_is_told() {
    let mut rig = Rig::new();
    let (running, mut control) = just_linked(&mut rig).await;
    for (id, who) in [("A1", ASHA), ("J1", JUMA)] {
        rig.server.deliver(vec![text(id, both(who), "Habari")]).await.unwrap();
    }
    had_its_turn(&mut control, "early").await;
    assert!(rig.server.lock().sends.is_empty(), "who is a stranger is not known yet");
    // Juma's chat began with the message that waits: the phone tells of it as of any other.
    let told = vec![chat(ASHA, "2025-03-01T08:00:00Z"), chat(JUMA, "2026-03-01T08:00:01Z")];
    rig.server.tell_chats(told, false).await.unwrap();
    had_its_turn(&mut control, "midway").await;
    assert!(rig.server.lock().sends.is_empty(), "more is to be told");
    rig.server.tell_chats(Vec::new(), true).await.unwrap();
    rig.server.until_sent(1).await;
    rig.server.deliver(vec![text("A2", both(ASHA), "Upo?")]).await.unwrap();

    // The phone is linked once more: whoever the bot has talked with stays its customer, although there is a chat.
    rig.server.close(CloseReason::Restart).await;
    control.until_report(|report| matches!(report, SessionReport::Connected { .. })).await;
    link_again(&rig, &mut control).await;
    rig.server.tell_chats(vec![chat(JUMA, "2026-02-01T08:00:00Z")], true).await.unwrap();
    rig.server.deliver(vec![text("J2", both(JUMA), "1")]).await.unwrap();
    let sends = rig.server.until_sent(2).await;
    assert!(sends.iter().all(|sent| sent.to == both(JUMA)), "{sends:?}");
    let logged = control.until(|heard| Some(rows(heard)).filter(|rows| rows.len() >= 4)).await;
    assert!(logged.iter().all(|row| row.contact == JUMA), "{logged:?}");
    rig.stop(running, control).await;
    let of_asha: Vec<_> = rig.outcomes().into_iter().filter(|(id, _)| id.starts_with('A')).collect();
    let left_alone = |id: &str| (id.to_owned(), Some("left_alone".to_owned()));
    assert_eq!(of_asha, [left_alone("A1"), left_alone("A2")]);
    assert!(rig.server.lock().read.iter().all(|id| id.starts_with('J')), "nothing of hers is marked as read");
}

#[tokio::test]
async fn a_phone_that_tells_nothing_of_its_chats_keeps_nobody_waiting_for_ever() {
    let mut rig = Rig::new();
    let (running, mut control) = just_linked(&mut rig).await;
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    had_its_turn(&mut control, "early").await;
    assert!(rig.server.lock().sends.is_empty(), "it waits");
    let (release, held) = std::sync::mpsc::channel::<()>();
    let hold = tokio::task::spawn_blocking(move || held.recv());
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(31)).await;
    tokio::time::resume();
    rig.server.until_sent(1).await;
    release.send(()).unwrap();
    hold.await.unwrap().unwrap();
    rig.stop(running, control).await;
}
