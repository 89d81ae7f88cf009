//! The one reconnection loop.

use std::time::Duration;

use domain::SessionState;
use link::{
    Exit,
    message::{Answer, Down, ProblemCode, Question, SessionReport, Up},
};
use worker::channel::{ChannelEvent, CloseReason};

use crate::{
    rig::Rig,
    server::{Script, both, number, text},
};

fn code(heard: &[Up], wanted: &str) -> Option<()> {
    heard.iter().any(|up| matches!(up, Up::Qr { code, .. } if code == wanted)).then_some(())
}

#[tokio::test]
async fn a_device_is_linked_by_code_and_the_restart_is_no_failure() {
    let mut rig = Rig::new();
    rig.server.set(|state| state.linked = false);
    let (running, mut control) = rig.start_welcomed().await;
    control.until(|heard| code(heard, "code-1")).await;
    let account = rig.server.lock().account.clone();
    rig.server.set(|state| state.linked = true);
    rig.server.say(ChannelEvent::Linked(account)).await;
    rig.server.close(CloseReason::Restart).await;
    let report = control.until_report(|report| matches!(report, SessionReport::Connected { .. })).await;
    let SessionReport::Connected { number, lid } = report else { unreachable!() };
    assert_eq!((Some(number), lid), (both("255700000001").number, both("255700000001").lid));
    let disconnected =
        control.heard().iter().any(|up| matches!(up, Up::Session(SessionReport::Disconnected { .. })));
    assert!(!disconnected);
    rig.stop(running, control).await;
}

#[tokio::test]
async fn one_round_of_codes_and_no_other_unless_somebody_looks() {
    let mut rig = Rig::new();
    rig.server.set(|state| state.linked = false);
    let (running, mut control) = rig.start_welcomed().await;
    control.until(|heard| code(heard, "code-1")).await;
    let (release, held) = std::sync::mpsc::channel::<()>();
    let hold = tokio::task::spawn_blocking(move || held.recv());
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(160)).await;
    rig.server.say(ChannelEvent::QrRoundExpired).await;
    control.until_report(|report| *report == SessionReport::QrRoundExpired).await;
    tokio::time::advance(Duration::from_secs(600)).await;
    // An answer from the worker shows that it has had its time.
    control.ask("r", Question::SendText { contact: "1".into(), text: "x".into() }).await;
    control.until(|heard| heard.iter().any(|up| matches!(up, Up::Answer { .. })).then_some(())).await;
    assert_eq!(rig.server.lock().opened, 1, "nobody looks");
    control.say(Down::QrWanted { for_ms: 30_000 }).await;
    control.until(|heard| code(heard, "code-2")).await;
    tokio::time::resume();
    release.send(()).unwrap();
    hold.await.unwrap().unwrap();
    rig.stop(running, control).await;
}

/// How often this code was told, to be typed on the phone with this number.
fn typed(heard: &[Up], wanted: &str) -> usize {
    let told = |up: &&Up| {
        matches!(up, Up::PairingCode { code, number, .. }
        if code == wanted && code.starts_with(number.as_str()))
    };
    heard.iter().filter(told).count()
}

fn refused(heard: &[Up], phone: &str, why: &str) -> Option<()> {
    let told = |up: &Up| matches!(up, Up::Answer { request, result: Err(reason) } if request == phone && reason == why);
    heard.iter().any(told).then_some(())
}

fn wanted(phone: &str) -> Down {
    Down::Ask { request: phone.to_owned(), question: Question::PairingCode { number: number(phone) } }
}

