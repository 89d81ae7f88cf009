//! What confinement and sealing cost a worker: its start and its memory with each of them, as ratios to what they are without.
//! The worker is started by hand in a cell of its own and waits for the word to connect, so that nothing else is in the figure.

use std::{os::unix::fs::PermissionsExt as _, time::Instant};

use domain::{TenantId, WantedConfinement, WorkerBounds};
use link::TokenKey;
use serde::Serialize;

use crate::{Flavour, Place, binaries, by_hand::Hand, process};

/// A key of tests.
const KEY: [u8; 32] = [5; 32];

/// Both without, each alone, both.
const KINDS: [(WantedConfinement, bool); 4] = [
    (WantedConfinement::Off, false),
    (WantedConfinement::Full, false),
    (WantedConfinement::Off, true),
    (WantedConfinement::Full, true),
];

/// Medians of one kind.
#[derive(Debug, Default, Clone, Copy, Serialize)]
pub struct Cost {
    /// From the start of the process until it is ready, in milliseconds.
    pub start_ms: f64,
    /// Memory that it has written itself and shares with nobody, in MB.
    pub memory_mb: f64,
}

/// What came of it.
#[derive(Debug, Default, Serialize)]
pub struct Costs {
    /// Whether the build is optimised, as it ships.
    pub optimised: bool,
    /// Workers of each kind.
    pub workers: u64,
    /// Confined by nothing, files in clear.
    pub without: Cost,
    /// Confined, files in clear.
    pub confined: Cost,
    /// Confined by nothing, files sealed.
    pub sealed: Cost,
    /// As they ship.
    pub both: Cost,
    /// Start and memory as they ship, to what they are without both.
    pub ratio: [f64; 2],
}

/// Runs so many workers of each kind, in turn.
///
/// # Panics
/// Where a worker does not start.
pub async fn run(workers: u64) -> Costs {
    let place = Place::new();
    let mut taken = [const { Vec::new() }; KINDS.len()];
    // In turn, so that what else the machine does is in all of them alike; the first round warms files and pages.
    for round in 0..=workers {
        for (kind, taken) in KINDS.into_iter().zip(&mut taken) {
            let cost = one(&place, kind).await;
            if round > 0 {
                taken.push(cost);
            }
        }
    }
    let [without, confined, sealed, both] = taken.map(|costs| Cost {
        start_ms: median(costs.iter().map(|cost| cost.start_ms)),
        memory_mb: median(costs.iter().map(|cost| cost.memory_mb)),
    });
    let ratio = [both.start_ms / without.start_ms, both.memory_mb / without.memory_mb].map(rounded);
    Costs { optimised: optimised().await, workers, without, confined, sealed, both, ratio }
}

/// As the build says of itself.
async fn optimised() -> bool {
    let program = binaries::binary(Flavour::Virtual);
    let said = tokio::process::Command::new(program).arg("--version").output().await.expect("it can be run");
    !String::from_utf8_lossy(&said.stdout).contains("not optimised")
}

async fn one(place: &Place, (confinement, sealed): (WantedConfinement, bool)) -> Cost {
    let tenant = TenantId::generate();
    let cell = place.cell(&tenant.to_string());
    std::fs::create_dir_all(&cell).expect("a place can be written");
    std::fs::set_permissions(&cell, std::fs::Permissions::from_mode(0o700)).expect("a place can be written");
    let key = TokenKey::from_bytes([9; 32]);
    let hand = Hand { tenant, key, cell, sockets: place.path().join("sockets"), connects: false };
    let bounds = WorkerBounds { confinement, ..WorkerBounds::default() };
    let began = Instant::now();
    let mut worker = hand.launch_with(place, 1, bounds, sealed.then_some(KEY)).expect("it can be started");
    worker.ready().await.expect("it is ready");
    let start_ms = began.elapsed().as_secs_f64() * 1e3;
    let memory_mb = process::private_dirty(worker.pid()) as f64 / 1e6;
    worker.child.kill().await.expect("it runs");
    Cost { start_ms, memory_mb }
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_unstable_by(f64::total_cmp);
    rounded(figures.get(figures.len() / 2).copied().unwrap_or_default())
}

fn rounded(figure: f64) -> f64 {
    (figure * 100.0).round() / 100.0
}
