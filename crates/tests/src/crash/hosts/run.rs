//! One try with hosts from its beginning to its verdict.

use std::path::Path;

use super::{
    check,
    fleet::{Fleet, Ground},
    plan::HostPlan,
    talk::Talk,
    world::World,
};
use crate::crash::{
    Finding, Kind, Outcome, base,
    run::{Terms, serve},
    trace,
};

/// Carries a plan out, in a copy of the world. `keep` gets the folder of a try that failed.
pub async fn run(world: &World, plan: &HostPlan, terms: Terms, keep: Option<&Path>) -> Outcome {
    let ground = Ground::of(base::folder());
    let root = ground.path().to_owned();
    world.lay_out(&ground).expect("the world can be copied");
    let whatsapp = serve(&root).await;
    let fleet = Fleet::start(ground, &whatsapp.url(), plan, terms.planted).await;
    let mut talk = Talk::begin(&fleet, world, &whatsapp, terms.limit);
    let mut findings = Vec::new();
    if let Err(why) = converse(&mut talk, plan).await {
        let why = match fleet.broken() {
            Some(who) => format!("{why}; {who} dies again and again"),
            None => why,
        };
        findings.push(Finding::new(Kind::Hung, why));
        for tenant in talk.not_looked_after().await {
            let what = format!("tenant {tenant}'s worker lives, and the control plane has none");
            findings.push(Finding::new(Kind::NotTakenOver, what));
        }
    }
    let said = std::mem::take(&mut talk.said);
    drop(talk);
    fleet.end().await;

    let mut outcome =
        Outcome { messages: said.iter().map(|said| said.len() as u64).sum(), ..Outcome::default() };
    for (run, process) in fleet.runs() {
        let lines = trace::read(&run, process);
        for (point, hits) in trace::most(&lines) {
            let most = outcome.passed.entry(point).or_default();
            *most = hits.max(*most);
        }
        outcome.ended_at.extend(trace::ended_at(&lines).map(ToOwned::to_owned));
        outcome.stopped += lines.iter().filter(|line| line.what == "killed").count();
    }
    let (more, counts) = check::check(&root, world, &whatsapp, &said);
    findings.extend(more);
    (outcome.findings, outcome.counts) = (findings, counts);
    if let (false, Some(keep)) = (outcome.findings.is_empty(), keep) {
        let _ = base::copy(&root, keep);
        let events = whatsapp.events().since(0);
        let lines: String =
            events.iter().map(|event| format!("{} {:?}\n", event.at_ms, event.kind)).collect();
        let _ = std::fs::write(keep.join("whatsapp.events"), lines);
    }
    whatsapp.shutdown().await;
    outcome
}

async fn converse(talk: &mut Talk<'_>, plan: &HostPlan) -> Result<(), String> {
    for step in &plan.steps {
        talk.step(step).await?;
    }
    talk.at_rest().await
}
