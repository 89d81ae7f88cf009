//! R10: PostgreSQL is ended and started again while customers write. Bots answer, readiness says so while it is away, and
//! afterwards everything is on record once; no memory and no descriptors are lost on the way.

use std::{
    ops::Range,
    time::{Duration, Instant},
};

use http::Method;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde::Serialize;
use virtual_whatsapp::{Options, VirtualWhatsApp};

use super::{
    Terms,
    crowd::{Crowd, Heard, PAUSE},
    descriptors, megabytes,
};
use crate::{Admin, Bot, ControlPlane, Flavour, LIMIT, Place, Postgres, process};

/// Bots whose customers write.
const BOTS: u16 = 6;
/// Seconds between two outages: of a run of minutes, and of a short one.
const EVERY: [Range<u64>; 2] = [5..40, 4..9];
/// A run that is shorter than this is a short one.
const LONG: Duration = Duration::from_secs(300);
/// Seconds for which it is away at most, and once in a long run where nothing else is wrong.
const AWAY: u64 = 4;
const AWAY_LONG: u64 = 60;
/// What a process may hold more afterwards, in bytes and descriptors.
const GROWTH_BYTES: u64 = 16_000_000;
const GROWTH_DESCRIPTORS: usize = 16;

/// What came of it.
#[derive(Debug, Serialize)]
pub struct Soak {
    /// How often the server was ended.
    pub restarts: u64,
    /// How often readiness did not say so.
    pub unsaid: u64,
    /// Messages that customers wrote.
    pub messages: u64,
    /// Messages without an answer.
    pub lost: u64,
    /// Second answers.
    pub doubled: u64,
    /// Rows that are not on record, and rows that are there twice.
    pub unrecorded: u64,
    /// Workers that are not the process that they were.
    pub restarted_workers: u64,
    /// The longest wait for an answer, in milliseconds.
    pub worst_ms: u64,
    /// The control plane's own memory after the first outage and at the end, in MB: what it wrote itself, since its share
    /// of the program's pages goes by who else runs.
    pub memory_mb: [f64; 2],
    /// The same of its descriptors.
    pub descriptors: [usize; 2],
}

impl Soak {
    /// Marks that were missed, in words.
    #[must_use]
    pub fn missed(&self) -> Vec<String> {
        let mut missed = Vec::new();
        for (what, count) in [
            ("lost", self.lost),
            ("doubled", self.doubled),
            ("not recorded once", self.unrecorded),
            ("workers restarted", self.restarted_workers),
            ("outages that readiness did not tell", self.unsaid),
        ] {
            if count > 0 {
                missed.push(format!("{count} {what}"));
            }
        }
        if self.memory_mb[1] > self.memory_mb[0] + GROWTH_BYTES as f64 / 1e6 {
            missed.push(format!("memory grew: {:?} MB", self.memory_mb));
        }
        if self.descriptors[1] > self.descriptors[0] + GROWTH_DESCRIPTORS {
            missed.push(format!("descriptors grew: {:?}", self.descriptors));
        }
        if self.restarts == 0 || self.messages == 0 {
            missed.push("nothing was tried".to_owned());
        }
        missed
    }
}

/// Runs it; `None` where the tests were told to go without PostgreSQL.
pub async fn soak(terms: Terms) -> Option<Soak> {
    let mut postgres = Postgres::durable()?;
    let whatsapp = VirtualWhatsApp::start(Options { seed: Some(terms.seed), ..Options::default() });
    let whatsapp = whatsapp.await.expect("the virtual WhatsApp starts");
    let place = postgres.place(Place::new().with("LOG_LEVEL", "info"), true);
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let (mut bots, mut pids) = (Vec::new(), Vec::new());
    for n in 1..=BOTS {
        let (bot, _device) = Bot::linked(admin, &whatsapp, n).await;
        pids.push(bot.pid(admin).await);
        bots.push(bot);
    }
    let pairs = Crowd::gather(&whatsapp, &bots).await;
    let crowd = Crowd::begin(&pairs, PAUSE);

    let mut outages = Outages::new(&terms, BOTS);
    let (began, mut warm) = (Instant::now(), None);
    while began.elapsed() < terms.time {
        outages.away_long = terms.time >= LONG && outages.restarts == 2;
        outages.one(&mut postgres, admin, &crowd).await;
        warm.get_or_insert_with(|| (process::private_dirty(plane.pid()), descriptors(plane.pid())));
    }
    let heard = crowd.end().await;
    let unrecorded = unrecorded(admin, &postgres, &heard).await;
    let mut restarted_workers = 0;
    for (bot, pid) in bots.iter().zip(&pids) {
        bot.is_active(admin).await;
        restarted_workers += u64::from(bot.pid(admin).await != *pid);
    }
    let (memory, files) = warm.unwrap_or_default();
    let soak = Soak {
        restarts: outages.restarts,
        unsaid: outages.unsaid,
        messages: heard.messages,
        lost: heard.lost,
        doubled: heard.doubled,
        unrecorded,
        restarted_workers,
        worst_ms: heard.times.last().map_or(0, |time| time.as_millis() as u64),
        memory_mb: [megabytes(memory), megabytes(process::private_dirty(plane.pid()))],
        descriptors: [files, descriptors(plane.pid())],
    };
    plane.stop().await;
    place.end_all();
    whatsapp.shutdown().await;
    Some(soak)
}

