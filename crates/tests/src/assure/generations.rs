//! R6: a worker that is paused, or that nobody talks with, while one of a newer generation wants to start; and at any moment
//! the old one is killed, or is not. The new one is never admitted while the old one lives, and the old one is never again
//! once the new one was.

use std::{os::unix::fs::PermissionsExt as _, pin::pin, time::Duration};

use domain::TenantId;
use link::{Exit, TokenKey, launch::LaunchError};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde::Serialize;
use tokio::{task::JoinSet, time::timeout};

use crate::{
    Place,
    by_hand::{Hand, Launched},
    process::{self, Signal},
};

/// Cells in which it is tried at once.
const CELLS: u64 = 4;
/// The longest time from the new one's launch to the old one's death, in milliseconds: about as long as a launch takes.
const WITHIN_MS: u64 = 120;
/// Every so many tries the old generation is started once more, after all.
const STALE_EVERY: u64 = 8;

/// What came of it.
#[derive(Debug, Default, Serialize)]
pub struct Generations {
    /// Tries.
    pub tries: u64,
    /// Newer ones that were refused, since the old one lived.
    pub refused: u64,
    /// Newer ones that were admitted, after the old one was killed.
    pub admitted: u64,
    /// Older ones that were started once more, and refused.
    pub stale_refused: u64,
    /// What must never happen, in words.
    pub wrong: Vec<String>,
}

/// Tries it so often.
///
/// # Panics
/// Where a worker cannot be started at all.
pub async fn tries(count: u64, seed: u64) -> Generations {
    let mut cells = JoinSet::new();
    for cell in 0..CELLS {
        let share = count / CELLS + u64::from(cell < count % CELLS);
        cells.spawn(in_a_cell(share, seed.wrapping_mul(CELLS).wrapping_add(cell)));
    }
    let mut all = Generations::default();
    while let Some(found) = cells.join_next().await {
        let found = found.expect("a cell's tries come to their end");
        all.tries += found.tries;
        all.refused += found.refused;
        all.admitted += found.admitted;
        all.stale_refused += found.stale_refused;
        all.wrong.extend(found.wrong);
    }
    all
}

async fn in_a_cell(count: u64, seed: u64) -> Generations {
    let place = Place::new();
    let tenant = TenantId::generate();
    let cell = place.cell(&tenant.to_string());
    std::fs::create_dir_all(&cell).expect("a directory");
    std::fs::set_permissions(&cell, std::fs::Permissions::from_mode(0o700)).expect("a directory");
    let (key, sockets) = (TokenKey::from_bytes([9; 32]), place.path().join("sockets"));
    let hand = Hand { tenant, key, cell, sockets, connects: false };
    let (mut draw, mut found) = (StdRng::seed_from_u64(seed), Generations::default());
    let mut generation = 1;
    let mut old = admitted(&hand, &place, generation).await;
    for number in 0..count {
        found.tries += 1;
        let paused = draw.random_range(0..2_u32) == 0;
        let killed_after = (draw.random_range(0..3_u32) > 0).then(|| draw.random_range(0..WITHIN_MS));
        if paused {
            process::signal(old.pid(), Signal::STOP);
        }
        generation += 1;
        let mut new = hand.launch(&place, generation).expect("a worker can be started");
        let (ready, was_killed) = {
            let mut ready = pin!(new.ready());
            match killed_after {
                None => (ready.await, false),
                // Whichever comes first: its word, or the old one's death.
                Some(after) => match timeout(Duration::from_millis(after), &mut ready).await {
                    Ok(ready) => (ready, false),
                    Err(_) => {
                        process::signal(old.pid(), Signal::KILL);
                        (ready.await, true)
                    }
                },
            }
        };
        match ready {
            Ok(()) => {
                found.admitted += 1;
                if !was_killed {
                    found.wrong.push(format!("try {number}: generation {generation} beside one that lives"));
                }
                // The kernel lets go of the lock before the process is no more.
                let _ = old.child.wait().await;
                if number % STALE_EVERY == 0 {
                    stale(&hand, &place, generation - 1, Exit::CellBusy, &mut found).await;
                }
                old = new;
            }
            Err(LaunchError::Failed { exit: Exit::CellBusy, .. }) => {
                found.refused += 1;
                let _ = new.child.wait().await;
                if !was_killed {
                    process::signal(old.pid(), Signal::CONT);
                    if !process::lives(old.pid()) {
                        found.wrong.push(format!("try {number}: the old one has ended by itself"));
                    }
                    let _ = old.child.kill().await;
                }
                let _ = old.child.wait().await;
                generation += 1;
                old = admitted(&hand, &place, generation).await;
            }
            Err(error) => {
                found.wrong.push(format!("try {number}: generation {generation}: {error}"));
                return found;
            }
        }
    }
    let _ = old.child.kill().await;
    stale(&hand, &place, generation - 1, Exit::OldGeneration, &mut found).await;
    found
}

/// One that nothing speaks against.
async fn admitted(hand: &Hand, place: &Place, generation: i64) -> Launched {
    let mut launched = hand.launch(place, generation).expect("a worker can be started");
    let ready = launched.ready().await;
    ready.unwrap_or_else(|error| panic!("generation {generation}, alone in its cell: {error}"));
    launched
}

/// An older one is refused, for this reason.
async fn stale(hand: &Hand, place: &Place, generation: i64, why: Exit, found: &mut Generations) {
    let mut launched = hand.launch(place, generation).expect("a worker can be started");
    match launched.ready().await {
        Err(LaunchError::Failed { exit, .. }) if exit == why => found.stale_refused += 1,
        other => found.wrong.push(format!("generation {generation} once more: {other:?}, not {why:?}")),
    }
    let _ = launched.child.kill().await;
}
