//! The journal against a model of what it promises, by random operations: one row for a message under whatever name
//! it comes, one outcome for each row and never another, log rows numbered without gaps, one message for a request.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::{Arc, Mutex},
};

use domain::{ContactId, Direction, Timestamp};
use proptest::prelude::*;
use rusqlite::Connection;
use worker::{
    channel::{Address, Inbound},
    journal::{Closing, Fate, Fixed, Journal, Outcome, Typed, Work},
    silence::Silence,
};

use crate::server::{both, by_lid, by_number, intake, text};

const PEOPLE: usize = 3;

#[derive(Debug, Clone)]
enum Op {
    /// Messages arrive: person, which names, id.
    Accept(Vec<(usize, u8, u8)>),
    /// The first thing to do in somebody's chat is done; with so many replies.
    Work { person: usize, replies: usize },
    /// An outcome that was decided earlier is offered late.
    Late(usize),
    /// The server says something of some message of ours, again or for the first time.
    Settle { which: usize, fails: bool },
    /// The control plane has rows up to a part of what there is, in percent.
    Forget(u64),
    /// A person types a text.
    Type { request: u8, person: usize, by_lid: bool },
    /// The worker ends and the next one starts.
    Reopen,
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let arrival = (0..PEOPLE, 0..3u8, 0..12u8);
    let op = prop_oneof![
        4 => prop::collection::vec(arrival, 1..4).prop_map(Op::Accept),
        6 => (0..PEOPLE, 0..3usize).prop_map(|(person, replies)| Op::Work { person, replies }),
        1 => any::<usize>().prop_map(Op::Late),
        2 => (any::<usize>(), any::<bool>()).prop_map(|(which, fails)| Op::Settle { which, fails }),
        1 => (0..=100u64).prop_map(Op::Forget),
        1 => (0..4u8, 0..PEOPLE, any::<bool>())
            .prop_map(|(request, person, by_lid)| Op::Type { request, person, by_lid }),
        1 => Just(Op::Reopen),
    ];
    prop::collection::vec(op, 1..70)
}

fn digits(person: usize) -> String {
    format!("25571111111{person}")
}

fn address(person: usize, names: u8) -> Address {
    match names {
        0 => both(&digits(person)),
        1 => by_lid(&digits(person)),
        _ => by_number(&digits(person)),
    }
}

/// Tells one person's message from another's although their ids are equal.
fn words(person: usize, id: u8) -> String {
    format!("message {id} of person {person}")
}

fn person_of(text: &str) -> usize {
    text.rsplit(' ').next().unwrap().parse().unwrap()
}

#[derive(Default)]
struct Model {
    /// Messages in the order in which they were first taken, by their words.
    inbox: Vec<(usize, String)>,
    /// What was fixed: the ids of the replies, or the silence.
    outcomes: BTreeMap<String, Result<Vec<String>, &'static str>>,
    /// How the story of each message of ours ended.
    fates: BTreeMap<String, &'static str>,
    typed: HashMap<u8, String>,
    /// Outcomes that were decided, fixed or not.
    decided: Vec<(String, Outcome)>,
    log_rows: u64,
    forgotten: u64,
    next_id: u64,
}

struct Bench {
    path: std::path::PathBuf,
    tenant: domain::TenantId,
    generation: i64,
    woken: Arc<Mutex<Vec<ContactId>>>,
    open: Option<(Journal, Closing)>,
    model: Model,
}

impl Bench {
    fn open(&mut self) {
        self.generation += 1;
        let woken = Arc::clone(&self.woken);
        let wake = Arc::new(move |chat, _| woken.lock().unwrap().push(chat));
        let (journal, _, closing) = Journal::open(
            &vault::Files::Plain,
            &self.path,
            self.tenant,
            self.generation,
            Timestamp::UNIX_EPOCH,
            wake,
        )
        .unwrap();
        self.open = Some((journal, closing));
    }

    fn close(&mut self) {
        if let Some((journal, closing)) = self.open.take() {
            drop(journal);
            closing.wait();
        }
    }

    fn journal(&self) -> Journal {
        self.open.as_ref().unwrap().0.clone()
    }

    async fn apply(&mut self, op: &Op) {
        let journal = self.journal();
        match op {
            Op::Accept(arrivals) => self.accept(&journal, arrivals).await,
            Op::Work { person, replies } => self.work(&journal, *person, *replies).await,
            Op::Late(which) => self.late(&journal, *which).await,
            Op::Settle { which, fails } => {
                let ids: Vec<_> = self.model.fates.keys().cloned().collect();
                if !ids.is_empty() {
                    self.settle(&journal, &ids[which % ids.len()], *fails).await;
                }
            }
            Op::Forget(percent) => {
                let upto = self.model.log_rows * percent / 100;
                journal.forget_logs(upto).await.unwrap();
                self.model.forgotten = self.model.forgotten.max(upto);
            }
            Op::Type { request, person, by_lid } => {
                self.type_text(&journal, *request, *person, *by_lid).await;
            }
            Op::Reopen => {
                drop(journal);
                self.close();
                self.check_file();
                self.open();
                return;
            }
        }
        self.check_logs(&journal).await;
    }

