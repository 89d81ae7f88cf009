//! Many tries side by side, within a time: the enumeration, seeds, and the planted faults.

use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use crash::{Canary, POINTS};
use tokio::task::JoinSet;

use super::{
    Kind, Outcome, Plan,
    base::Bases,
    generate::{self, Sort},
    report::{self, Report},
    run::{self, Terms},
};

/// A planted fault must be found within so many tries.
pub const CANARY_TRIES: u64 = 200;
/// Tries that are spent on finding the shortest conversation of a failure.
const SHRINK_TRIES: usize = 12;
/// Failures after which a run ends early: more of them tell nothing new.
const FAILURES_MAX: u64 = 5;

/// Points of which each has a conversation of its own; they are tried first.
const FIRST: [&str; 4] = ["outcome_decided", "due_marked", "restore_before_commit", "erase_before_commit"];

/// Where a contact's two names become one: the channel finds the other name before the worker sees a message, so that
/// this is reached by the worker's own tests alone.
const NOT_END_TO_END: &str = "contact_merged";

/// A run of the driver.
pub struct Suite {
    bases: Arc<Bases>,
    jobs: usize,
    out: PathBuf,
    /// What came of it so far.
    pub report: Report,
}

impl Suite {
    /// Prepares the state from which tries begin. Failures are written below `out`.
    pub async fn prepare(jobs: usize, out: PathBuf) -> Self {
        Self { bases: Arc::new(Bases::make().await), jobs: jobs.max(1), out, report: Report::default() }
    }

    /// The states from which tries begin.
    #[must_use]
    pub fn bases(&self) -> &Bases {
        &self.bases
    }

    /// Every point: at its first hit, its second, until a run has none; or until `until`.
    pub async fn enumerate(&mut self, until: Instant) {
        let mut points: Vec<&str> =
            POINTS.iter().map(|point| point.name).filter(|name| *name != NOT_END_TO_END).collect();
        // On a slow machine too each conversation is had once.
        points.sort_by_key(|point| !FIRST.contains(point));
        for hit in 1.. {
            if points.is_empty() || Instant::now() >= until || self.has_enough() {
                break;
            }
            let plans = points.iter().map(|point| generate::enumerated(point, hit));
            let mut met = BTreeSet::new();
            let mut tried = BTreeSet::new();
            self.tries(plans, until, Terms::default(), |plan, outcome| {
                let stop = plan.worker.iter().chain(&plan.control).flatten().next();
                let point = stop.map(|stop| stop.point.clone()).unwrap_or_default();
                if outcome.stopped > 0 {
                    met.insert(point.clone());
                }
                tried.insert(point);
                true
            })
            .await;
            self.report.enumerated +=
                points.iter().filter(|point| tried.contains(**point) && !met.contains(**point)).count();
            points.retain(|point| met.contains(*point));
        }
    }

    /// Seeds from `first` on, until `until`.
    pub async fn seeds(&mut self, first: u64, until: Instant) {
        self.tries((first..).map(generate::plan), until, Terms::default(), |_, _| true).await;
    }

    /// What else people send, in turn, from a seed on, until `until`.
    pub async fn kinds(&mut self, first: u64, until: Instant) {
        self.seeds(generate::KINDS.saturating_add(first), until).await;
    }

