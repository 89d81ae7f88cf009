//! One try from its beginning to its verdict.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::Arc,
    time::Duration,
};

use crash::{Canary, Process};
use link::{Exit, TokenKey};
use virtual_whatsapp::{EventKind, Options, ReceiptKind, Server, VirtualWhatsApp};

use super::{
    Base, Counts, Failing, Finding, Kind, Plan,
    base::{self, Bases, Paths},
    check::{self, Seen},
    failing,
    plan::Step,
    power::{self, Disk},
    stage::Stage,
    talk::{Said, Talk},
    trace,
};
use crate::{Place, by_hand::Hand};

/// How a try is carried out.
#[derive(Debug, Clone, Copy)]
pub struct Terms {
    /// How long anything may take.
    pub limit: Duration,
    /// The fault that is planted.
    pub planted: Option<Canary>,
    /// The call of the disk that fails.
    pub failing: Option<Failing>,
}

impl Default for Terms {
    fn default() -> Self {
        Self { limit: crate::LIMIT, planted: None, failing: None }
    }
}

/// How often the databases were synced in a recorded try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Syncs {
    /// The worker's journal.
    pub journal: u64,
    /// The worker's session.
    pub session: u64,
    /// The control plane's database.
    pub control: u64,
}

/// Damages that are looked at for each power cut, beside the one that is lived through.
pub(super) const DAMAGES: u64 = 9;

/// What came of a try.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What was shown to be false; nothing where all is well.
    pub findings: Vec<Finding>,
    /// How often each point was passed at most, in one process.
    pub passed: BTreeMap<String, u32>,
    /// Stops that were met.
    pub stopped: usize,
    /// Points at which a process has ended itself.
    pub ended_at: BTreeSet<String>,
    /// Messages that customers wrote.
    pub messages: u64,
    /// The same by what they were.
    pub kinds: BTreeMap<String, u64>,
    /// What is counted apart.
    pub counts: Counts,
    /// Calls of the disk that have failed.
    pub failed_calls: usize,
    /// From each kill of a worker that left somebody waiting to the next reply, in milliseconds.
    pub recoveries: Vec<u64>,
    /// Damages that were looked at beside the one that was lived through.
    pub damages: u64,
    /// How often each database was synced, where that was recorded.
    pub syncs: Option<Syncs>,
    /// Every customer's transcript in short, the same in every replay: what each wrote and was told.
    pub told: String,
}

