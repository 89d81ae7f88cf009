//! All at once: PostgreSQL is ended and started again, workers are killed, and one tenant is mad in each way in turn, while the
//! customers of the others write. Nothing is lost, nothing comes twice, everything is on record once.

use std::{cell::Cell, path::Path};

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde::Serialize;
use virtual_whatsapp::{Options, VirtualWhatsApp};

use super::{
    Terms,
    crowd::{Crowd, PAUSE},
    database::{self, Outages},
    neighbours::{Mad, Madness},
};
use crate::{
    Bot, ControlPlane, Flavour, Place, Postgres, attack::worker, binaries, process, process::Signal,
};

/// Bots whose customers write.
const BOTS: u16 = 12;
/// How often each of their workers is killed: one time more and it were a crash loop, which waits for minutes.
const KILLS_EACH: u64 = 4;

/// What came of it.
#[derive(Debug, Default, Serialize)]
pub struct Together {
    /// How often the database's server was ended.
    pub restarts: u64,
    /// Workers of theirs that were killed.
    pub kills: u64,
    /// Ways in which the other tenant was mad, and the messages of its flood.
    pub madnesses: u64,
    /// Messages of the flood.
    pub flood: u64,
    /// Messages that customers wrote.
    pub messages: u64,
    /// Messages without an answer.
    pub lost: u64,
    /// Second answers.
    pub doubled: u64,
    /// Rows that are not on record, and rows that are there twice.
    pub unrecorded: u64,
    /// The longest wait for an answer, in milliseconds.
    pub worst_ms: u64,
}

impl Together {
    /// Marks that were missed, in words.
    #[must_use]
    pub fn missed(&self) -> Vec<String> {
        let mut missed = Vec::new();
        for (what, count) in
            [("lost", self.lost), ("doubled", self.doubled), ("not recorded once", self.unrecorded)]
        {
            if count > 0 {
                missed.push(format!("{count} {what}"));
            }
        }
        if [self.restarts, self.kills, self.messages].contains(&0)
            || self.madnesses < Madness::ALL.len() as u64
        {
            missed.push("not everything was tried".to_owned());
        }
        missed
    }
}

/// Runs it; `None` where the tests were told to go without PostgreSQL. `driver` is a program whose `worker` is a liar.
///
/// # Panics
/// Where what is tried cannot be set up.
pub async fn run(flood: u64, driver: &Path, terms: Terms) -> Option<Together> {
    let mut postgres = Postgres::durable()?;
    let whatsapp = VirtualWhatsApp::start(Options { seed: Some(terms.seed), ..Options::default() });
    let whatsapp = whatsapp.await.expect("the virtual WhatsApp starts");
    let mut place = Place::new()
        .with("LOG_LEVEL", "info")
        .with("WORKER_STOP_GRACE_MS", "1000")
        .with("WORKER_DIRECTORY_MAX_MB", "60");
    place.set("WORKER_EXECUTABLE", worker::executable(&place, driver, binaries::binary(Flavour::Virtual)));
    let place = postgres.place(place, true);
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    let admin = plane.admin();
    let (mad, _device) = Bot::linked(admin, &whatsapp, 999).await;
    let mut bots = Vec::new();
    for n in 1..=BOTS {
        bots.push(Bot::linked(admin, &whatsapp, n).await.0);
    }
    let pairs = Crowd::gather(&whatsapp, &bots).await;
    let crowd = Crowd::begin(&pairs, PAUSE);
    let mut found = Together::default();

    // As many answers as come in a part of the time where nothing is wrong.
    let answers = |part: u64| (terms.time.as_millis() / PAUSE.as_millis()) as u64 * u64::from(BOTS) / part;
    let over = Cell::new(false);
    let outages = async {
        let mut outages = Outages::new(&terms, BOTS);
        while !over.get() {
            outages.one(&mut postgres, admin, &crowd).await;
            found.restarts += 1;
        }
    };
    let kills = async {
        let mut draw = StdRng::seed_from_u64(terms.seed);
        let between = answers(KILLS_EACH * u64::from(BOTS) + 1);
        for bot in bots.iter().cycle().take(usize::from(BOTS) * KILLS_EACH as usize) {
            crowd.hears(draw.random_range(1..=2 * between.max(1) - 1)).await;
            for pid in process::with_files_in(&place.cell(&bot.id)) {
                if pid != plane.pid() {
                    process::signal(pid, Signal::KILL);
                    found.kills += 1;
                }
            }
        }
        std::future::pending::<()>().await;
    };
    let madness = async {
        let all = Madness::ALL;
        for madness in all {
            let it = Mad { madness, bot: &mad, plane: &plane, place: &place, whatsapp: &whatsapp };
            let mut sent = 0;
            tokio::select! {
                () = crowd.hears(answers(all.len() as u64)) => {}
                () = it.rages(flood, &mut sent) => {}
            }
            it.calms().await;
            found.flood += sent;
            found.madnesses += 1;
        }
    };
    let madness_and_kills = async {
        tokio::select! {
            () = kills => {}
            () = madness => {}
        }
        over.set(true);
    };
    // The last outage ends, too.
    tokio::join!(outages, madness_and_kills);
    let heard = crowd.end().await;
    found.unrecorded = database::unrecorded(admin, &postgres, &heard).await;
    found.messages = heard.messages;
    found.lost = heard.lost;
    found.doubled = heard.doubled;
    found.worst_ms = heard.times.last().map_or(0, |time| time.as_millis() as u64);
    plane.stop().await;
    place.end_all();
    whatsapp.shutdown().await;
    Some(found)
}
