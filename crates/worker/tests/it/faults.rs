//! R3 for the worker's journal: its Nth call of the disk fails, once or until it is mended, for N = 1, 2, 3 … until a
//! conversation passes without a hit. Nothing is lost or doubled, nothing is acknowledged while it fails, it is told in
//! words, and once it is mended the conversation goes on.

#![allow(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use faults::{Failure, Planned, Rule};
use link::{
    Exit,
    launch::{self, LaunchError},
    message::{Down, ProblemCode, Up},
};
use tokio::task::JoinSet;
use worker::channel::{ChatKind, Inbound};

use crate::{
    control::{Control, rows},
    rig::{Rig, Running},
    server::{both, text},
};

const ASHA: &str = "255711111111";
const JUMA: &str = "255722222222";
/// What customers write, in order.
const SAID: [(&str, &str, &str); 3] = [("A1", ASHA, "Habari"), ("J1", JUMA, "Habari"), ("A2", ASHA, "1")];

/// How many conversations go on at once.
const AT_ONCE: usize = 24;
/// How long a conversation may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A message of a conversation before.
const BEFORE: &str = "U1";

/// What one conversation has shown.
#[derive(Debug, PartialEq, Eq)]
enum Came {
    /// Some call has failed on the way.
    Hit,
    /// There were fewer calls than that.
    Through,
}

struct Try {
    rig: Rig,
    planned: Planned,
    lasting: bool,
    /// Whether there was a conversation before.
    used: bool,
    /// Whether somebody was told in words.
    told: bool,
    /// How far it has come, for whoever reads of its failure.
    at: Arc<Mutex<String>>,
}

impl Try {
    async fn conversation(
        failure: Failure,
        nth: u32,
        lasting: bool,
        used: bool,
        at: Arc<Mutex<String>>,
    ) -> Came {
        faults::install().unwrap();
        let mut rig = Rig::in_memory();
        rig.limits.contact_per_minute = 1_000;
        if used {
            let (running, control) = rig.start_welcomed().await;
            rig.server.deliver(vec![text(BEFORE, both(ASHA), "Habari")]).await.unwrap();
            rig.server.until(|state| state.read.contains(&BEFORE.to_owned()).then_some(())).await;
            rig.stop(running, control).await;
        }
        let file = rig.journal_path().to_string_lossy().into_owned();
        let planned = faults::plan(Rule { file, failure, nth, lasting });
        let mut it = Self { rig, planned, lasting, used, told: false, at };
        it.run(nth).await
    }

    fn comes_to(&self, place: &str) {
        let (seen, failed) = (self.planned.seen(), self.planned.failed());
        *self.at.lock().unwrap() = format!("{place}, {seen} calls, {failed} failed, told: {}", self.told);
    }

    fn is_failing(&self) -> bool {
        self.planned.failed() > 0
    }

    async fn run(&mut self, nth: u32) -> Came {
        let running = self.started().await;
        let mut control = self.rig.dial(0).await;
        for (id, who, what) in SAID {
            self.comes_to(id);
            self.said(&mut control, id, who, what).await;
            // A failure at the very moment is told once the worker has come upon it.
            let answered = self.rig.server.until(|state| state.read.contains(&id.to_owned()).then_some(()));
            let answered = tokio::select! {
                () = answered => true,
                () = trouble(&mut control), if !self.told => false,
            };
            if !answered {
                self.comes_to("no answer yet");
                self.mended(&mut control).await;
                self.rig.server.until(|state| state.read.contains(&id.to_owned()).then_some(())).await;
            }
        }
        // A failure that SQLite itself got over is nobody's trouble: all that follows shows that nothing is missing.
        self.planned.lift();
        self.comes_to("all read");
        let all = SAID.len() + usize::from(self.used);
        self.rig.server.until(|state| (state.sends.len() >= all).then_some(())).await;
        self.comes_to("sent");
        control.until(|heard| distinct(heard, 2 * SAID.len())).await;
        self.comes_to("logged");
        control.say(Down::Stop).await;
        assert_eq!(running.ended().await, Exit::Done, "call {nth}");
        let came = if self.is_failing() { Came::Hit } else { Came::Through };
        self.planned.lift();
        self.look(nth).await;
        came
    }