/// Carries a plan out, in a copy of the base that fits it. `keep` gets the folder of a try that failed.
pub async fn run(bases: &Bases, plan: &Plan, terms: Terms, keep: Option<&Path>) -> Outcome {
    let base = bases.of(plan.shop);
    let folder = base::folder();
    let paths = Paths::here(folder.path(), &base.tenant);
    base.lay_out(&paths.root).expect("the base can be copied");
    let whatsapp = serve(&paths.root).await;
    let place = Place::within(folder);
    let recorded = plan.power.is_some();
    let mut stage = Stage::start(place, &whatsapp.url(), plan, &terms, recorded);
    if terms.failing.is_some() {
        stage.mends(base.tenant.clone());
    }
    let mut talk = Talk::begin(&stage, &paths, &whatsapp, &base.number, plan.shop, terms.limit);
    let mut wrong = converse(&mut talk, plan).await;
    let (said, typed, mut kills, fate) = (talk.said, talk.typed, talk.kills, talk.fate);

    // Recorded tries go on after the power cut, without the recorder.
    let mut offline = Vec::new();
    let mut syncs = None;
    let place = match plan.power {
        Some(seed) if wrong.is_none() => {
            let place = stage.end().await;
            match PowerCut::of(base, &paths) {
                Ok(cut) => {
                    syncs = Some(cut.syncs());
                    offline = cut.look(seed, &whatsapp, &base.number, &said);
                    wrong = power::cut(&cut.disk, &paths, seed).err();
                }
                Err(why) => wrong = Some(why),
            }
            let place = Arc::into_inner(place).expect("everything has ended");
            let stage = Stage::start(place, &whatsapp.url(), &Plan::default(), &terms, false);
            if wrong.is_none() {
                let mut talk = Talk::begin(&stage, &paths, &whatsapp, &base.number, plan.shop, terms.limit);
                (talk.said, talk.typed, talk.fate) = (said.clone(), typed.clone(), fate.clone());
                wrong = talk.at_rest().await.err();
            }
            finish(stage, &mut wrong).await
        }
        _ => finish(stage, &mut wrong).await,
    };

    let lines = [Process::Worker, Process::Control].map(|process| trace::read(&paths.run(), process));
    let mut outcome = Outcome { messages: said.len() as u64, ..Outcome::default() };
    outcome.failed_calls = failing::failed(&paths.run());
    for said in &said {
        *outcome.kinds.entry(said.sending.name()).or_default() += 1;
    }
    for lines in &lines {
        outcome.passed.extend(trace::most(lines));
        outcome.stopped += lines.iter().filter(|line| line.what == "killed").count();
    }
    kills.extend(lines[0].iter().filter(|line| line.what == "killed").map(|line| line.at));
    outcome.recoveries =
        kills.iter().filter_map(|at| recovery(&whatsapp, &base.number, *at / 1000)).collect();

    let asked_again = check::asked_again(&whatsapp);
    let seen = Seen {
        whatsapp: &whatsapp,
        bot: &base.number,
        said: &said,
        typed: &typed,
        asked_again: &asked_again,
        fate: &fate,
        plan,
    };
    (outcome.findings, outcome.counts) = check::check(&paths, &seen);
    if let Some(why) = wrong {
        outcome.findings.push(Finding::new(Kind::Hung, why));
    }
    outcome.findings.append(&mut offline);
    outcome.syncs = syncs;
    outcome.damages = if syncs.is_some() { DAMAGES } else { 0 };
    outcome.findings.extend(stale_generation(&paths, &place).await);
    outcome.findings.extend(panics(&paths));
    let damaged = failing::called_damaged(&paths.run());
    outcome.findings.extend(damaged.map(|why| Finding::new(Kind::Damaged, why)));
    outcome.told = told(&whatsapp, &base.number);
    if let (false, Some(keep)) = (outcome.findings.is_empty(), keep) {
        let _ = base::copy(&paths.root, keep);
        let events = whatsapp.events().since(0);
        let lines: String =
            events.iter().map(|event| format!("{} {:?}\n", event.at_ms, event.kind)).collect();
        let _ = std::fs::write(keep.join("whatsapp.events"), lines);
    }
    whatsapp.shutdown().await;
    outcome
}

/// A power cut, and what the disk had at that moment.
struct PowerCut<'a> {
    disk: Disk,
    paths: &'a Paths,
}

impl<'a> PowerCut<'a> {
    fn of(base: &Base, paths: &'a Paths) -> Result<Self, String> {
        Ok(Self { disk: Disk::read(&paths.root, base.path())?, paths })
    }

    fn syncs(&self) -> Syncs {
        let of = |name| self.disk.syncs(name);
        Syncs { journal: of("journal.db"), session: of("session.db"), control: of("flowhq.db") }
    }

    /// Other damages of the same moment, looked at and not lived through: every database is whole, each message that
    /// was acknowledged is in the inbox, and each reply that a customer has seen is in the outbox.
    fn look(&self, seed: u64, whatsapp: &Server, bot: &str, said: &[Said]) -> Vec<Finding> {
        let acknowledged: Vec<&str> = said
            .iter()
            .filter(|said| said.sending.must_last())
            .filter(|said| {
                whatsapp.events().since(0).iter().any(|event| acknowledges(&event.kind, bot, &said.id))
            })
            .map(|said| said.id.as_str())
            .collect();
        let mut findings = Vec::new();
        for number in 1..=DAMAGES {
            let folder = base::folder();
            let paths = Paths::here(folder.path(), &self.paths.tenant);
            let made = std::fs::create_dir_all(paths.cell())
                .and_then(|()| self.disk.write_cut(seed.wrapping_add(number), &self.paths.root, &paths.root));
            if let Err(error) = made {
                findings.push(Finding::new(Kind::Damaged, error.to_string()));
                continue;
            }
            findings.extend(check::kept(&paths, whatsapp, bot, &acknowledged));
        }
        findings
    }
}

