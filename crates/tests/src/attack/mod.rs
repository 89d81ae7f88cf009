//! The attack driver: a stranger with the port alone, a removed operator with all that was shown to it, and a worker that
//! lies, each for a while against a control plane on loopback. Beside them a neighbour's bot goes on answering and a
//! rightful operator goes on reading and changing; what is left of memory, disk, readiness and neighbour afterwards is
//! held against marks. Every refusal has a control beside it: the same request with the right to it.

#![allow(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]
#![allow(
    clippy::print_stderr,
    reason = "a lying worker has no other place to say what became of it than its log"
)]

mod browser;
mod liar;
mod marks;
mod measure;
mod neighbour;
mod removed;
pub mod report;
mod rightful;
mod stage;
mod stranger;
pub mod worker;

use std::time::Duration;

pub use browser::{Answer, Browser};
pub use marks::{Mark, Verdict};
pub use measure::Figures;

use crate::{Flavour, LIMIT};
use marks::Marks;
use measure::Peaks;
use stage::Stage;

/// Who attacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Attacker {
    /// Has the port.
    Stranger,
    /// Was an operator, and kept every cookie, key, link and open stream.
    Operator,
    /// Is one tenant's worker, with its directory and its token.
    Worker,
}

impl Attacker {
    /// All of them, in the order in which they come.
    pub const ALL: [Self; 3] = [Self::Stranger, Self::Operator, Self::Worker];

    /// Its name on the command line and in the record.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stranger => "stranger",
            Self::Operator => "operator",
            Self::Worker => "worker",
        }
    }

    /// Who that is.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Stranger => "a stranger with the port alone",
            Self::Operator => "a removed operator with all its cookies",
            Self::Worker => "a worker that lies",
        }
    }
}

/// How it is done.
#[derive(Debug, Clone)]
pub struct Terms {
    /// How long each attacker goes on.
    pub time: Duration,
    /// Of which commit the driver is, as the tree said when it began.
    pub commit: String,
    /// From which all chance is drawn.
    pub seed: u64,
    /// The build that is attacked.
    pub flavour: Flavour,
    /// Whether a weakness is planted, which the marks must show: the stranger knows the password, the operator was not
    /// removed, a number stands in the metrics.
    pub planted: bool,
    /// The executable of the worker that lies: the driver itself.
    pub liar: std::path::PathBuf,
}

/// What one attacker has come to.
#[derive(Debug)]
pub struct Outcome {
    /// Who attacked.
    pub attacker: Attacker,
    /// Before anything was attacked, and after a first tenth of the attack: what is allocated once stands from then on.
    pub before: [Figures; 2],
    /// The most that was seen during the attack.
    pub peaks: Peaks,
    /// Once all had settled.
    pub after: Figures,
    /// The marks.
    pub marks: Vec<Mark>,
    /// What was done, and how often.
    pub told: Vec<(&'static str, u64)>,
}

/// How long figures may take to come back to what they were.
const SETTLE: Duration = Duration::from_secs(45);

/// Runs one attacker against a control plane of its own.
pub async fn run(attacker: Attacker, terms: &Terms) -> Outcome {
    let stage = Stage::set(attacker, terms).await;
    let cold = measure::figures(&stage);
    let neighbour = neighbour::Talk::begin(&stage);
    let rightful = rightful::Work::begin(&stage, terms.time);
    // What is allocated once stands before the second look.
    rightful::come_in_together(&stage).await;
    let mut marks = Marks::default();
    let mut attack = Attack::of(attacker, &stage, terms).await;
    attack.go(&stage, (terms.time / 10).max(Duration::from_secs(1)), &mut Peaks::default()).await;
    let warm = measure::settled(&stage, None, Duration::from_secs(12)).await;
    let mut peaks = Peaks::default();
    attack.go(&stage, terms.time, &mut peaks).await;
    let rightful = rightful.end().await;
    let neighbour = neighbour.end(&stage).await;
    let mut told = attack.finish(&stage, &mut marks).await;
    if attacker == Attacker::Worker && !terms.planted {
        marks.liars_cell(&peaks);
    }
    let after = measure::settled(&stage, Some(&warm), SETTLE).await;
    marks::hold(
        &mut marks,
        attacker,
        &stage,
        [&cold, &warm],
        &peaks,
        &after,
        &neighbour,
        &rightful,
        terms.time.as_secs(),
    );
    told.extend(neighbour.told());
    told.extend(rightful.told());
    stage.end().await;
    Outcome { attacker, before: [cold, warm], peaks, after, marks: marks.into(), told }
}

/// One of the three.
enum Attack {
    Stranger(Box<stranger::Stranger>),
    Operator(Box<removed::Removed>),
    Worker(Box<liar::Liar>),
}

impl Attack {
    async fn of(attacker: Attacker, stage: &Stage, terms: &Terms) -> Self {
        match attacker {
            Attacker::Stranger => Self::Stranger(Box::new(stranger::Stranger::new(stage, terms).await)),
            Attacker::Operator => Self::Operator(Box::new(removed::Removed::new(stage, terms).await)),
            Attacker::Worker => Self::Worker(Box::new(liar::Liar::new(stage, terms))),
        }
    }

    async fn go(&mut self, stage: &Stage, time: Duration, peaks: &mut Peaks) {
        let attack = async {
            match self {
                Self::Stranger(stranger) => stranger.go(time).await,
                Self::Operator(removed) => removed.go(time).await,
                Self::Worker(liar) => liar.go(stage, time).await,
            }
        };
        tokio::select! {
            () = attack => {}
            () = measure::watch(stage, peaks) => {}
        }
    }

    async fn finish(self, stage: &Stage, marks: &mut Marks) -> Vec<(&'static str, u64)> {
        match self {
            Self::Stranger(stranger) => stranger.finish(marks),
            Self::Operator(removed) => removed.finish(marks),
            Self::Worker(liar) => liar.finish(stage, marks).await,
        }
    }
}

/// Waits for something of the driver's own, no longer than anything may take.
async fn in_time<T>(what: &str, work: impl Future<Output = T>) -> T {
    tokio::time::timeout(LIMIT, work).await.unwrap_or_else(|_| panic!("{what}: not within {LIMIT:?}"))
}
