//! Edits are kept as versions and answered where they matter; what is taken back is marked, and removed where the tenant
//! wants it so.

use worker::channel::{Content, Inbound};

use crate::{
    rig::Rig,
    server::{Acks, both, text},
};

const ASHA: &str = "255711111111";

fn edit(id: &str, of: &str, words: &str) -> Inbound {
    Inbound {
        content: Content::Edited { of: Some(of.to_owned()), text: Some(words.to_owned()) },
        ..text(id, both(ASHA), "")
    }
}

fn delete(id: &str, of: &str) -> Inbound {
    Inbound { content: Content::Deleted { of: Some(of.to_owned()) }, ..text(id, both(ASHA), "") }
}

#[tokio::test]
async fn a_correction_of_what_was_not_understood_is_answered_and_both_versions_are_kept() {
    let mut rig = Rig::new();
    let (running, mut control) = rig.start_welcomed().await;
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    rig.server.until_sent(1).await;
    rig.server.deliver(vec![text("A2", both(ASHA), "xyzzy")]).await.unwrap();
    let puzzled = rig.server.until_sent(2).await.remove(1);
    rig.server.deliver(vec![edit("A3", "A2", "4")]).await.unwrap();
    let corrected = rig.server.until_sent(3).await.remove(2);
    assert_ne!(corrected.text, puzzled.text);
    let rows = control.until_logged(6).await;
    let versions: Vec<_> =
        rows.iter().filter(|row| row.wa_message_id != "A1").map(|row| row.text.as_str()).collect();
    assert!(versions.contains(&"xyzzy") && versions.contains(&"[edit] 4"), "{versions:?}");
    assert_eq!(rows[4].about.as_deref(), Some("A2"));
    // Once the dialogue has gone on, a correction is kept and changes nothing.
    rig.server.deliver(vec![text("A4", both(ASHA), "1")]).await.unwrap();
    rig.server.until_sent(4).await;
    rig.server.deliver(vec![edit("A5", "A2", "5")]).await.unwrap();
    let rows = control.until_logged(9).await;
    assert_eq!(rows[8].silence.as_deref(), Some("corrected"));
    rig.stop(running, control).await;
    assert_eq!(rig.server.lock().sends.len(), 4);
}

#[tokio::test]
async fn a_correction_that_comes_before_the_answer_is_what_is_answered() {
    let mut rig = Rig::new();
    rig.limits.quiet_ms = 300;
    let (running, control) = rig.start_welcomed().await;
    rig.server
        .deliver(vec![text("A1", both(ASHA), "Habari"), text("A2", both(ASHA), "nywle")])
        .await
        .unwrap();
    rig.server.deliver(vec![edit("A3", "A2", "mnafungua saa ngapi")]).await.unwrap();
    let sent = rig.server.until_sent(1).await;
    assert!(sent[0].text.contains("saa za kazi"), "{}", sent[0].text);
    rig.stop(running, control).await;
    assert_eq!(rig.server.lock().sends.len(), 1);
    assert!(rig.outcomes().iter().all(|(_, outcome)| outcome.as_deref() == Some("replied")));
}

#[tokio::test]
async fn a_correction_that_changes_nothing_is_not_answered_twice() {
    let mut rig = Rig::new();
    let (running, mut control) = rig.start_welcomed().await;
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    rig.server.until_sent(1).await;
    rig.server.deliver(vec![edit("A2", "A1", "Habari!")]).await.unwrap();
    let rows = control.until_logged(3).await;
    assert_eq!(rows[2].silence.as_deref(), Some("corrected"));
    rig.stop(running, control).await;
    assert_eq!(rig.server.lock().sends.len(), 1);
}

fn texts(rig: &Rig) -> Vec<Option<String>> {
    let journal = rig.journal();
    let mut statement = journal.prepare("SELECT text FROM inbox ORDER BY seq").unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

#[tokio::test]
async fn what_is_taken_back_is_marked_and_its_text_goes_where_the_tenant_wants_it_so() {
    for removes in [false, true] {
        let mut rig = Rig::new();
        rig.settings.remove_deleted = removes;
        let (running, mut control) = rig.start_welcomed().await;
        rig.server.deliver(vec![text("A1", both(ASHA), "siri yangu")]).await.unwrap();
        rig.server.until_sent(1).await;
        rig.server.deliver(vec![delete("A2", "A1")]).await.unwrap();
        let rows = control.until_logged(3).await;
        assert_eq!((rows[2].about.as_deref(), rows[2].removes), (Some("A1"), removes));
        assert_eq!(rows[2].silence.as_deref(), Some("deleted"));
        rig.stop(running, control).await;
        assert_eq!(rig.server.lock().sends.len(), 1);
        assert_eq!(texts(&rig)[0].is_none(), removes);
        let held =
            String::from_utf8_lossy(&std::fs::read(rig.journal_path()).unwrap()).contains("siri yangu");
        assert_eq!(held, !removes, "not even in a free page");
    }
}

#[tokio::test]
async fn what_is_taken_back_before_its_answer_gets_none() {
    let mut rig = Rig::new();
    rig.settings.remove_deleted = true;
    rig.server.set(|state| state.acks = Acks::Withheld);
    let (running, mut control) = rig.start_welcomed().await;
    rig.server.deliver(vec![text("A1", both(ASHA), "Habari")]).await.unwrap();
    rig.server.until_sent(1).await;
    // The first reply is not acknowledged, so that these wait.
    rig.server.deliver(vec![text("A2", both(ASHA), "siri yangu"), delete("A3", "A2")]).await.unwrap();
    let rows = control.until_logged(4).await;
    assert!(rows.iter().all(|row| !row.text.contains("siri")), "{rows:?}");
    rig.crash(running).await;
    drop(control);
    let outcomes: Vec<_> = rig.outcomes().into_iter().map(|(_, outcome)| outcome.unwrap()).collect();
    assert_eq!(outcomes, ["replied", "deleted", "deleted"]);
}
