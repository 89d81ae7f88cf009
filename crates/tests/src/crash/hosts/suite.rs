//! Many tries with hosts side by side, within a time, and the faults that they must find.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use crash::{Canary, PLACE_POINTS, Process};
use tokio::task::JoinSet;

use super::{
    plan::{HostPlan, HostStep, Party},
    world::World,
};
use crate::crash::{
    Finding, Kind, Outcome, base,
    generate::Sort,
    plan::Stop,
    report::{self, Report},
    run::Terms,
};

/// A planted fault must be found within so many tries.
const CANARY_TRIES: usize = 50;
/// A planted fault leaves somebody without an answer: that need not be waited for as long as a real one.
const CANARY_LIMIT: Duration = Duration::from_secs(15);
/// Failures after which a run ends early: more of them tell nothing new.
const FAILURES_MAX: u64 = 5;
/// The tenant that goes from the first host to the second where a point is enumerated.
const MOVED: usize = 0;
const SOURCE: usize = 0;
const TARGET: usize = 1;

/// What the source of a move passes, and what its target does, in this order.
const AT_SOURCE: [(&str, u32); 3] = [("cell_marked", 1), ("cell_read", 1), ("cell_purged", 1)];
const AT_TARGET: [(&str, u32); 5] =
    [("cell_marked", 1), ("cell_half_laid", 1), ("cell_laid", 1), ("cell_read", 1), ("cell_marked", 2)];

fn stop(point: &str, hit: u32) -> Option<Stop> {
    Some(Stop { point: point.to_owned(), hit })
}

fn say(tenant: usize, who: usize, text: &str) -> HostStep {
    HostStep::Say { tenant, who, text: text.to_owned() }
}

/// A tenant is asked to go so many times, while customers write to it and to another.
fn moves(times: usize) -> Vec<HostStep> {
    let mut steps = vec![say(MOVED, 0, "Hello"), say(MOVED + 1, 1, "1")];
    for _ in 0..times {
        steps.push(HostStep::Move { tenant: MOVED, to: Some(TARGET) });
        steps.extend([say(MOVED, 0, "1"), say(MOVED, 2, "Hello"), HostStep::Arrived]);
    }
    steps.push(HostStep::Answered);
    steps
}

/// Every point of a move, one after the other: whoever is ended at one meets the next when it goes on.
#[must_use]
pub fn all_points() -> Vec<HostPlan> {
    let control = PLACE_POINTS.iter().filter(|point| point.process == Process::Control);
    let control = control.map(|point| stop(point.name, 1)).collect();
    let [source, target] = [&AT_SOURCE[..], &AT_TARGET[..]]
        .map(|points| points.iter().map(|(point, hit)| stop(point, *hit)).collect::<Vec<_>>());
    vec![
        HostPlan { steps: moves(1), control, ..HostPlan::default() },
        HostPlan { steps: moves(AT_SOURCE.len()), hosts: [source, Vec::new()], ..HostPlan::default() },
        // Where the target goes away, the tenant stays where it was.
        HostPlan { steps: moves(AT_TARGET.len() + 1), hosts: [Vec::new(), target], ..HostPlan::default() },
    ]
}

/// Each point of a move by itself: whoever passes it is ended alone, with its workers, or together with another party.
#[must_use]
pub fn enumerated() -> Vec<HostPlan> {
    let mut plans = Vec::new();
    let steps = || moves(1);
    for point in PLACE_POINTS.iter().filter(|point| point.process == Process::Control) {
        for also in [None, Some(Party::Machine(SOURCE)), Some(Party::Machine(TARGET))] {
            let control = vec![stop(point.name, 1)];
            plans.push(HostPlan { steps: steps(), control, also, ..HostPlan::default() });
        }
    }
    for (host, points) in [(SOURCE, &AT_SOURCE[..]), (TARGET, &AT_TARGET[..])] {
        for (point, hit) in points {
            for also in [None, Some(Party::Plane), Some(Party::Machine(host))] {
                let mut plan = HostPlan { steps: steps(), also, ..HostPlan::default() };
                plan.hosts[host] = vec![stop(point, *hit)];
                plans.push(plan);
            }
        }
    }
    plans
}

/// A run of the scenes with hosts.
pub struct HostSuite {
    world: Arc<World>,
    jobs: usize,
    out: PathBuf,
    /// What came of it so far.
    pub report: Report,
    /// Points at which a process has ended itself.
    pub ended_at: BTreeSet<String>,
}

impl HostSuite {
    /// Makes the world from which tries begin. Failures are written below `out`.
    pub async fn prepare(jobs: usize, out: PathBuf) -> Self {
        let world = Arc::new(Box::pin(World::make()).await);
        Self { world, jobs: jobs.max(1), out, report: Report::default(), ended_at: BTreeSet::new() }
    }

    /// The world.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// All points, then single ones and seeds in turn, until `until`.
    pub async fn run(&mut self, first: u64, until: Instant) {
        let mut seeds = (first..).map(super::plan);
        let points = enumerated();
        let from = usize::try_from(first).unwrap_or_default() % points.len();
        let single = points[from..].iter().chain(&points[..from]).cloned();
        let mixed: Vec<_> = single.flat_map(|point| [Some(point), seeds.next()]).flatten().collect();
        let plans = all_points().into_iter().chain(mixed).chain(seeds);
        self.tries(plans, until, Terms::default(), |_| true).await;
    }

