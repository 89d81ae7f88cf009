//! Flow HQ measured beside bots of other makes. Run by `scripts/bench`, which builds what is measured.
#![expect(clippy::print_stdout, reason = "a tool that prints its figures")]

use std::{
    path::PathBuf,
    process::ExitCode,
    time::{Duration, Instant},
};

use clap::Parser;
use strum::IntoEnumIterator as _;
use tests::{
    Flavour,
    bench::{
        pages,
        peer::Programs,
        run::{self, Terms},
        service::Subject,
        sheet::{Machine, Record, Sheet, said, today},
    },
    binaries::binary,
};

/// Sessions up to which everything is repeated; more of them take a quarter of an hour each time.
const REPEATED: usize = 200;

/// Memory, speed and idleness of Flow HQ beside bots of other makes
#[derive(Debug, Parser)]
struct Args {
    /// Everything, in hours; without it, in minutes
    #[arg(long)]
    full: bool,
    /// As without --full
    #[arg(long, conflicts_with = "full")]
    quick: bool,
    /// Sessions, with commas between: 1,10,50, or up to 2,000 with --full
    #[arg(long, value_delimiter = ',')]
    sizes: Vec<usize>,
    /// How often everything up to 200 sessions is measured: 1, or 5 with --full
    #[arg(long)]
    repetitions: Option<usize>,
    /// Who, with commas between: flow-hq, whatsmeow, whatsmeow-journal, whatsmeow-documented, baileys, baileys-journal
    #[arg(long, value_delimiter = ',')]
    subjects: Vec<Subject>,
    /// What Flow HQ keeps its data in
    #[arg(long, default_value = "sqlite", value_parser = ["sqlite", "postgres"])]
    engine: String,
    /// Where the figures go
    #[arg(long)]
    out: PathBuf,
    /// The build's profile, for the record
    #[arg(long, default_value = "release")]
    profile: String,
    /// The store's example that fills a log; without it pages are not measured
    #[arg(long)]
    fill_log: Option<PathBuf>,
    /// Rows of that log, where there is no time for ten million
    #[arg(long, default_value_t = pages::ROWS)]
    rows: u64,
    /// The bot on whatsmeow
    #[arg(long)]
    whatsmeow: Option<PathBuf>,
    /// The bot on Baileys
    #[arg(long)]
    baileys: Option<PathBuf>,
}

impl Args {
    fn terms(&self) -> Terms {
        let (sizes, idle, silence, one_by_one, load) = if self.full {
            (vec![1, 10, 50, 200, 1_000, 2_000], 60, 75, 1_000, 15)
        } else {
            (vec![1, 10, 50], 3, 4, 100, 1)
        };
        Terms {
            sizes: if self.sizes.is_empty() { sizes } else { self.sizes.clone() },
            idle: Duration::from_secs(idle),
            silence: Duration::from_secs(silence),
            one_by_one,
            load: Duration::from_secs(load),
            postgres: self.engine == "postgres",
            quick: !self.full,
        }
    }

    fn subjects(&self) -> Vec<Subject> {
        if !self.subjects.is_empty() {
            return self.subjects.clone();
        }
        // Its store takes seconds for each session.
        Subject::iter().filter(|subject| self.full || *subject != Subject::WhatsmeowDocumented).collect()
    }

    fn record(&self) -> Record {
        let version = |flavour| {
            let path = binary(flavour);
            let bytes = std::fs::metadata(path).map_or(0, |facts| facts.len());
            format!("{} ({bytes} bytes)", said(path, &["--version"]))
        };
        Record {
            date: today(),
            commit: said("git", &["describe", "--always", "--dirty", "--abbrev=12"]),
            mode: if self.full { "full" } else { "quick" }.to_owned(),
            profile: self.profile.clone(),
            engine: if self.engine == "postgres" { "PostgreSQL" } else { "SQLite" }.to_owned(),
            machine: Machine::this(),
            measured: vec![
                format!("sessions are linked with: {}", version(Flavour::Virtual)),
                format!("everything else is measured on: {}", version(Flavour::Default)),
                "whatsmeow v0.0.0-20251217143725-11cf47c62d32".to_owned(),
                format!("Baileys 7.0.0-rc14, Node {}", said("node", &["--version"])),
            ],
            ..Record::default()
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let args = Args::parse();
    let began = Instant::now();
    let record = args.record();
    let load = tests::bench::meter::load();
    println!("{:?}\nload average {load}, profile {}, {}", record.machine, record.profile, record.engine);
    for line in &record.measured {
        println!("{line}");
    }
    let mut sheet = Sheet::new(args.out.clone(), record);
    let failed = Box::pin(all(&args, &mut sheet)).await;
    for doubt in sheet.record.doubts() {
        println!("NOT TO BE BELIEVED: {doubt}");
    }
    println!(
        "{} figures in {} after {} s",
        sheet.record.figures.len(),
        args.out.display(),
        began.elapsed().as_secs()
    );
    match failed {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            println!("{why}");
            ExitCode::FAILURE
        }
    }
}

async fn all(args: &Args, sheet: &mut Sheet) -> Result<(), String> {
    let programs = Programs { whatsmeow: args.whatsmeow.clone(), baileys: args.baileys.clone() };
    let terms = args.terms();
    let mut reply = None;
    for repetition in 1..=args.repetitions.unwrap_or(if args.full { 5 } else { 1 }) {
        let mut terms = terms.clone();
        if repetition > 1 {
            terms.sizes.retain(|size| *size <= REPEATED);
        }
        // Each begins once: whoever comes after another finds the machine as that has left it.
        let mut turns = args.subjects();
        let count = turns.len();
        turns.rotate_left((repetition - 1) % count);
        for subject in turns {
            let measured = run::subject(&terms, subject, repetition, &programs, sheet, &mut reply);
            if let Err(why) = Box::pin(measured).await {
                sheet.leave_out(format!("{}, repetition {repetition}: {why}", subject.name()))?;
            }
        }
    }
    // A log of ten million rows is filled once.
    if args.full
        && let Some(fill) = &args.fill_log
    {
        if args.rows != pages::ROWS {
            sheet.leave_out(format!("the log has {} rows in place of {}", args.rows, pages::ROWS))?;
        }
        if let Err(why) = pages::pages(sheet, fill, args.rows).await {
            sheet.leave_out(format!("pages: {why}"))?;
        }
    }
    if !args.full {
        sheet.leave_out(
            "without --full: more than 50 sessions, more than 10 of Baileys and of variants, pages"
                .to_owned(),
        )?;
    }
    Ok(())
}
