//! The crash driver from the command line; see `scripts/crash` and the recipes that call it.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool that prints its figures")]
#![expect(clippy::expect_used, reason = "a driver that cannot go on says so and ends")]

use std::{
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use clap::{Parser, Subcommand};
use crash::Canary;
use domain::{Clock as _, SystemClock};
use tests::crash::{
    Plan, generate,
    hosts::{self, HostPlan, HostSuite},
    record::Record,
    report,
    run::{self, Terms},
    spec,
    suite::{CANARY_TRIES, Suite},
};

/// Ends Flow HQ's processes by SIGKILL at every point and many instants, and compares what is left with a model
#[derive(Debug, Parser)]
struct Args {
    /// Tries at once
    #[arg(long, default_value_t = std::thread::available_parallelism().map_or(2, usize::from))]
    jobs: usize,
    /// Where failures are written
    #[arg(long, default_value = "target/crash")]
    out: PathBuf,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Enumeration, seeds and planted faults within a time
    Run {
        /// How long, in seconds; planted faults come besides
        #[arg(long, default_value_t = 150)]
        seconds: u64,
        /// The first seed; seeds count up from it
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// How long with bots on hosts, in seconds; two fifths of the others' where nothing is said
        #[arg(long)]
        hosts_seconds: Option<u64>,
        /// Leave the planted faults out
        #[arg(long)]
        no_canaries: bool,
        /// Write the figures here as well
        #[arg(long)]
        record: Option<PathBuf>,
    },
    /// All that people send, under faults and kills
    Kinds {
        /// For how long tries are begun
        #[arg(long, default_value_t = 10)]
        minutes: u64,
        /// The first seed; seeds count up from it
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Write the record here: docs/records/crash-kinds.json
        #[arg(long)]
        record: Option<PathBuf>,
    },
    /// Bots on hosts, which are killed, stopped and cut off while tenants move
    Hosts {
        /// How long, in seconds; planted faults come besides
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        /// The first seed; seeds count up from it
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Leave the planted faults out
        #[arg(long)]
        no_canaries: bool,
        /// The plan of the seed alone, so often
        #[arg(long)]
        times: Option<u32>,
        /// The plan alone that a failure left
        #[arg(long)]
        plan: Option<PathBuf>,
        /// With this fault planted
        #[arg(long)]
        canary: Option<String>,
    },
    /// One plan again: of a seed, of a point and its hit, or from a file
    Replay {
        /// The seed
        #[arg(long)]
        seed: Option<u64>,
        /// The point, like send_after:2
        #[arg(long)]
        point: Option<String>,
        /// A file that a failure left
        #[arg(long)]
        plan: Option<PathBuf>,
        /// How often
        #[arg(long, default_value_t = 1)]
        times: u32,
        /// With this fault planted
        #[arg(long)]
        canary: Option<String>,
    },
    /// How often the databases are synced for a message
    Syncs,
    /// Writes docs/specification.md
    Specification,
}

/// How often a seed is replayed to show that it does the same.
const REPLAYS: u32 = 10;

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    let out = std::path::absolute(&args.out).expect("a path");
    if matches!(args.what, What::Specification) {
        let docs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs");
        let long = std::fs::read_to_string(format!("{docs}/crash-run.md")).unwrap_or_default();
        let attacks = std::fs::read_to_string(format!("{docs}/records/attack.json")).unwrap_or_default();
        let assured = std::fs::read_to_string(format!("{docs}/records/assure.json")).unwrap_or_default();
        let document = spec::document(&long, Record::last().as_ref(), &attacks, &assured);
        std::fs::write(format!("{docs}/specification.md"), document).expect("docs can be written");
        return ExitCode::SUCCESS;
    }
    if let What::Hosts { seconds, seed, no_canaries, times, plan, canary } = args.what {
        let mut hosts = HostSuite::prepare(args.jobs, out).await;
        let planted = canary.map(|name| Canary::of(&name).expect("a planted fault of this name"));
        let alone = match (plan, times) {
            (Some(path), _) => {
                let text = std::fs::read_to_string(path).expect("the file can be read");
                Some(serde_json::from_str(&text).expect("the file holds a plan"))
            }
            (None, Some(_)) => Some(hosts::plan(seed)),
            (None, None) => None,
        };
        let good = match alone {
            Some(plan) => Box::pin(again(&hosts, &plan, times.unwrap_or(1), planted)).await,
            None => {
                println!("commit {}, with hosts, seeds from {seed}, {seconds} s", report::commit());
                let until = Instant::now() + Duration::from_secs(seconds);
                let good = Box::pin(with_hosts(&mut hosts, until, seed)).await;
                println!("\n{}", hosts.report.table());
                good & (no_canaries || Box::pin(host_canaries(&mut hosts, seed)).await)
            }
        };
        return if good { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    let mut suite = Suite::prepare(args.jobs, out.clone()).await;
    let good = match args.what {
        What::Run { seconds, seed, hosts_seconds, no_canaries, record } => {
            let commit = report::commit();
            let mut hosts = HostSuite::prepare(args.jobs, out).await;
            let times = (seconds, hosts_seconds.unwrap_or(seconds * 2 / 5));
            let good = Box::pin(everything(&mut suite, &mut hosts, times, seed, !no_canaries)).await;
            if let Some(path) = record {
                let head = format!("Commit {commit}, seeds from {seed}, {seconds} s.\n\n");
                std::fs::write(path, head + &suite.report.table()).expect("the figures can be written");
            }
            good
        }
        What::Kinds { minutes, seed, record } => {
            let (commit, seconds) = (report::commit(), minutes.saturating_mul(60));
            Box::pin(suite.kinds(seed, Instant::now() + Duration::from_secs(seconds))).await;
            println!("\n{}", suite.report.table());
            if let Some(path) = record {
                let date = SystemClock.now().strftime("%Y-%m-%d").to_string();
                let record = Record::of(&suite.report, date, commit, seed, seconds);
                let text = serde_json::to_string_pretty(&record).expect("a record is JSON") + "\n";
                std::fs::write(path, text).expect("the record can be written");
            }
            suite.report.failed() == 0
        }
        What::Replay { seed, point, plan, times, canary } => {
            let planted = canary.map(|name| Canary::of(&name).expect("a planted fault of this name"));
            match chosen(seed, point, plan) {
                Some(plan) => Box::pin(replay(&suite, &plan, times, planted)).await,
                None => {
                    eprintln!(
                        "say which one: --seed 7, --point send_after:2 or --plan target/crash/seed-7/plan.json"
                    );
                    false
                }
            }
        }
        What::Syncs => Box::pin(syncs(&suite)).await,
        What::Hosts { .. } | What::Specification => true,
    };
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn everything(
    suite: &mut Suite,
    hosts: &mut HostSuite,
    (seconds, hosts_seconds): (u64, u64),
    seed: u64,
    canaries: bool,
) -> bool {
    let began = Instant::now();
    let time = Duration::from_secs(seconds);
    println!("commit {}, seeds from {seed}, {seconds} s", report::commit());
    // Two thirds for the enumeration, where it needs them.
    Box::pin(suite.enumerate(began + time * 2 / 3)).await;
    println!("the enumeration took {} s", began.elapsed().as_secs());
    Box::pin(suite.seeds(seed, began + time)).await;
    let until = Instant::now() + Duration::from_secs(hosts_seconds);
    let mut good = Box::pin(with_hosts(hosts, until, seed)).await;
    suite.report.absorb(std::mem::take(&mut hosts.report));
    println!("\n{}", suite.report.table());
    good &= suite.report.failed() == 0;
    let unreached = suite.unreached();
    if !unreached.is_empty() {
        println!("never reached: {}", unreached.join(", "));
        good = false;
    }
    good &= Box::pin(same(suite, seed)).await;
    for canary in Canary::CRASH.into_iter().filter(|_| canaries) {
        let began = Instant::now();
        let found = Box::pin(suite.canary(canary, seed)).await;
        let time = began.elapsed().as_secs();
        match found {
            Some((tries, what)) => {
                println!("canary {}: found in try {tries}, {time} s: {what}", canary.name());
            }
            None => {
                println!(
                    "canary {}: LIVES after {CANARY_TRIES} tries: the driver proves nothing",
                    canary.name()
                );
                good = false;
            }
        }
    }
    if canaries {
        good &= Box::pin(host_canaries(hosts, seed)).await;
    }
    good
}

/// Scenes with hosts; whether all is well and each point was reached.
async fn with_hosts(hosts: &mut HostSuite, until: Instant, seed: u64) -> bool {
    let began = Instant::now();
    Box::pin(hosts.run(seed, until)).await;
    let all = hosts.report.sum();
    println!("with hosts: {} tries took {} s", all.tries, began.elapsed().as_secs());
    let names = crash::PLACE_POINTS.iter().map(|point| point.name);
    let passed: Vec<_> = names.filter(|name| !hosts.ended_at.contains(*name)).collect();
    if !passed.is_empty() {
        println!("nothing was ended at: {}", passed.join(", "));
    }
    let unreached = hosts.unreached();
    if !unreached.is_empty() {
        println!("never reached: {}", unreached.join(", "));
    }
    all.failed == 0 && unreached.is_empty()
}

/// The faults that scenes with hosts must find.
async fn host_canaries(hosts: &mut HostSuite, seed: u64) -> bool {
    let mut good = true;
    for canary in Canary::HOSTS {
        let began = Instant::now();
        match Box::pin(hosts.canary(canary, seed)).await {
            Some((tries, what)) => {
                let time = began.elapsed().as_secs();
                println!("canary {}: found in try {tries}, {time} s: {what}", canary.name());
            }
            None => {
                println!("canary {}: LIVES: the scenes with hosts prove nothing", canary.name());
                good = false;
            }
        }
    }
    good
}

/// One plan with hosts again.
async fn again(hosts: &HostSuite, plan: &HostPlan, times: u32, planted: Option<Canary>) -> bool {
    println!("{}", plan.name());
    let mut good = true;
    for number in 1..=times {
        let began = Instant::now();
        let kept = tempfile::tempdir().expect("a temporary directory");
        let terms = Terms { planted, ..Terms::default() };
        let outcome = Box::pin(hosts::run(hosts.world(), plan, terms, Some(kept.path()))).await;
        println!(
            "{number}: {} findings, {} stops met, {} messages, {} turns, {} ms",
            outcome.findings.len(),
            outcome.stopped,
            outcome.messages,
            outcome.counts.turns,
            began.elapsed().as_millis()
        );
        outcome.findings.iter().for_each(|finding| println!("  {finding}"));
        if !outcome.findings.is_empty() {
            println!("  all of it: {}", kept.keep().display());
            good = false;
        }
    }
    good
}

/// Ten replays of one seed end in the same way.
async fn same(suite: &Suite, seed: u64) -> bool {
    // Of the sort without faults of WhatsApp's, which may hand messages over in any order.
    let plan = generate::recovery(seed).spoken();
    let mut ends = std::collections::BTreeSet::new();
    for _ in 0..REPLAYS {
        let outcome = Box::pin(run::run(suite.bases(), &plan, Terms::default(), None)).await;
        let kinds: std::collections::BTreeSet<_> =
            outcome.findings.iter().map(|finding| finding.kind).collect();
        ends.insert((kinds, outcome.told));
    }
    println!("{REPLAYS} replays of seed {}: {} outcome(s)\n", plan.seed, ends.len());
    ends.len() == 1
}

fn chosen(seed: Option<u64>, point: Option<String>, plan: Option<PathBuf>) -> Option<Plan> {
    if let Some(path) = plan {
        let text = std::fs::read_to_string(path).expect("the file can be read");
        return Some(serde_json::from_str(&text).expect("the file holds a plan"));
    }
    if let Some(point) = point {
        let (name, hit) = point.split_once(':').unwrap_or((&point, "1"));
        return Some(generate::enumerated(name, hit.parse().expect("a hit, from 1")));
    }
    seed.map(generate::plan)
}

async fn replay(suite: &Suite, plan: &Plan, times: u32, planted: Option<Canary>) -> bool {
    println!("seed {}: {}", plan.seed, plan.name());
    let mut verdicts = std::collections::BTreeSet::new();
    let mut good = true;
    for number in 1..=times {
        let began = Instant::now();
        let kept = tempfile::tempdir().expect("a temporary directory");
        let terms = Terms { planted, ..Terms::default() };
        let outcome = Box::pin(run::run(suite.bases(), plan, terms, Some(kept.path()))).await;
        let kinds: std::collections::BTreeSet<_> =
            outcome.findings.iter().map(|finding| finding.kind).collect();
        println!(
            "{number}: {} findings, {} stops met, {} sent again, {} records, {} reminders, {} ms",
            outcome.findings.len(),
            outcome.stopped,
            outcome.counts.repeated,
            outcome.counts.records,
            outcome.counts.reminders,
            began.elapsed().as_millis()
        );
        outcome.findings.iter().for_each(|finding| println!("  {finding}"));
        if !outcome.findings.is_empty() {
            println!("  all of it: {}", kept.keep().display());
            good = false;
        }
        verdicts.insert((kinds, outcome.told));
    }
    if verdicts.len() > 1 {
        println!("{times} replays ended in {} ways", verdicts.len());
        good = false;
    }
    good
}

/// The difference between long and short conversations, so that starts and links do not count.
async fn syncs(suite: &Suite) -> bool {
    let mut counts = Vec::new();
    for messages in [1_u64, 11] {
        let plan = generate::measured(messages);
        let outcome = Box::pin(run::run(suite.bases(), &plan, Terms::default(), None)).await;
        outcome.findings.iter().for_each(|finding| println!("  {finding}"));
        counts.extend(outcome.syncs);
    }
    let [short, long] = counts[..] else { return false };
    let each = |short: u64, long: u64| long.saturating_sub(short) as f64 / 10.0;
    println!(
        "syncs a message: journal {:.1}, session {:.1}, control plane {:.1}",
        each(short.journal, long.journal),
        each(short.session, long.session),
        each(short.control, long.control)
    );
    true
}
