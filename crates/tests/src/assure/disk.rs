//! R3 with real processes: at a random call of the disk the worker's journal, its session or the control plane's database
//! begins to fail, once or until it is mended, in the middle of a conversation. What was tried is compared with the model of
//! the crash driver's: nothing is lost, nothing doubled.

use std::time::Instant;

use faults::Failure;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde::Serialize;
use tokio::task::JoinSet;

use super::Terms;
use crate::crash::{
    Failing, Finding, Plan,
    base::Bases,
    generate,
    run::{self, Terms as TryTerms},
};

/// Tries at once.
const JOBS: usize = 2;
/// The highest number of a call that is drawn: more than a conversation has in any of these files.
const CALLS: u32 = 220;
/// Which file fails, in which process.
const FILES: [(crash::Process, &str); 3] = [
    (crash::Process::Worker, "journal.db"),
    (crash::Process::Worker, "session.db"),
    (crash::Process::Control, "flowhq.db"),
];

/// What came of it.
#[derive(Debug, Default, Serialize)]
pub struct Disk {
    /// Tries.
    pub tries: u64,
    /// Tries in which a call has failed.
    pub hits: u64,
    /// Messages that customers wrote.
    pub messages: u64,
    /// What was shown to be false, in words.
    pub wrong: Vec<String>,
}

impl Disk {
    /// Marks that were missed, in words.
    #[must_use]
    pub fn missed(&self) -> Vec<String> {
        let mut missed = self.wrong.clone();
        if self.hits == 0 {
            missed.push("no call has failed: nothing was tried".to_owned());
        }
        missed
    }
}

/// Which call of this seed fails.
#[must_use]
pub fn failing(seed: u64) -> Failing {
    let mut draw = StdRng::seed_from_u64(seed);
    let (process, file) = FILES[draw.random_range(0..FILES.len())];
    let kinds = [Failure::Io, Failure::Io, Failure::Full, Failure::Sync];
    Failing {
        process,
        file,
        failure: kinds[draw.random_range(0..kinds.len())],
        nth: draw.random_range(1..=CALLS),
        lasting: draw.random_range(0..2_u32) == 0,
    }
}

/// Tries as many seeds as the time allows.
///
/// # Panics
/// Where a try cannot be set up.
pub async fn run(terms: Terms) -> Disk {
    let bases = std::sync::Arc::new(Bases::make().await);
    let until = Instant::now() + terms.time;
    let (mut found, mut seeds, mut running) = (Disk::default(), terms.seed.., JoinSet::new());
    loop {
        while running.len() < JOBS && Instant::now() < until {
            let Some(seed) = seeds.next() else { break };
            let bases = std::sync::Arc::clone(&bases);
            running.spawn(async move {
                let failing = failing(seed);
                // A stop that is never met: what befalls the processes is the disk alone.
                let plan: Plan = generate::enumerated("outcome_decided", u32::MAX);
                let terms = TryTerms { failing: Some(failing), ..TryTerms::default() };
                (seed, failing, Box::pin(run::run(&bases, &plan, terms, None)).await)
            });
        }
        let Some(done) = running.join_next().await else { return found };
        let (seed, failing, outcome) = done.expect("a try comes to its end");
        found.tries += 1;
        found.hits += u64::from(outcome.failed_calls > 0);
        found.messages += outcome.messages;
        let words = |finding: &Finding| format!("seed {seed}, {failing:?}: {finding}");
        found.wrong.extend(outcome.findings.iter().map(words));
    }
}