/// Outages of the server, one after the other.
pub(super) struct Outages {
    draw: StdRng,
    every: Range<u64>,
    /// Answers in a second, where nothing is wrong: by them outages come and go, so that bots are seen to answer in each.
    a_second: u64,
    /// How many there were.
    restarts: u64,
    /// How often readiness did not say so.
    unsaid: u64,
    away_long: bool,
}

impl Outages {
    pub(super) fn new(terms: &Terms, bots: u16) -> Self {
        Self {
            draw: StdRng::seed_from_u64(terms.seed),
            every: EVERY[usize::from(terms.time < LONG)].clone(),
            a_second: 1_000 / PAUSE.as_millis() as u64 * u64::from(bots),
            restarts: 0,
            unsaid: 0,
            away_long: false,
        }
    }

    /// The next one, until the control plane is ready again.
    pub(super) async fn one(&mut self, postgres: &mut Postgres, admin: &Admin, crowd: &Crowd) {
        let (every, second) = (self.every.clone(), self.a_second);
        crowd.hears(self.draw.random_range(every.start * second..every.end * second)).await;
        postgres.stop();
        self.restarts += 1;
        self.unsaid += u64::from(ready(admin).await != 503);
        let away = self.draw.random_range(1..AWAY * second);
        crowd.hears(if self.away_long { AWAY_LONG * second } else { away }).await;
        postgres.start_again();
        until_ready(admin).await;
    }
}

/// How `/readyz` answers.
pub async fn ready(admin: &Admin) -> u16 {
    admin.call(Method::GET, "/readyz", None).await.0.as_u16()
}

/// Waits until it answers that all is well.
pub async fn until_ready(admin: &Admin) {
    let waiting = async {
        while ready(admin).await != 200 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LIMIT, waiting).await.expect("it is ready in time");
}

/// How many rows are missing or there twice, once nothing more comes: whatever is taken into a log is a change, which the
/// control plane tells.
pub(super) async fn unrecorded(admin: &Admin, postgres: &Postgres, heard: &Heard) -> u64 {
    let mut changes = admin.events("/admin/stream").await;
    let recorded = async { while wrong(postgres, heard) > 0 && changes.next().await.is_some() {} };
    let _counted_anyway = tokio::time::timeout(LIMIT, recorded).await;
    wrong(postgres, heard)
}

/// How many rows are missing or there twice now.
fn wrong(postgres: &Postgres, heard: &Heard) -> u64 {
    let counted = postgres.sql(
        "flowhq",
        "SELECT tenant_id, count(*), count(DISTINCT wa_message_id) FROM message_logs GROUP BY 1",
    );
    let mut wrong: usize = heard.rows.values().sum();
    for line in counted.lines() {
        let mut cells = line.split('|');
        let tenant = cells.next().unwrap_or_default();
        let numbers: Vec<usize> = cells.filter_map(|cell| cell.parse().ok()).collect();
        let [rows, distinct] = numbers[..] else { continue };
        // Of whom nobody counted what was said.
        let Some(&expected) = heard.rows.get(tenant) else { continue };
        wrong -= expected.min(distinct);
        wrong += rows - distinct + distinct.saturating_sub(expected);
    }
    wrong as u64
}