    async fn accept(&mut self, journal: &Journal, arrivals: &[(usize, u8, u8)]) {
        let batch: Vec<Inbound> = arrivals
            .iter()
            .map(|(person, names, id)| {
                text(&format!("ID{id}"), address(*person, *names), &words(*person, *id))
            })
            .collect();
        self.woken.lock().unwrap().clear();
        journal.accept(batch, intake(now())).await.unwrap();
        for (person, _, id) in arrivals {
            let words = words(*person, *id);
            if !self.model.inbox.iter().any(|(_, known)| *known == words) {
                self.model.inbox.push((*person, words));
                assert!(!self.woken.lock().unwrap().is_empty(), "a new message wakes its chat");
            }
        }
    }

    async fn work(&mut self, journal: &Journal, person: usize, replies: usize) {
        for chat in journal.busy(now()).await.unwrap() {
            match journal.next(chat, now()).await.unwrap().expect("a busy chat has something to do") {
                Work::Send(outgoing) => {
                    let fate = self.model.fates.get(&outgoing.wa_id).copied();
                    assert_eq!(fate, Some("pending"), "only an open message is sent");
                    journal.mark_sent(outgoing.wa_id.clone()).await.unwrap();
                    self.settle(journal, &outgoing.wa_id, false).await;
                }
                Work::Later(_) | Work::Due(_) => panic!("nothing waits for its content or a time here"),
                Work::Answer(waiting) => {
                    let said: Vec<String> =
                        waiting.parts.iter().map(|part| part.text.clone().unwrap()).collect();
                    for said in &said {
                        assert!(!self.model.outcomes.contains_key(said), "answered before: {said}");
                    }
                    if person_of(&said[0]) != person {
                        continue;
                    }
                    let replies =
                        (0..replies).map(|i| (self.new_id(), format!("reply {i}"))).collect::<Vec<_>>();
                    // The first of several is silent, so that a turn has outcomes of both kinds.
                    let silence = |n: usize| {
                        let silent = replies.is_empty() || (n == 0 && said.len() > 1);
                        silent.then_some(Silence::NoReply)
                    };
                    let outcome = Outcome {
                        contact: waiting.contact,
                        parts: (0..).zip(&waiting.parts).map(|(n, part)| (part.seq, silence(n))).collect(),
                        replies,
                        quotes: None,
                        memory: waiting.memory.clone(),
                        now: now(),
                        remove_deleted: false,
                        due: None,
                        records: Vec::new(),
                        wakes: Vec::new(),
                        away: false,
                    };
                    self.model.decided.push((said.join(" "), outcome.clone()));
                    assert_eq!(journal.fix(outcome.clone()).await.unwrap(), Fixed::Done);
                    self.fixed(&said, &outcome);
                }
            }
        }
    }

    fn fixed(&mut self, said: &[String], outcome: &Outcome) {
        let ids: Vec<String> = outcome.replies.iter().map(|(id, _)| id.clone()).collect();
        self.model.log_rows += (said.len() + ids.len()) as u64;
        for id in &ids {
            self.model.fates.insert(id.clone(), "pending");
        }
        for (said, (_, silence)) in said.iter().zip(&outcome.parts) {
            let kept = silence.map_or_else(|| Ok(ids.clone()), |silence| Err(silence.name()));
            let before = self.model.outcomes.insert(said.clone(), kept);
            assert!(before.is_none(), "a second outcome for {said}");
        }
    }

    async fn late(&mut self, journal: &Journal, which: usize) {
        if self.model.decided.is_empty() {
            return;
        }
        let (_, outcome) = self.model.decided[which % self.model.decided.len()].clone();
        // The same words under fresh ids, as a second turn of the same chat would decide.
        let replies = outcome.replies.into_iter().map(|(_, text)| (self.new_id(), text)).collect();
        let fixed = journal.fix(Outcome { replies, ..outcome }).await.unwrap();
        assert_eq!(fixed, Fixed::Already, "an outcome is fixed once");
    }

    async fn settle(&mut self, journal: &Journal, id: &str, fails: bool) {
        let (fate, name) =
            if fails { (Fate::Failed("463".to_owned()), "failed") } else { (Fate::Acked, "acked") };
        let open = self.model.fates[id] == "pending";
        assert_eq!(journal.settle(id.to_owned(), fate).await.unwrap(), open);
        if open {
            self.model.fates.insert(id.to_owned(), name);
        }
    }