    /// A worker that is ready: the first one may not be able to start, says so, and leaves the journal as it was.
    async fn started(&mut self) -> Running {
        loop {
            let mut running = self.rig.start();
            match launch::wait_ready(&mut running.pair).await {
                Ok(()) => return running,
                Err(LaunchError::Failed { exit, reason }) => {
                    assert!(self.is_failing(), "{reason}");
                    assert_eq!((exit, running.ended().await), (Exit::Disk, Exit::Disk), "{reason}");
                    assert!(reason.contains("journal"), "it says what failed: {reason}");
                    self.told = true;
                    if self.lasting && self.planned.failed() < 2 {
                        continue;
                    }
                    self.planned.lift();
                }
                Err(error) => panic!("{error}"),
            }
        }
    }

    /// Hands a message over until it is taken, as WhatsApp does. Nothing is taken while the disk fails.
    async fn said(&mut self, control: &mut Control, id: &str, who: &str, what: &str) {
        loop {
            let taken = tokio::select! {
                taken = self.rig.server.deliver(vec![text(id, both(who), what)]) => taken,
                // It may not even connect.
                () = trouble(control), if !self.told => {
                    self.mended(control).await;
                    continue;
                }
            };
            if taken.is_ok() {
                return;
            }
            assert!(self.is_failing(), "nothing else fails");
            if self.lasting {
                let again = self.rig.server.deliver(vec![text(id, both(who), what)]).await;
                assert!(again.is_err(), "{id} was acknowledged while the disk fails");
            }
            self.mended(control).await;
        }
    }

    /// Where something has failed: it was told, the disk is mended, and the worker has a reason to look again.
    async fn mended(&mut self, control: &mut Control) {
        if !self.is_failing() || self.told {
            return;
        }
        trouble(control).await;
        self.told = true;
        self.planned.lift();
        // It would look again by itself, seconds later; the tests of the chats' order wait for that.
        self.rig.settings.version += 1;
        let (settings, limits) = (self.rig.settings.clone(), self.rig.limits);
        control.say(Down::Configure { settings, limits }).await;
    }

    /// What is left when all has ended, after one more start.
    async fn look(&mut self, nth: u32) {
        let (running, control) = self.rig.start_welcomed().await;
        self.rig.stop(running, control).await;
        let outcomes = self.rig.outcomes();
        let ids: Vec<_> = outcomes.iter().map(|(id, _)| id.as_str()).collect();
        let mut wanted: Vec<_> = self.used.then_some(BEFORE).into_iter().collect();
        wanted.extend(SAID.map(|(id, ..)| id));
        assert_eq!(ids, wanted, "call {nth}: each message once, in order");
        assert!(outcomes.iter().all(|(_, outcome)| outcome.as_deref() == Some("replied")), "{outcomes:?}");
        let outbox = self.rig.outbox();
        assert!(outbox.iter().all(|(_, state)| state == "acked"), "call {nth}: {outbox:?}");
        let kept: BTreeSet<_> = outbox.into_iter().map(|(id, _)| id).collect();
        let sent: BTreeSet<_> = self.rig.server.lock().sends.iter().map(|sent| sent.id.clone()).collect();
        assert_eq!((sent.len(), &sent), (wanted.len(), &kept), "call {nth}: no reply has a second id");
        let verdict: String =
            self.rig.journal().query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(verdict, "ok", "call {nth}");
    }
}

/// So many different log rows, where that many were heard.
fn distinct(heard: &[Up], count: usize) -> Option<()> {
    let ids: BTreeSet<_> = rows(heard).iter().map(|row| row.sequence).collect();
    (ids.len() >= count).then_some(())
}

