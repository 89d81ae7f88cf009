//! The assurances that take their time, from the command line; see `scripts/assure` and the recipe that calls it.
#![expect(clippy::print_stdout, reason = "a tool that prints its figures")]
#![expect(clippy::expect_used, reason = "a driver that cannot go on says so and ends")]

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::{Parser, Subcommand};
use serde::Serialize;
use tests::{
    assure::{
        Terms, costs, database, disk, generations, neighbours, record, report as table, restore, returning,
        together, upgrade,
    },
    attack,
    crash::report,
};

/// Runs what takes its time, and holds what is left against marks
#[derive(Debug, Parser)]
struct Args {
    /// From which all chance is drawn
    #[arg(long, default_value_t = 1, global = true)]
    seed: u64,
    /// Write date, commit, seed and figures into docs/records/assure.json
    #[arg(long, global = true)]
    record: bool,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// R3: calls of the disk fail in real workers and the control plane
    Disk {
        /// For how long
        #[arg(long, default_value_t = 600)]
        seconds: u64,
    },
    /// R6: a worker that is paused while a newer generation wants to start
    Generations {
        /// How often
        #[arg(long, default_value_t = 10_000)]
        tries: u64,
    },
    /// R9: one of many tenants goes mad
    Neighbours {
        /// For how long, a fifth of it quiet
        #[arg(long, default_value_t = 600)]
        seconds: u64,
        /// The others
        #[arg(long, default_value_t = 49)]
        neighbours: u16,
        /// Messages of the flood
        #[arg(long, default_value_t = 10_000)]
        flood: u64,
    },
    /// R10: PostgreSQL is ended and started again while customers write
    Database {
        /// For how long
        #[arg(long, default_value_t = 600)]
        seconds: u64,
    },
    /// R11: another build takes the place of the one before, again and again, while customers write
    Upgrade {
        /// How often
        #[arg(long, default_value_t = 100)]
        cycles: u64,
        /// A build of an earlier version with `virtual`, which takes turns with this one's: upgrades and rollbacks
        #[arg(long)]
        before: Option<PathBuf>,
    },
    /// R12: a backup under load, put back elsewhere
    Restore {
        /// How often
        #[arg(long, default_value_t = 100)]
        cycles: u64,
    },
    /// WhatsApp goes away and comes back under many workers; needs a quiet machine
    Returning {
        /// How many
        #[arg(long, default_value_t = 500)]
        workers: u16,
        /// For how long it is away
        #[arg(long, default_value_t = 60)]
        seconds: u64,
    },
    /// What confinement and sealing cost a worker; needs a quiet machine
    Costs {
        /// Workers of each kind
        #[arg(long, default_value_t = 50)]
        workers: u64,
    },
    /// Writes docs/assurance.md from what was recorded
    Report,
    /// All at once: PostgreSQL restarts, workers are killed, one tenant goes mad
    Together {
        /// For how long
        #[arg(long, default_value_t = 600)]
        seconds: u64,
        /// Messages of the flood
        #[arg(long, default_value_t = 10_000)]
        flood: u64,
    },
    /// The worker of the tenant that is mad; started by the control plane
    #[command(hide = true)]
    Worker {
        /// Whose
        tenant: String,
    },
}

/// How much longer answers may take beside one that is mad.
const RATIO: f64 = 1.2;

fn main() -> ExitCode {
    let args = Args::parse();
    // A worker has one thread when it confines itself.
    if let What::Worker { .. } = args.what {
        attack::worker::run();
        return ExitCode::SUCCESS;
    }
    tokio::runtime::Runtime::new().expect("a runtime").block_on(run(args))
}

async fn run(args: Args) -> ExitCode {
    let began = std::time::Instant::now();
    // What runs was built from this one, whatever is changed meanwhile.
    let commit = report::commit();
    let terms = |seconds: u64| Terms { time: Duration::from_secs(seconds), seed: args.seed };
    let (id, terms, found, missed) = match args.what {
        What::Disk { seconds } => {
            let terms = terms(seconds);
            let found = Box::pin(disk::run(terms)).await;
            ("R3", terms, json(&found), found.missed())
        }
        What::Generations { tries } => {
            let found = generations::tries(tries, args.seed).await;
            let missed = found.wrong.clone();
            ("R6", terms(began.elapsed().as_secs()), json(&found), missed)
        }
        What::Neighbours { seconds, neighbours, flood } => {
            let driver = std::env::current_exe().expect("a program knows its own path");
            let terms = terms(seconds);
            let found = Box::pin(neighbours::run(neighbours, flood, &driver, terms)).await;
            ("R9", terms, json(&found), found.missed(Some(RATIO)))
        }
        What::Database { seconds } => {
            let terms = terms(seconds);
            let found = Box::pin(database::soak(terms)).await.expect("there is a PostgreSQL");
            ("R10", terms, json(&found), found.missed())
        }
        What::Together { seconds, flood } => {
            let driver = std::env::current_exe().expect("a program knows its own path");
            let terms = terms(seconds);
            let found = Box::pin(together::run(flood, &driver, terms)).await.expect("there is a PostgreSQL");
            ("All", terms, json(&found), found.missed())
        }
        What::Upgrade { cycles, before } => {
            let (id, builds) = match &before {
                Some(before) => ("Rollback", [before.as_path(), upgrade::flavours()[0]]),
                None => ("R11", upgrade::flavours()),
            };
            let found = Box::pin(upgrade::run(builds, cycles, args.seed)).await;
            (id, terms(found.seconds), json(&found), found.missed())
        }
        What::Restore { cycles } => {
            let found = Box::pin(restore::run(cycles, args.seed)).await;
            ("R12", terms(found.seconds), json(&found), found.missed())
        }
        What::Returning { workers, seconds } => {
            let found = Box::pin(returning::run(workers, Duration::from_secs(seconds), args.seed)).await;
            ("Return", terms(began.elapsed().as_secs()), json(&found), found.missed())
        }
        What::Costs { workers } => {
            let found = costs::run(workers).await;
            ("Costs", terms(began.elapsed().as_secs()), json(&found), Vec::new())
        }
        What::Report => {
            table::write().expect("docs can be written");
            return ExitCode::SUCCESS;
        }
        What::Worker { .. } => return ExitCode::SUCCESS,
    };
    let text = serde_json::to_string_pretty(&found).expect("figures are JSON");
    println!("{id}, seed {}, {} s: {text}", terms.seed, terms.time.as_secs());
    missed.iter().for_each(|what| println!("MISSED: {what}"));
    if args.record {
        let path = PathBuf::from(record::PATH);
        record::put(&path, id, &commit, &terms, &found, &missed).expect("the record can be written");
    }
    if missed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn json(found: &impl Serialize) -> serde_json::Value {
    serde_json::to_value(found).expect("figures are JSON")
}
