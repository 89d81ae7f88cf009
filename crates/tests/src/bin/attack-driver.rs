//! The attack driver from the command line; see `scripts/attack` and the recipe that calls it.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool that prints its figures")]
#![expect(clippy::expect_used, reason = "a driver that cannot go on says so and ends")]

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::{Parser, Subcommand, ValueEnum};
use tests::{
    Flavour,
    attack::{self, Attacker, Terms, report},
};

/// Attacks a control plane on loopback as a stranger, as a removed operator and as a worker that lies, and holds what is left
/// against marks
#[derive(Debug, Parser)]
#[command(args_conflicts_with_subcommands = true)]
struct Args {
    /// Minutes of each attacker
    #[arg(long, default_value_t = 10)]
    minutes: u64,
    /// Seconds of each attacker instead
    #[arg(long)]
    seconds: Option<u64>,
    /// This attacker alone
    #[arg(long)]
    only: Option<Who>,
    /// From which all chance is drawn
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write date, commit, seed and figures here; a run by minutes writes docs/records/attack.json
    #[arg(long)]
    record: Option<PathBuf>,
    /// Plant a weakness for each attacker: the run is good where the marks show every one of them
    #[arg(long)]
    planted: bool,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Who {
    Stranger,
    Operator,
    Worker,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The worker that lies; started by the control plane
    #[command(hide = true)]
    Worker { tenant: String },
}

/// What each planted weakness must be found as: anything else could be chance.
const PROOFS: [(Attacker, &str); 3] = [
    (Attacker::Stranger, "requests and guesses let in"),
    (Attacker::Operator, "requests let in"),
    (Attacker::Worker, "series in /metrics more than before"),
];

fn main() -> ExitCode {
    let args = Args::parse();
    // A worker has one thread when it confines itself.
    if let Some(What::Worker { .. }) = args.what {
        attack::worker::run();
        return ExitCode::SUCCESS;
    }
    tokio::runtime::Runtime::new().expect("a runtime").block_on(attacks(args))
}

async fn attacks(args: Args) -> ExitCode {
    let who: Vec<_> = match args.only {
        None => Attacker::ALL.into(),
        Some(Who::Stranger) => vec![Attacker::Stranger],
        Some(Who::Operator) => vec![Attacker::Operator],
        Some(Who::Worker) => vec![Attacker::Worker],
    };
    let terms = Terms {
        time: Duration::from_secs(args.seconds.unwrap_or(args.minutes * 60)),
        commit: tests::crash::report::commit(),
        seed: args.seed,
        flavour: Flavour::Virtual,
        planted: args.planted,
        liar: std::env::current_exe().expect("a program knows its own path"),
    };
    let long = args.seconds.is_none() && !args.planted;
    let path = args.record.or_else(|| long.then(|| PathBuf::from(report::RECORD)));
    let mut good = true;
    for attacker in who {
        let outcome = Box::pin(attack::run(attacker, &terms)).await;
        println!("{}", outcome.table());
        if args.planted {
            good &= finds(&outcome);
        } else {
            good &= outcome.is_good();
        }
        if let Some(path) = &path {
            report::record(path, &terms, std::slice::from_ref(&outcome)).expect("the record can be written");
        }
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Whether the weakness that was planted was found.
fn finds(outcome: &attack::Outcome) -> bool {
    let proof = PROOFS.iter().find(|(attacker, _)| *attacker == outcome.attacker).map(|(_, proof)| *proof);
    let found = proof.is_some_and(|proof| outcome.missed().contains(&proof));
    if found {
        println!("planted for {}: found\n", outcome.attacker.words());
    } else {
        eprintln!("planted for {}: NOT FOUND: the driver proves nothing", outcome.attacker.words());
    }
    found
}
