//! WhatsApp goes away and comes back under many workers: how long it takes until all of them are signed in again, and whether they
//! come all at once.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use serde::Serialize;
use virtual_whatsapp::{EventKind, Options, VirtualWhatsApp};

use crate::{Bot, ControlPlane, Flavour, Place};

/// No worker is longer away than the longest wait between two tries, and a little.
const LIMIT: Duration = Duration::from_secs(400);

/// More users than any place of a test has, and others.
const USERS: &str = "3500000000-3500001999";

/// What came of it.
#[derive(Debug, Default, Serialize)]
pub struct Returned {
    /// How many workers there were.
    pub workers: u64,
    /// How many came back.
    pub returned: u64,
    /// For how long WhatsApp was away, in seconds.
    pub away_s: u64,
    /// When the first was signed in again, in milliseconds since WhatsApp was back.
    pub first_ms: u64,
    /// When half of them were.
    pub median_ms: u64,
    /// When all of them were.
    pub all_ms: u64,
    /// How many came within the busiest second.
    pub busiest_second: u64,
}

impl Returned {
    /// Marks that were missed, in words.
    #[must_use]
    pub fn missed(&self) -> Vec<String> {
        let away = self.workers - self.returned;
        if away > 0 { vec![format!("{away} of {} workers stayed away", self.workers)] } else { Vec::new() }
    }
}

/// Runs it with so many workers.
///
/// # Panics
/// Where what is tried cannot be set up.
pub async fn run(workers: u16, away: Duration, seed: u64) -> Returned {
    let whatsapp = VirtualWhatsApp::start(Options { seed: Some(seed), ..Options::default() });
    let whatsapp = whatsapp.await.expect("the virtual WhatsApp starts");
    let place = Place::new()
        .with("LOG_LEVEL", "info")
        .with("HEARTBEAT_INTERVAL_MS", "30000")
        .with("WORKER_USERS", USERS);
    let plane = ControlPlane::start(&place, Flavour::Virtual, &whatsapp.url()).await;
    for n in 1..=workers {
        Bot::linked(plane.admin(), &whatsapp, n).await;
    }
    whatsapp.shutdown().await;
    // This is how long it is away, and waits for nothing.
    tokio::time::sleep(away).await;
    whatsapp.restart().await.expect("its address is free");
    let (back, mut seen, mut came) = (Instant::now(), whatsapp.events().last(), BTreeMap::new());
    let all = async {
        while came.len() < usize::from(workers) {
            for event in whatsapp.events().next_after(seen).await {
                seen = seen.max(event.seq);
                if let EventKind::LoggedIn { number, .. } = &event.kind {
                    came.entry(number.clone()).or_insert_with(|| back.elapsed());
                }
            }
        }
    };
    let _counted_anyway = tokio::time::timeout(LIMIT, all).await;
    let mut times: Vec<u64> = came.values().map(|time| time.as_millis() as u64).collect();
    times.sort_unstable();
    let within_a_second =
        |from: &u64| times.iter().filter(|time| (*from..from + 1_000).contains(*time)).count();
    let found = Returned {
        workers: u64::from(workers),
        returned: times.len() as u64,
        away_s: away.as_secs(),
        first_ms: times.first().copied().unwrap_or_default(),
        median_ms: times.get(times.len() / 2).copied().unwrap_or_default(),
        all_ms: times.last().copied().unwrap_or_default(),
        busiest_second: times.iter().map(within_a_second).max().unwrap_or_default() as u64,
    };
    plane.stop().await;
    place.end_all();
    whatsapp.shutdown().await;
    found
}
