//! What one contact writes within a while, or while the bot was away, is read together and answered once.

#![allow(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]

use domain::Direction;
use worker::channel::{Content, Inbound};

use crate::{
    rig::Rig,
    server::{both, text},
};

const ASHA: &str = "255711111111";

fn picture(id: &str, album: Option<&str>) -> Inbound {
    Inbound {
        content: Content::Media { kind: "image", caption: None },
        album: album.map(str::to_owned),
        ..text(id, both(ASHA), "")
    }
}

/// How many inbound rows share each row of the outbox, by its id.
fn shared(rig: &Rig) -> Vec<(String, i64)> {
    let journal = rig.journal();
    let mut statement = journal
        .prepare(
            "SELECT o.wa_id, (SELECT count(*) FROM inbox i WHERE coalesce(i.turn, i.seq) = o.cause \
             AND i.outcome = 'replied') FROM outbox o ORDER BY o.seq",
        )
        .unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

#[tokio::test]
async fn what_waited_while_the_bot_was_away_gets_one_answer_and_no_reproach() {
    let mut rig = Rig::new();
    let (running, mut control) = rig.start_welcomed().await;
    let said = ["Habari", "Mpo?", "4", "Nywele bei gani", "??", "Naomba jibu", "Hello"];
    let backlog = (0..30)
        .map(|n| Inbound { offline: true, ..text(&format!("B{n}"), both(ASHA), said[n % said.len()]) });
    // As it comes: in several batches, soon one after the other.
    let backlog: Vec<_> = backlog.collect();
    for batch in backlog.chunks(7) {
        rig.server.deliver(batch.to_vec()).await.unwrap();
    }
    let rows = control.until_logged(31).await;
    assert!(rows.iter().all(|row| row.silence.is_none()), "none is left unanswered");
    assert_eq!(rows.iter().filter(|row| row.direction == Direction::Out).count(), 1);
    let sent = rig.server.until_sent(1).await;
    rig.stop(running, control).await;
    assert_eq!(rig.server.lock().sends.len(), 1, "one answer");
    assert!(sent[0].text.contains("Salon Zuri"), "{}", sent[0].text);
    assert!(rig.outcomes().iter().all(|(_, outcome)| outcome.as_deref() == Some("replied")));
    assert_eq!(shared(&rig), [(sent[0].id.clone(), 30)], "all share its outcome");
    assert_eq!(rig.server.lock().read.len(), 30, "all are marked as read");
}

#[tokio::test]
async fn one_thing_in_two_messages_is_one_turn() {
    let mut rig = Rig::new();
    rig.limits.quiet_ms = 400;
    let (running, control) = rig.start_welcomed().await;
    let say = async |id: &str, words: &str| {
        rig.server.deliver(vec![text(id, both(ASHA), words)]).await.unwrap();
    };
    say("A1", "Habari!").await;
    rig.server.until_sent(1).await;
    say("A2", "1").await;
    rig.server.until_sent(2).await;
    say("A3", "Jumamosi").await;
    say("A4", "saa nne asubuhi").await;
    let sent = rig.server.until_sent(3).await;
    rig.stop(running, control).await;
    assert_eq!(rig.server.lock().sends.len(), 3);
    assert!(!sent[2].text.contains("sijaelewa"), "{}", sent[2].text);
    let counts: Vec<_> = shared(&rig).into_iter().map(|(_, count)| count).collect();
    assert_eq!(counts, [1, 1, 2]);
    // The answer to several says which it answers; one to a single message needs not.
    let quoted: Vec<_> = sent.iter().map(|sent| sent.quote.as_ref().map(|quote| quote.id.as_str())).collect();
    assert_eq!(quoted, [None, None, Some("A4")]);
}

#[tokio::test]
async fn who_never_pauses_is_answered_all_the_same() {
    let mut rig = Rig::new();
    rig.limits.quiet_ms = 300;
    let (running, control) = rig.start_welcomed().await;
    let server = std::sync::Arc::clone(&rig.server);
    let chatter = tokio::spawn(async move {
        for n in 0.. {
            server.deliver(vec![text(&format!("A{n}"), both(ASHA), "na tena")]).await.unwrap();
            // The next one follows as soon as this one is safe: no pause could be shorter.
            tokio::task::yield_now().await;
        }
    });
    rig.server.until_sent(1).await;
    chatter.abort();
    let _ = chatter.await;
    rig.stop(running, control).await;
}

#[tokio::test]
async fn an_album_is_one_thing_however_its_parts_come() {
    for at_once in [true, false] {
        let mut rig = Rig::new();
        rig.limits.contact_per_minute = 3;
        let (running, mut control) = rig.start_welcomed().await;
        let album: Vec<_> = (0..14).map(|n| picture(&format!("P{n}"), Some("ALBUM"))).collect();
        if at_once {
            rig.server.deliver(album).await.unwrap();
        } else {
            for part in album {
                rig.server.deliver(vec![part]).await.unwrap();
                tokio::task::yield_now().await;
            }
        }
        let rows = control.until_logged(15).await;
        assert_eq!(rows.iter().filter(|row| row.direction == Direction::Out).count(), 1);
        rig.server.until_sent(1).await;
        // Another album is another thing.
        rig.server.deliver(vec![picture("Q", Some("OTHER"))]).await.unwrap();
        rig.server.until_sent(2).await;
        rig.stop(running, control).await;
        assert_eq!(rig.server.lock().sends.len(), 2);
        let known = |outcome: &Option<String>| matches!(outcome.as_deref(), Some("replied" | "album"));
        assert!(rig.outcomes().iter().all(|(_, outcome)| known(outcome)), "{:?}", rig.outcomes());
    }
}

#[tokio::test]
async fn a_crash_in_the_quiet_time_loses_and_doubles_nothing() {
    let mut rig = Rig::new();
    rig.limits.quiet_ms = 60_000;
    let (running, control) = rig.start_welcomed().await;
    rig.server
        .deliver(vec![text("A1", both(ASHA), "Jumamosi"), text("A2", both(ASHA), "saa nne")])
        .await
        .unwrap();
    rig.crash(running).await;
    drop(control);
    assert!(rig.server.lock().sends.is_empty());
    let (running, control) = rig.start_welcomed().await;
    let sent = rig.server.until_sent(1).await;
    rig.stop(running, control).await;
    assert_eq!(shared(&rig), [(sent[0].id.clone(), 2)]);
}
