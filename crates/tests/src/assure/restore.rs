//! R12: a backup is made while customers write, the machine is gone, and what is put back elsewhere has all rows, answers nothing
//! twice, and never starts an old session.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use http::Method;
use link::cell::SESSION_DATABASE;
use serde::Serialize;
use serde_json::Value;
use virtual_whatsapp::{Customer, EventKind, Options, Server, VirtualWhatsApp};

use super::{counted, crowd::Crowd};
use crate::{
    Bot, ControlPlane, Flavour, LIMIT, Place,
    place::{files, holds},
};

/// Between an answer and the next message.
const PAUSE: Duration = Duration::from_millis(20);
/// Answers that come while the backup is made, and after it, at least.
const UNDER_LOAD: u64 = 6;

/// What came of it.
#[derive(Debug, Default, Serialize)]
pub struct Restores {
    /// How often all of it was gone through.
    pub cycles: u64,
    /// Messages that customers wrote.
    pub messages: u64,
    /// Messages without an answer, while all was well.
    pub lost: u64,
    /// Second answers, after all was put back too.
    pub doubled: u64,
    /// Rows that were there when the backup began, and are not in what was put back.
    pub rows_missing: u64,
    /// Old sessions that WhatsApp has seen again, and keys of WhatsApp's that were in a backup.
    pub old_sessions: u64,
    /// Backups that lack something, or have words in clear.
    pub unsound: u64,
    /// Bots that do not answer once their phones have linked them again.
    pub silent: u64,
    /// How long it took, in seconds.
    pub seconds: u64,
}

impl Restores {
    /// Marks that were missed, in words.
    #[must_use]
    pub fn missed(&self) -> Vec<String> {
        let mut missed = counted(&[
            ("lost", self.lost),
            ("doubled", self.doubled),
            ("rows missing", self.rows_missing),
            ("old sessions started", self.old_sessions),
            ("backups unsound", self.unsound),
            ("bots silent", self.silent),
        ]);
        if self.messages < self.cycles * UNDER_LOAD {
            missed.push("there was no load".to_owned());
        }
        missed
    }
}

/// Goes through all of it so often.
///
/// # Panics
/// Where what is tried cannot be set up.
pub async fn run(cycles: u64, seed: u64) -> Restores {
    let (began, mut found) = (Instant::now(), Restores::default());
    while found.cycles < cycles {
        Box::pin(once(seed + found.cycles, &mut found)).await;
        found.cycles += 1;
    }
    found.seconds = began.elapsed().as_secs();
    found
}

/// A bot and who writes to it.
type Pair = (Bot, Customer);

async fn once(seed: u64, found: &mut Restores) {
    let whatsapp = VirtualWhatsApp::start(Options { seed: Some(seed), ..Options::default() });
    let whatsapp = whatsapp.await.expect("the virtual WhatsApp starts");
    let (first, second) = (Place::new(), Place::new());
    let plane = ControlPlane::start(&first, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let mut bots = Vec::new();
    for n in 1..=2 {
        bots.push(Bot::linked(admin, &whatsapp, n).await.0);
    }
    let pairs = Crowd::gather(&whatsapp, &bots).await;
    // Of one of them somebody means well and keeps the keys.
    let offered = &bots[1];
    let old_session = session_of(&first.cell(&offered.id));

    let crowd = Crowd::begin(&pairs, PAUSE);
    crowd.hears(UNDER_LOAD).await;
    let mut before = Vec::new();
    for bot in &bots {
        before.push(ids(&admin.logs(&bot.id).await));
    }
    let made = admin.ok(Method::POST, "/admin/system/backups", None).await;
    crowd.hears(UNDER_LOAD).await;
    let heard = crowd.end().await;
    found.messages += heard.messages;
    found.lost += heard.lost;
    found.doubled += heard.doubled;
    let file = PathBuf::from(made["file"].as_str().expect("a backup has a file"));
    let whole = made["journals"] == 2 && made["left_out"].as_array().is_some_and(Vec::is_empty);
    let sealed = !["menu", "Tenant 1", &bots[0].number].iter().any(|mark| holds(&file, mark));
    found.unsound += u64::from(!whole) + u64::from(!sealed);
    plane.kill().await;
    first.end_all();

    restore(&second, &file, &first.data().join("backup.key")).await;
    let keys =
        files(&second.data()).iter().filter(|path| path.to_string_lossy().contains(SESSION_DATABASE)).count();
    found.old_sessions += keys as u64;
    for (name, bytes) in &old_session {
        fs::write(second.cell(&offered.id).join(name), bytes).expect("a place can be written");
    }
    let logins = logins(&whatsapp, &bots);
    let plane = ControlPlane::start(&second, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    for bot in &bots {
        admin.wait_for(&bot.id, "it wants to be linked", |tenant| tenant["status"] == "ERROR").await;
    }
    found.old_sessions += self::logins(&whatsapp, &bots).abs_diff(logins);
    for (bot, before) in bots.iter().zip(&before) {
        let after = ids(&admin.logs(&bot.id).await);
        found.rows_missing += before.difference(&after).count() as u64;
    }
    for (name, _) in &old_session {
        fs::remove_file(second.cell(&offered.id).join(name)).expect("a place can be written");
    }
    for (bot, customer) in &pairs {
        go_on(&whatsapp, &plane, (bot.clone(), customer.clone()), found).await;
    }
    plane.stop().await;
    second.end_all();
    whatsapp.shutdown().await;
}

/// The phone links again, and the customer is answered once.
async fn go_on(whatsapp: &Server, plane: &ControlPlane, (bot, customer): Pair, found: &mut Restores) {
    let phone = whatsapp.phone(&bot.number).expect("a number");
    for device in phone.linked_devices() {
        phone.unlink(device.id()).expect("it is linked");
    }
    let from = whatsapp.events().last();
    bot.link(plane.admin(), whatsapp).await;
    // Those of the device before were uploaded long ago.
    let keys = |event: &EventKind| matches!(event, EventKind::PrekeysUploaded { number, .. } if *number == bot.number);
    whatsapp.events().wait_after(from, LIMIT, keys).await.expect("the device uploads its keys");
    let before = customer.received_count(&bot.number);
    customer.send_text(&bot.number, "menu").expect("it leaves the customer's phone");
    found.messages += 1;
    match customer.wait_for_reply(&bot.number, before + 1, LIMIT).await {
        Ok(answers) => found.doubled += (answers.len() - before - 1) as u64,
        Err(_) => found.silent += 1,
    }
}

fn logins(whatsapp: &Server, bots: &[Bot]) -> u64 {
    let phones = bots.iter().map(|bot| whatsapp.phone(&bot.number).expect("a number"));
    phones.flat_map(|phone| phone.linked_devices()).map(|device| device.status().logins).sum()
}

fn ids(logs: &[Value]) -> BTreeSet<String> {
    logs.iter().map(|row| row["id"].to_string()).collect()
}

/// The files of a session, as somebody would copy them.
fn session_of(cell: &Path) -> Vec<(String, Vec<u8>)> {
    let names = ["", "-wal"].map(|ending| format!("{SESSION_DATABASE}{ending}"));
    names.into_iter().filter_map(|name| fs::read(cell.join(&name)).ok().map(|bytes| (name, bytes))).collect()
}

async fn restore(place: &Place, file: &Path, key: &Path) {
    let mut command = place.command(Flavour::Virtual);
    let done = command.arg("restore").arg(file).arg("--key").arg(key).output().await.expect("it can be run");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}