/// Whether the bot has acknowledged a message: from then on nobody hands it over again.
fn acknowledges(event: &EventKind, bot: &str, message: &str) -> bool {
    match event {
        EventKind::Acked { number, class, id, error: None, .. } => {
            number == bot && class == "message" && id == message
        }
        EventKind::Receipt { number, id, kind: ReceiptKind::Delivered | ReceiptKind::Inactive, .. } => {
            number == bot && id == message
        }
        _ => false,
    }
}

pub(super) async fn serve(root: &Path) -> Server {
    let options =
        Options { state_file: Some(root.join("whatsapp.json")), seed: Some(2), ..Options::default() };
    VirtualWhatsApp::start(options).await.expect("the virtual WhatsApp starts")
}

/// The conversation to its end; what went wrong on the way.
async fn converse(talk: &mut Talk<'_>, plan: &Plan) -> Option<String> {
    for (number, step) in plan.steps.iter().enumerate() {
        if let Err(why) = talk.step(number, step).await {
            return Some(why);
        }
    }
    if plan.power.is_some() {
        return None;
    }
    talk.at_rest().await.err()
}

/// Ends everything, in the middle of whatever it does.
async fn finish(stage: Stage, wrong: &mut Option<String>) -> Arc<Place> {
    if stage.is_broken() {
        wrong.get_or_insert_default().push_str("; the control plane dies again and again");
    }
    stage.end().await
}

/// The time from `at` to the next reply, where somebody waited for one at that moment.
fn recovery(whatsapp: &Server, bot: &str, at: u64) -> Option<u64> {
    let (mut said, mut replied) = (0, std::collections::HashSet::new());
    for event in whatsapp.events().since(0) {
        match &event.kind {
            EventKind::Sent { to, .. } if to == bot && event.at_ms <= at => said += 1,
            EventKind::FromDevice { id, error: None, .. } if event.at_ms <= at => {
                replied.insert(id.clone());
            }
            EventKind::FromDevice { error: None, .. } if said > replied.len() => {
                return Some(event.at_ms - at);
            }
            _ => {}
        }
    }
    None
}

/// A worker of a generation that is over must not begin: one is started by hand, when everything has ended.
async fn stale_generation(paths: &Paths, place: &Place) -> Option<Finding> {
    let found = |what: String| Some(Finding::new(Kind::StaleAdmitted, what));
    let mut launched = launch_stale(paths, place).await;
    if matches!(&launched, Ok(status) if status.code() == Some(Exit::CellBusy.code().into())) {
        // Refused, but by a worker whose control plane was ended while it began: that one ends by itself, and then the
        // generation alone refuses.
        if let Err(why) = cell_is_free(&paths.cell()).await {
            return found(why);
        }
        launched = launch_stale(paths, place).await;
    }
    match launched {
        Ok(status) if status.code() == Some(Exit::OldGeneration.code().into()) => None,
        Ok(status) => found(format!("a worker of the generation before ended with {status}")),
        Err(why) => found(why),
    }
}

/// Waits until nobody lives in a cell.
pub(super) async fn cell_is_free(cell: &Path) -> Result<(), String> {
    let lock = std::fs::File::open(cell.join(link::cell::LOCK)).map_err(|error| error.to_string())?;
    let (freed, free) = tokio::sync::oneshot::channel();
    // A thread of its own and not the runtime's, which would wait for it where nobody ever frees the lock.
    let waits = std::thread::Builder::new().name("cell".to_owned());
    waits.spawn(move || drop(freed.send(lock.lock()))).map_err(|error| error.to_string())?;
    match tokio::time::timeout(crate::LIMIT, free).await {
        Ok(Ok(Ok(()))) => Ok(()),
        Ok(Ok(Err(error))) => Err(error.to_string()),
        Ok(Err(_)) | Err(_) => Err("a process lives in the cell although everything has ended".to_owned()),
    }
}