/// Waits until the worker has told that its disk fails.
async fn trouble(control: &mut Control) {
    control
        .until(|heard| {
            // A session that cannot begin for it says so too, and the last word counts.
            let disk = |up: &&Up| matches!(up, Up::Problem { code: ProblemCode::Disk | ProblemCode::Other, detail } if detail.contains("journal"));
            heard.iter().find(disk).map(|_| ())
        })
        .await;
}

/// Every call in turn; how many conversations had a hit. Some wait for seconds until they try again, so many go on at once.
async fn every(failure: Failure, lasting: bool, used: bool) -> u32 {
    let (mut next, mut through, mut running) = (1, None::<u32>, JoinSet::new());
    loop {
        while through.is_none() && running.len() < AT_ONCE {
            let nth = next;
            next += 1;
            running.spawn(async move {
                let at = Arc::new(Mutex::new(String::new()));
                let it = Box::pin(Try::conversation(failure, nth, lasting, used, Arc::clone(&at)));
                let came = tokio::time::timeout(PATIENCE, it).await;
                let hangs = |_| panic!("call {nth}: it hangs at {}", at.lock().unwrap());
                (nth, came.unwrap_or_else(hangs))
            });
        }
        let Some(done) = running.join_next().await else { return through.unwrap_or(next) - 1 };
        let (nth, came) = done.unwrap_or_else(|error| panic!("{failure:?}, lasting: {lasting}: {error}"));
        if came == Came::Through {
            through = Some(through.unwrap_or(nth).min(nth));
        }
    }
}

#[tokio::test]
async fn each_call_of_the_disk_fails_once_and_the_conversation_goes_on() {
    let hits = every(Failure::Io, false, false).await;
    assert!(hits > 50, "{hits} calls: the failures do not reach the journal");
}

#[tokio::test]
async fn from_each_call_on_the_disk_fails_until_it_is_mended() {
    assert!(every(Failure::Io, true, false).await > 50);
}

#[tokio::test]
async fn a_journal_that_cannot_be_read_for_a_while_is_not_called_damaged() {
    assert!(every(Failure::Io, false, true).await > 50);
    assert!(every(Failure::Io, true, true).await > 50);
}

#[tokio::test]
async fn from_each_write_on_the_disk_is_full_until_there_is_room() {
    assert!(every(Failure::Full, true, false).await > 30);
}

#[tokio::test]
async fn a_write_a_sync_an_open_or_a_lock_that_fails_once_harms_nothing() {
    assert!(every(Failure::Full, false, false).await > 30);
    assert!(every(Failure::Sync, false, false).await > 10);
    assert!(every(Failure::Sync, true, false).await > 10);
    assert!(every(Failure::Files, false, false).await > 0);
    assert!(every(Failure::Files, true, false).await > 0);
    assert!(every(Failure::Busy, false, false).await > 0);
    assert!(every(Failure::Busy, true, false).await > 0);
}

#[tokio::test]
async fn what_nothing_follows_is_synced_before_it_is_acknowledged() {
    faults::install().unwrap();
    let mut rig = Rig::in_memory();
    let (running, control) = rig.start_welcomed().await;
    // It has connected by then, which it could not do on a failing disk.
    rig.server.deliver(vec![text(BEFORE, both(ASHA), "Habari")]).await.unwrap();
    rig.server.until(|state| state.read.contains(&BEFORE.to_owned()).then_some(())).await;
    let file = rig.journal_path().to_string_lossy().into_owned();
    let group = Inbound { chat: ChatKind::Group, ..text("G1", both(ASHA), "Habari") };
    let planned = faults::plan(Rule { file, failure: Failure::Sync, nth: 1, lasting: true });
    let taken = rig.server.deliver(vec![group]).await;
    assert!(taken.is_err(), "it was acknowledged while the disk fails");
    assert!(planned.failed() > 0);
    drop(planned);
    rig.crash(running).await;
    drop(control);
}
