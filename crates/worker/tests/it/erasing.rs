//! A contact that is to be forgotten before the worker connects.

use link::message::{Answer, Down, Question, Up};

use crate::{
    rig::Rig,
    server::{Acks, both, text},
};

const ASHA: &str = "255711111111";
const JUMA: &str = "255722222222";

#[tokio::test]
async fn before_it_connects_nothing_is_answered_and_what_waits_for_an_answer_is_forgotten_as_well() {
    let mut rig = Rig::new();
    rig.server.set(|state| state.acks = Acks::Withheld);
    let (running, mut control) = rig.start_welcomed().await;
    for (id, who) in [("A1", ASHA), ("J1", JUMA)] {
        rig.server.deliver(vec![text(id, both(who), "Habari")]).await.unwrap();
    }
    // A reply to each is on its way and may be lost.
    rig.server.until_sent(2).await;
    control.until_logged(4).await;
    let erase = || Question::EraseContact { contact: ASHA.to_owned() };
    control.ask("while it answers", erase()).await;
    let refused = control.until(|heard| answer(heard, "while it answers")).await;
    assert!(refused.is_err(), "{refused:?}");
    rig.crash(running).await;
    rig.server.set(|state| state.acks = Acks::AtOnce);

    rig.wait = true;
    let mut running = rig.start();
    link::launch::wait_ready(&mut running.pair).await.unwrap();
    let mut control = rig.dial(4).await;
    control.ask("before it connects", erase()).await;
    let erased = control.until(|heard| answer(heard, "before it connects")).await;
    assert_eq!(erased, Ok(Answer::EraseContact { messages: 2 }));
    assert!(!rig.server.is_connected(), "it has not connected");
    assert_eq!(rig.server.lock().sends.len(), 2, "nobody was answered");
    control.say(Down::Connect).await;
    let sends = rig.server.until_sent(3).await;
    assert_eq!(sends[2].to, both(JUMA), "who was not to be forgotten gets the reply");
    rig.stop(running, control).await;
    assert_eq!(rig.server.lock().sends.len(), 3);
    let known: i64 = rig.journal().query_row("SELECT COUNT(*) FROM contacts", [], |row| row.get(0)).unwrap();
    assert_eq!((known, rig.outcomes().len(), rig.outbox().len()), (1, 1, 1));
}

fn answer(heard: &[Up], wanted: &str) -> Option<Result<Answer, String>> {
    heard.iter().find_map(|up| match up {
        Up::Answer { request, result } if request == wanted => Some(result.clone()),
        _ => None,
    })
}