    /// Points of moves that were not reached by now.
    #[must_use]
    pub fn unreached(&self) -> Vec<&'static str> {
        let names = PLACE_POINTS.iter().map(|point| point.name);
        names.filter(|name| !self.report.passed.contains_key(*name)).collect()
    }

    /// Plants a fault and tries until it is found; after how many tries it was, and as what.
    pub async fn canary(&mut self, canary: Canary, first: u64) -> Option<(u64, String)> {
        let terms = Terms { planted: Some(canary), limit: CANARY_LIMIT, failing: None };
        let (mut tries, mut found) = (0, None);
        let (jobs, report) = (self.jobs, std::mem::take(&mut self.report));
        self.jobs = 1;
        let plans = std::iter::once(likely(canary)).chain((first..).map(super::plan)).take(CANARY_TRIES);
        let far = Instant::now() + Duration::from_secs(3600);
        self.tries(plans, far, terms, |outcome| {
            tries += 1;
            let proof = outcome.findings.iter().find(|finding| proves(canary, finding));
            found = proof.map(|finding| (tries, finding.to_string()));
            found.is_none()
        })
        .await;
        // What a planted fault broke says nothing of the product.
        (self.jobs, self.report) = (jobs, report);
        found
    }

    /// Carries plans out, several at once, until `until`, or until `go_on` says no.
    async fn tries(
        &mut self,
        mut plans: impl Iterator<Item = HostPlan>,
        until: Instant,
        terms: Terms,
        mut go_on: impl FnMut(&Outcome) -> bool,
    ) {
        let mut running: JoinSet<(HostPlan, Outcome, Option<PathBuf>)> = JoinSet::new();
        let mut going = true;
        loop {
            while going
                && running.len() < self.jobs
                && Instant::now() < until
                && (terms.planted.is_some() || self.report.failed() < FAILURES_MAX)
            {
                let Some(plan) = plans.next() else { break };
                let world = Arc::clone(&self.world);
                running.spawn(async move {
                    let kept = tempfile::tempdir().ok().map(tempfile::TempDir::keep);
                    let outcome = Box::pin(super::run(&world, &plan, terms, kept.as_deref())).await;
                    (plan, outcome, kept)
                });
            }
            let Some(done) = running.join_next().await else { break };
            let (plan, outcome, kept) = done.expect("a try comes to its end");
            self.report.add(Sort::Hosts, &outcome);
            if terms.planted.is_none() {
                self.ended_at.extend(outcome.ended_at.iter().cloned());
            }
            going &= go_on(&outcome);
            if terms.planted.is_none() && !outcome.findings.is_empty() {
                self.tell(&plan, &outcome.findings, kept.as_deref());
            }
            if let Some(kept) = kept {
                let _ = std::fs::remove_dir_all(kept);
            }
        }
    }

    /// Says what failed, and writes down all that another person needs to see it again.
    #[expect(clippy::print_stdout, reason = "a tool that tells what it finds")]
    fn tell(&self, plan: &HostPlan, findings: &[Finding], kept: Option<&Path>) {
        let name = plan.name();
        println!("FAILED with hosts, seed {} ({name}):", plan.seed);
        findings.iter().for_each(|finding| println!("  {finding}"));
        let stops: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
        let named = if plan.seed > 0 { plan.seed.to_string() } else { stops.chars().take(80).collect() };
        let folder = self.out.join(format!("hosts-{named}"));
        let _ = std::fs::create_dir_all(&folder);
        let _ =
            std::fs::write(folder.join("plan.json"), serde_json::to_string_pretty(plan).unwrap_or_default());
        let mut text = format!("commit {}\nplan: {name}\n\n", report::commit());
        findings.iter().for_each(|finding| text.push_str(&format!("{finding}\n")));
        let again = format!("scripts/crash hosts --plan {}/plan.json", folder.display());
        text.push_str(&format!("\nAgain: {again}\n"));
        let _ = std::fs::write(folder.join("findings.txt"), text);
        if let Some(kept) = kept {
            let _ = base::copy(kept, &folder.join("state"));
        }
        println!("  again: {again}");
    }
}

/// What a planted fault must be found as: anything else could be chance.
fn proves(canary: Canary, finding: &Finding) -> bool {
    match canary {
        Canary::UnfencedMove => finding.kind == Kind::TwoAtOnce,
        Canary::ForgottenWorkers => finding.kind == Kind::NotTakenOver,
        _ => false,
    }
}

/// A try that is likely to find a fault comes first, since each costs some seconds.
fn likely(canary: Canary) -> HostPlan {
    match canary {
        Canary::ForgottenWorkers => {
            let (host, control) = (Party::Host(SOURCE), Party::Plane);
            let ended = [host, control].map(|what| HostStep::Kill { what });
            let steps = ended.into_iter().chain([say(MOVED, 0, "Hello"), HostStep::Answered]).collect();
            HostPlan { steps, ..HostPlan::default() }
        }
        // What is left of it stays where it was for a while, and so does its worker.
        _ => {
            let source = [2, 1, 1].map(|hit| stop("cell_marked", hit)).to_vec();
            HostPlan { steps: moves(1), hosts: [source, Vec::new()], ..HostPlan::default() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_point_of_a_move_is_enumerated() {
        let plans = enumerated();
        let stops = plans.iter().flat_map(|plan| plan.control.iter().chain(plan.hosts.iter().flatten()));
        let named: BTreeSet<&str> = stops.flatten().map(|stop| stop.point.as_str()).collect();
        assert_eq!(named, PLACE_POINTS.iter().map(|point| point.name).collect());
    }
}