#[tokio::test]
async fn a_code_to_type_takes_the_place_of_the_one_to_scan() {
    let mut rig = Rig::new();
    rig.server.set(|state| state.linked = false);
    let (running, mut control) = rig.start_welcomed().await;
    control.until(|heard| code(heard, "code-1")).await;
    control.say(wanted("255700000001")).await;
    control.until(|heard| (typed(heard, "255700000001-2") == 1).then_some(())).await;
    control.until_report(|report| *report == SessionReport::QrRoundExpired).await;
    // Asked again, it is told again, and WhatsApp is not asked for another.
    control.say(wanted("255700000001")).await;
    control.until(|heard| (typed(heard, "255700000001-2") == 2).then_some(())).await;
    assert_eq!(rig.server.lock().opened, 2);
    // A control plane that comes back learns the code, too.
    drop(control);
    let mut control = rig.dial(0).await;
    control.until(|heard| (typed(heard, "255700000001-2") == 1).then_some(())).await;
    // Another phone's code.
    control.say(wanted("255700000002")).await;
    control.until(|heard| (typed(heard, "255700000002-3") == 1).then_some(())).await;

    let account = rig.server.lock().account.clone();
    rig.server.set(|state| state.linked = true);
    rig.server.say(ChannelEvent::Linked(account)).await;
    rig.server.close(CloseReason::Restart).await;
    control.until_report(|report| matches!(report, SessionReport::Connected { .. })).await;
    control.say(wanted("255700000001")).await;
    let linked = "a phone is linked already; unlink it first";
    control.until(|heard| refused(heard, "255700000001", linked)).await;
    rig.stop(running, control).await;
}

#[tokio::test]
async fn a_pairing_code_that_is_refused_or_not_typed_leaves_the_way_to_qr_codes() {
    let mut rig = Rig::new();
    rig.server.set(|state| {
        state.linked = false;
        state.script.push_back(Script::Codes);
        let refused = CloseReason::Refused("no pairing codes for this number (452)".to_owned());
        state.script.push_back(Script::End(ChannelEvent::Closed(refused)));
    });
    let (running, mut control) = rig.start_welcomed().await;
    control.until(|heard| code(heard, "code-1")).await;
    control.say(wanted("255700000001")).await;
    control.until(|heard| refused(heard, "255700000001", "no pairing codes for this number (452)")).await;
    control.say(Down::QrWanted { for_ms: 60_000 }).await;
    control.until(|heard| code(heard, "code-3")).await;

    control.say(wanted("255700000001")).await;
    control.until(|heard| (typed(heard, "255700000001-4") == 1).then_some(())).await;
    rig.server.say(ChannelEvent::QrRoundExpired).await;
    // Whoever asked has the code; that it is over is the session's to report.
    control.until_report(|report| *report == SessionReport::QrRoundExpired).await;
    control.until(|heard| code(heard, "code-5")).await;
    let over = |up: &&Up| matches!(up, Up::Session(SessionReport::Refused { .. }));
    assert_eq!(control.heard().iter().filter(over).count(), 0, "the session itself was never refused");
    rig.stop(running, control).await;
}

#[tokio::test]
async fn a_lost_connection_is_made_again_and_reported() {
    let mut rig = Rig::new();
    let (running, mut control) = rig.start_welcomed().await;
    control.until_report(|report| matches!(report, SessionReport::Connected { .. })).await;
    rig.server.close(CloseReason::Lost("cable pulled".to_owned())).await;
    let lost = SessionReport::Disconnected { reason: "cable pulled".to_owned(), unreachable: false };
    control.until_report(|report| *report == lost).await;
    let again = |heard: &[Up]| {
        let connected = heard.iter().filter(|up| matches!(up, Up::Session(SessionReport::Connected { .. })));
        (connected.count() == 2).then_some(())
    };
    control.until(again).await;
    rig.stop(running, control).await;
}

#[tokio::test]
async fn final_ends_are_reported_and_never_tried_again() {
    let refused = |reason: &str| SessionReport::Refused { reason: reason.to_owned() };
    let replaced = refused("another client has taken this session's place");
    for (reason, report, exit) in [
        (CloseReason::LoggedOut, SessionReport::LoggedOut, Exit::LoggedOut),
        (CloseReason::Replaced, replaced, Exit::Replaced),
        (CloseReason::Refused("405".to_owned()), refused("405"), Exit::Refused),
    ] {
        let mut rig = Rig::new();
        rig.server.set(|state| state.script.push_back(Script::End(ChannelEvent::Closed(reason))));
        let (running, mut control) = rig.start_welcomed().await;
        control.until_report(|heard| *heard == report).await;
        assert_eq!(running.ended().await, exit);
        assert_eq!(rig.server.lock().opened, 1);
    }
}