async fn launch_stale(paths: &Paths, place: &Place) -> Result<std::process::ExitStatus, String> {
    let words = |error: std::io::Error| error.to_string();
    let tenant: domain::TenantId = paths.tenant.parse().map_err(|_| "a tenant's id".to_owned())?;
    let key = std::fs::read(paths.root.join("data/link.key")).map_err(words)?;
    let key = TokenKey::from_bytes(key.as_slice().try_into().map_err(|_| "a key of 32 bytes".to_owned())?);
    let generation = last_generation(&paths.journal()).map_err(|error| error.to_string())? - 1;
    let hand = Hand { tenant, key, cell: paths.cell(), sockets: paths.root.join("stale"), connects: true };
    let mut launched = hand.launch(place, generation).map_err(words)?;
    if launched.ready().await.is_ok() {
        let _ = launched.child.kill().await;
        return Err("a worker of the generation before was admitted".to_owned());
    }
    let ended = tokio::time::timeout(crate::LIMIT, launched.child.wait()).await;
    ended.map_err(|_| "a worker of the generation before goes on".to_owned())?.map_err(words)
}

/// The generation that had a journal last.
fn last_generation(journal: &Path) -> rusqlite::Result<i64> {
    let database = crate::sealed::open(journal)?;
    database.query_row("SELECT generation FROM meta", [], |row| row.get(0))
}

/// What processes said before they died of themselves.
fn panics(paths: &Paths) -> Vec<Finding> {
    let mut logs = vec![paths.root.join("serve.log")];
    let data = paths.root.join("data");
    logs.extend(
        std::fs::read_dir(data.join("logs")).into_iter().flatten().flatten().map(|entry| entry.path()),
    );
    let texts = logs.iter().filter_map(|path| std::fs::read(path).ok());
    texts
        .flat_map(|text| {
            let text = String::from_utf8_lossy(&text).into_owned();
            let lines = text.lines().filter(|line| line.contains("panicked at")).map(ToOwned::to_owned);
            lines.collect::<Vec<_>>()
        })
        .map(|line| Finding::new(Kind::Broke, line))
        .collect()
}

/// What each customer wrote and was told, in order, without ids and times.
fn told(whatsapp: &Server, bot: &str) -> String {
    let mut text = String::new();
    for who in 0..super::plan::CUSTOMERS {
        let Ok(customer) = whatsapp.find_customer(&base::number(who)) else { continue };
        for direction in [virtual_whatsapp::Direction::Out, virtual_whatsapp::Direction::In] {
            for entry in customer.transcript(bot).iter().filter(|entry| entry.direction == direction) {
                text.push_str(&format!("{} {direction:?} {:?}\n", base::name(who), entry.body.text()));
            }
        }
    }
    text
}

fn is_message(step: &Step) -> bool {
    matches!(step, Step::Say { .. } | Step::SameId { .. } | Step::Send { .. })
}

/// The shortest conversation that still fails: steps are left out one after the other, the last ones first.
pub async fn shrink(bases: &Bases, plan: &Plan, terms: Terms, wanted: Kind, tries: usize) -> Plan {
    let mut plan = plan.clone();
    let (mut at, mut left) = (plan.steps.len(), tries);
    while at > 0 && left > 0 {
        at -= 1;
        left -= 1;
        let mut shorter = plan.clone();
        let gone = shorter.steps.remove(at);
        if is_message(&gone) {
            // Numbers of messages would mean others from here on.
            let number = plan.steps[..at].iter().filter(|step| is_message(step)).count();
            shorter.steps.retain_mut(|step| match step {
                Step::Again { of, .. } | Step::SameId { of, .. } => {
                    let stays = *of != number;
                    *of -= usize::from(*of > number);
                    stays
                }
                _ => true,
            });
        }
        let outcome = Box::pin(run(bases, &shorter, terms, None)).await;
        if outcome.findings.iter().any(|finding| finding.kind == wanted) {
            at = at.min(shorter.steps.len());
            plan = shorter;
        }
    }
    plan
}