    /// Whether every point was reached by now; those that were not.
    #[must_use]
    pub fn unreached(&self) -> Vec<&'static str> {
        let names = POINTS.iter().map(|point| point.name).filter(|name| *name != NOT_END_TO_END);
        names.filter(|name| !self.report.passed.contains_key(*name)).collect()
    }

    /// Plants a fault and tries until it is found; after how many tries it was, and as what.
    pub async fn canary(&mut self, canary: Canary, first: u64) -> Option<(u64, String)> {
        let terms = Terms { planted: Some(canary), limit: CANARY_LIMIT, failing: None };
        let (mut tries, mut found) = (0, None);
        let (jobs, report) = (self.jobs, std::mem::take(&mut self.report));
        let far = Instant::now() + Duration::from_secs(3600);
        let plans = likely(canary).into_iter().chain((first..).map(generate::plan));
        self.jobs = jobs.min(2);
        Box::pin(self.tries(plans.take(CANARY_TRIES as usize), far, terms, |_, outcome| {
            tries += 1;
            if found.is_none() {
                let proof = outcome.findings.iter().find(|finding| proves(canary, finding.kind));
                found = proof.map(|finding| (tries, finding.to_string()));
            }
            found.is_none()
        }))
        .await;
        // What a planted fault broke says nothing of the product.
        (self.jobs, self.report) = (jobs, report);
        found
    }

    fn has_enough(&self) -> bool {
        self.report.failed() >= FAILURES_MAX
    }

    /// Carries plans out, several at once, until `until`, or until `go_on` says no.
    async fn tries(
        &mut self,
        plans: impl Iterator<Item = Plan>,
        until: Instant,
        terms: Terms,
        mut go_on: impl FnMut(&Plan, &Outcome) -> bool,
    ) {
        let mut plans = plans.fuse();
        let mut running: JoinSet<(Plan, Outcome, Option<PathBuf>)> = JoinSet::new();
        let mut going = true;
        loop {
            while going
                && running.len() < self.jobs
                && Instant::now() < until
                && (terms.planted.is_some() || !self.has_enough())
            {
                let Some(plan) = plans.next() else { break };
                let bases = Arc::clone(&self.bases);
                running.spawn(async move {
                    let kept = tempfile::tempdir().ok().map(tempfile::TempDir::keep);
                    let outcome = Box::pin(run::run(&bases, &plan, terms, kept.as_deref())).await;
                    (plan, outcome, kept)
                });
            }
            let Some(done) = running.join_next().await else { break };
            let (plan, outcome, kept) = done.expect("a try comes to its end");
            let sort = if plan.seed == 0 { Sort::Enumerated } else { Sort::of(plan.seed) };
            self.report.add(sort, &outcome);
            going &= go_on(&plan, &outcome);
            if terms.planted.is_none() && !outcome.findings.is_empty() {
                self.tell(&plan, &outcome, kept.as_deref()).await;
            }
            if let Some(kept) = kept {
                let _ = std::fs::remove_dir_all(kept);
            }
        }
    }

    /// Says what failed, looks for a shorter conversation, and writes the folder.
    #[expect(clippy::print_stdout, reason = "a tool that tells what it finds")]
    async fn tell(&self, plan: &Plan, outcome: &Outcome, kept: Option<&std::path::Path>) {
        println!("FAILED seed {} ({}):", plan.seed, plan.name());
        outcome.findings.iter().for_each(|finding| println!("  {finding}"));
        let wanted = outcome.findings.first().map_or(Kind::Hung, |finding| finding.kind);
        let terms = Terms { limit: SHRINK_LIMIT, ..Terms::default() };
        let shortest = Box::pin(run::shrink(&self.bases, plan, terms, wanted, SHRINK_TRIES)).await;
        if let Some(kept) = kept {
            let folder = report::failure(&self.out, plan, &shortest, &outcome.findings, kept);
            println!(
                "  {} of {} steps are enough: {}",
                shortest.steps.len(),
                plan.steps.len(),
                folder.display()
            );
        }
    }
}

/// A planted fault mostly leaves somebody without an answer: that need not be waited for as long as a real one.
const CANARY_LIMIT: Duration = Duration::from_secs(15);
/// The same while a conversation is made shorter.
const SHRINK_LIMIT: Duration = Duration::from_secs(20);

/// What a planted fault must be found as: anything else could be chance.
fn proves(canary: Canary, kind: Kind) -> bool {
    match canary {
        Canary::AcknowledgeBeforeWrite | Canary::NoSync => matches!(kind, Kind::Lost | Kind::Doubled),
        Canary::SendThenMark | Canary::NewIdAfterRestart => kind == Kind::Doubled,
        Canary::ForgetAcknowledgement | Canary::AcknowledgeLogsBeforeCommit => kind == Kind::LogLost,
        Canary::StaleGeneration => kind == Kind::StaleAdmitted,
        Canary::SkipConflict => kind == Kind::DoubleBooked,
        Canary::AcknowledgeRecordsUnwritten => kind == Kind::RecordLost,
        Canary::ForgetDone => kind == Kind::Reminder,
        // Others are there for these.
        Canary::UnfencedMove
        | Canary::ForgottenWorkers
        | Canary::DroppedPredicate
        | Canary::DroppedTenant
        | Canary::PolicyNotForced
        | Canary::NameInLog
        | Canary::NumberInMetrics => false,
    }
}

/// Tries of the enumeration and of the seeds that are likely to find a fault come first, since each costs a second.
fn likely(canary: Canary) -> Vec<Plan> {
    let points: &[(&str, u32)] = match canary {
        Canary::AcknowledgeBeforeWrite => &[("inbox_before_commit", 1), ("inbox_before_commit", 2)],
        Canary::SendThenMark => &[("outcome_before_commit", 1), ("outcome_before_commit", 2)],
        Canary::NewIdAfterRestart => &[("send_after", 1), ("send_after", 2), ("send_acknowledged", 1)],
        Canary::AcknowledgeLogsBeforeCommit => {
            &[("logs_store_before_commit", 1), ("logs_store_before_commit", 2)]
        }
        Canary::ForgetAcknowledgement => &[("logs_after_forget", 1)],
        Canary::StaleGeneration => &[("outcome_after_commit", 1)],
        Canary::NoSync => return generate::power_cuts().take(20).collect(),
        Canary::SkipConflict => return generate::rivals().collect(),
        Canary::AcknowledgeRecordsUnwritten => &[("records_confirmed", 1)],
        Canary::ForgetDone => &[("due_after_commit", 1), ("due_after_commit", 2)],
        // The scenes with hosts and the tests of isolation are there for these.
        Canary::UnfencedMove
        | Canary::ForgottenWorkers
        | Canary::DroppedPredicate
        | Canary::DroppedTenant
        | Canary::PolicyNotForced
        | Canary::NameInLog
        | Canary::NumberInMetrics => &[],
    };
    points.iter().map(|(point, hit)| generate::enumerated(point, *hit)).collect()
}
