//! What the journal gives to others is known as written by then, and synced.

use std::sync::Arc;

use domain::{TenantId, Timestamp};
use worker::{
    journal::{Fixed, Journal, Outcome, Waiting, Work},
    silence::Silence,
};

use crate::server::{both, intake, text};

const ASHA: &str = "255711111111";

fn now() -> Timestamp {
    "2026-07-30T09:00:00Z".parse().unwrap()
}

fn silent(waiting: &Waiting) -> Outcome {
    Outcome {
        contact: waiting.contact,
        parts: waiting.parts.iter().map(|part| (part.seq, Some(Silence::NoReply))).collect(),
        replies: Vec::new(),
        quotes: None,
        memory: waiting.memory.clone(),
        now: now(),
        remove_deleted: false,
        due: None,
        records: Vec::new(),
        wakes: Vec::new(),
        away: false,
    }
}

/// Whoever is given a row may say at once that it has arrived: with a number that is not known yet, that would be passed over,
/// and no other row would ever go up.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_row_is_known_as_written_before_anybody_is_given_it() {
    // In memory where there is such a place: what survives is not asked here, and syncs take their time.
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    let path = folder.path().join("journal.db");
    let (journal, _, closing) =
        Journal::open(&vault::Files::Plain, &path, TenantId::generate(), 1, now(), Arc::new(|_, _| ()))
            .unwrap();
    let logged = journal.logged();
    for turn in 1..=100_u64 {
        journal.accept(vec![text(&format!("ID{turn}"), both(ASHA), "Habari")], intake(now())).await.unwrap();
        let chat = journal.busy(now()).await.unwrap()[0];
        let Some(Work::Answer(waiting)) = journal.next(chat, now()).await.unwrap() else {
            panic!("a message waits for its answer");
        };
        let reading = async {
            let rows = journal.logs(turn - 1, 100, usize::MAX).await.unwrap();
            (rows.last().map_or(turn - 1, |row| row.sequence), *logged.borrow())
        };
        // Asked for at once, they are one commit nearly always.
        let (fixed, (given, known)) = tokio::join!(journal.fix(silent(&waiting)), reading);
        assert_eq!(fixed.unwrap(), Fixed::Done);
        assert!(given <= known, "row {given} was given while {known} was the last that was known");
    }
    drop(journal);
    closing.wait();
}