    async fn type_text(&mut self, journal: &Journal, request: u8, person: usize, by_lid: bool) {
        let contact = if by_lid { format!("lid:9{}", digits(person)) } else { digits(person) };
        let wa_id = self.new_id();
        let typed =
            Typed { request: format!("r{request}"), contact, text: "typed".into(), wa_id, now: now() };
        let put = journal.put_typed(typed.clone()).await.unwrap();
        match (self.model.typed.get(&request), put) {
            (Some(before), put) => assert_eq!(put.as_ref(), Ok(before), "one request is one message"),
            (None, Ok(id)) => {
                assert!(self.model.inbox.iter().any(|(who, _)| *who == person), "only to who has written");
                self.model.typed.insert(request, id.clone());
                self.model.fates.insert(id, "pending");
                self.model.log_rows += 1;
            }
            (None, Err(_)) => {}
        }
    }

    async fn check_logs(&self, journal: &Journal) {
        let rows = journal.logs(0, 10_000, usize::MAX).await.unwrap();
        let sequences: Vec<_> = rows.iter().map(|row| row.sequence).collect();
        let expected: Vec<_> = (self.model.forgotten + 1..=self.model.log_rows).collect();
        assert_eq!(sequences, expected);
        assert_eq!(*journal.logged().borrow(), self.model.log_rows);
    }

    /// Compares the file itself, which nobody has open, with the model.
    fn check_file(&self) {
        let database = Connection::open(&self.path).unwrap();
        let all = |sql: &str| -> Vec<(String, Option<String>)> {
            let mut statement = database.prepare(sql).unwrap();
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
            rows.map(Result::unwrap).collect()
        };
        let inbox = all("SELECT text, outcome FROM inbox ORDER BY seq");
        for person in 0..PEOPLE {
            let of = |text: &String| person_of(text) == person;
            let taken: Vec<_> = inbox.iter().map(|(text, _)| text.clone()).filter(of).collect();
            let expected: Vec<_> = self.model.inbox.iter().map(|(_, text)| text.clone()).filter(of).collect();
            assert_eq!(taken, expected, "once each, in order");
        }
        for (text, outcome) in &inbox {
            let expected = self.model.outcomes.get(text).map(|kept| match kept {
                Ok(_) => "replied",
                Err(silence) => silence,
            });
            assert_eq!(outcome.as_deref(), expected);
        }
        let replies = all(
            "SELECT o.wa_id, i.text FROM outbox o JOIN inbox i ON coalesce(i.turn, i.seq) = o.cause ORDER BY o.seq",
        );
        for (text, kept) in &self.model.outcomes {
            let ids: Vec<_> = replies
                .iter()
                .filter(|(_, of)| of.as_ref() == Some(text))
                .map(|(id, _)| id.clone())
                .collect();
            assert_eq!(ids, kept.clone().unwrap_or_default());
        }
        for (id, state) in all("SELECT wa_id, state FROM outbox") {
            let state = state.unwrap();
            let open = state == "pending" || state == "sent";
            assert_eq!(if open { "pending" } else { state.as_str() }, self.model.fates[&id]);
        }
        let outbox: i64 = database.query_row("SELECT count(*) FROM outbox", [], |row| row.get(0)).unwrap();
        assert_eq!(usize::try_from(outbox).unwrap(), self.model.fates.len());
        let verdict: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(verdict, "ok");
        let broken: i64 = database
            .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))
            .unwrap();
        assert_eq!(broken, 0);
    }

    fn new_id(&mut self) -> String {
        self.model.next_id += 1;
        format!("OURS{}", self.model.next_id)
    }
}

fn now() -> Timestamp {
    "2026-03-01T08:00:00Z".parse().unwrap()
}

fn run(path: &Path, ops: &[Op]) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let woken = Arc::default();
        let mut bench = Bench {
            path: path.to_owned(),
            tenant: domain::TenantId::generate(),
            generation: 0,
            woken,
            open: None,
            model: Model::default(),
        };
        bench.open();
        for op in ops {
            bench.apply(op).await;
        }
        // Whatever was left is done: nothing waits for ever.
        while !bench.journal().busy(now()).await.unwrap().is_empty() {
            for person in 0..PEOPLE {
                bench.apply(&Op::Work { person, replies: 1 }).await;
            }
        }
        let journal = bench.journal();
        assert_eq!(journal.busy(now()).await.unwrap(), []);
        let rows = journal.logs(0, 10_000, usize::MAX).await.unwrap();
        if bench.model.forgotten == 0 {
            let inbound = rows.iter().filter(|row| row.direction == Direction::In).count();
            assert_eq!(inbound, bench.model.inbox.len(), "one row for each message");
        }
        drop(journal);
        bench.close();
        bench.check_file();
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, max_shrink_iters: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_journal_keeps_its_promises(ops in ops()) {
        // In memory where there is such a place: what survives is not asked here, and syncs take their time.
        let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        run(&folder.path().join("journal.db"), &ops);
    }
}