#[tokio::test]
async fn an_end_that_nobody_heard_of_is_kept_until_somebody_does() {
    let mut rig = Rig::new();
    let (running, control) = rig.start_welcomed().await;
    rig.server.until_connected().await;
    drop(control);
    rig.server.close(CloseReason::LoggedOut).await;
    let mut control = rig.dial(0).await;
    control.until_report(|report| *report == SessionReport::LoggedOut).await;
    assert_eq!(running.ended().await, Exit::LoggedOut);
}

#[tokio::test]
async fn a_ban_says_until_when() {
    let mut rig = Rig::new();
    let banned = CloseReason::TemporarilyBanned {
        for_time: Some(Duration::from_secs(3600)),
        reason: "spam".to_owned(),
    };
    rig.server.set(|state| state.script.push_back(Script::End(ChannelEvent::Closed(banned))));
    let (running, mut control) = rig.start_welcomed().await;
    let until = Some("2026-03-01T09:00:00Z".parse().unwrap());
    let report = SessionReport::TemporarilyBanned { until, reason: "spam".to_owned() };
    control.until_report(|heard| *heard == report).await;
    rig.stop(running, control).await;
    assert_eq!(rig.server.lock().opened, 1);
}

#[tokio::test]
async fn a_session_database_that_cannot_be_read_ends_the_worker_with_word_of_it() {
    let mut rig = Rig::new();
    rig.server.set(|state| state.script.push_back(Script::Corrupt));
    let (running, mut control) = rig.start_welcomed().await;
    control
        .until(|heard| {
            let told = |up: &Up| matches!(up, Up::Problem { code: ProblemCode::SessionCorrupt, .. });
            heard.iter().any(told).then_some(())
        })
        .await;
    assert_eq!(running.ended().await, Exit::SessionCorrupt);
}

#[tokio::test]
async fn logging_out_unlinks_the_device_and_ends_the_worker() {
    let mut rig = Rig::new();
    let (running, mut control) = rig.start_welcomed().await;
    control.until_report(|report| matches!(report, SessionReport::Connected { .. })).await;
    control.ask("log-out", Question::LogOut).await;
    assert_eq!(running.ended().await, Exit::Done);
    let heard = control.until_closed().await;
    let confirmed = Up::Answer { request: "log-out".to_owned(), result: Ok(Answer::LogOut) };
    let (answered, reported) = (
        heard.iter().position(|up| *up == confirmed).unwrap(),
        heard.iter().position(|up| *up == Up::Session(SessionReport::LoggedOut)).unwrap(),
    );
    assert!(answered < reported, "with the report the control plane's part may be over");
    assert!(rig.server.lock().logged_out && rig.server.lock().shut_down);
    let account: Option<String> =
        rig.journal().query_row("SELECT account_number FROM meta", [], |row| row.get(0)).unwrap();
    assert_eq!(account, None);
}

#[tokio::test]
async fn stopping_finishes_what_is_being_answered_and_closes_the_session() {
    let mut rig = Rig::new();
    let (running, mut control) = rig.start_welcomed().await;
    rig.server.deliver(vec![text("A1", both("255711111111"), "Habari")]).await.unwrap();
    rig.server.until_sent(1).await;
    control.say(Down::Stop).await;
    assert_eq!(running.ended().await, Exit::Done);
    assert!(rig.server.lock().shut_down);
    let heard = control.until_closed().await;
    assert!(crate::control::rows(&heard).len() >= 2, "the last rows go up before the end");
    assert!(rig.outbox().iter().all(|(_, state)| state == "acked"), "{:?}", rig.outbox());
}

#[tokio::test]
async fn a_heartbeat_comes_at_once_and_knows_the_state() {
    let mut rig = Rig::new();
    rig.limits.heartbeat_interval_ms = 100;
    let (running, mut control) = rig.start_welcomed().await;
    rig.server.deliver(vec![text("A1", both("255711111111"), "Habari")]).await.unwrap();
    let heartbeat = control
        .until(|heard| {
            heard.iter().find_map(|up| match up {
                Up::Heartbeat(heartbeat)
                    if heartbeat.session == SessionState::Connected
                        && heartbeat.last_message_at.is_some() =>
                {
                    Some(heartbeat.clone())
                }
                _ => None,
            })
        })
        .await;
    assert!(heartbeat.memory_bytes.is_some_and(|bytes| bytes > 0));
    rig.stop(running, control).await;
}
