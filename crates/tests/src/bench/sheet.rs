//! What was measured, written down as soon as it is there: `docs/records/bench.json`, or another file.

use std::{fs, path::PathBuf, process::Command, time::Instant};

use domain::{Clock as _, SystemClock};
use serde::{Deserialize, Serialize};

use super::meter;

/// The file from which `docs/benchmarks.md` is made.
pub const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/records/bench.json");
/// A share of one core that others may take during a measurement before it is doubted.
const OTHERS: f64 = 0.25;

/// A run.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Record {
    /// The day it began.
    pub date: String,
    /// Of this repository.
    pub commit: String,
    /// `quick` or `full`.
    pub mode: String,
    /// `release` or `dev`.
    pub profile: String,
    /// `SQLite` or `PostgreSQL`.
    pub engine: String,
    /// On what it ran.
    pub machine: Machine,
    /// What each build says of itself, and versions of the peers.
    pub measured: Vec<String>,
    /// Who was left out of what, and why.
    pub left_out: Vec<String>,
    /// One figure each.
    pub figures: Vec<Figure>,
}

/// A machine.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Machine {
    /// Its processor.
    pub processor: String,
    /// Cores that processes may use.
    pub cores: usize,
    /// Memory in MiB.
    pub memory: u64,
    /// Its kernel.
    pub kernel: String,
    /// The file system of what is measured.
    pub disk: String,
}

/// A figure.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Figure {
    /// Who.
    pub subject: String,
    /// What, by a name of [`super::figures::ALL`].
    pub what: String,
    /// With how many sessions.
    pub sessions: usize,
    /// In which repetition, from 1.
    pub repetition: usize,
    /// How much.
    pub value: f64,
    /// The load average before it was measured.
    pub load: f64,
    /// Cores that others took while it was measured; none where that cannot be told.
    pub others: Option<f64>,
}

/// A record that grows.
pub struct Sheet {
    /// What is in it.
    pub record: Record,
    path: PathBuf,
    began: Instant,
}

/// Of whom, and in which turn.
#[derive(Debug, Clone, Copy)]
pub struct Turn {
    /// Who.
    pub subject: &'static str,
    /// From 1.
    pub repetition: usize,
    /// With how many sessions.
    pub sessions: usize,
}

/// A measurement that goes on.
pub struct Block {
    load: f64,
    busy: u64,
    own: Option<u64>,
    began: Instant,
}

impl Sheet {
    /// An empty one, in this file.
    #[must_use]
    pub fn new(path: PathBuf, record: Record) -> Self {
        Self { record, path, began: Instant::now() }
    }

    /// Begins to measure; `pids` are what is measured, where they live until the end of it.
    #[must_use]
    pub fn begin(pids: Option<&[u32]>) -> Block {
        let own = pids.map(|pids| meter::time(pids) + meter::time(&[std::process::id()]));
        Block { load: meter::load(), busy: meter::busy(), own, began: Instant::now() }
    }

    /// Writes down what came of it.
    ///
    /// # Errors
    /// Where the file cannot be written.
    #[expect(clippy::print_stdout, reason = "whoever waits sees how far it is")]
    pub fn end(
        &mut self,
        block: &Block,
        turn: Turn,
        pids: Option<&[u32]>,
        figures: &[(&str, Option<f64>)],
    ) -> Result<(), String> {
        let others = block.own.zip(pids).map(|(before, pids)| {
            let own = meter::time(pids) + meter::time(&[std::process::id()]);
            let busy = meter::busy().saturating_sub(block.busy);
            #[expect(clippy::cast_precision_loss, reason = "nanoseconds of a run")]
            let foreign = busy.saturating_sub(own.saturating_sub(before)) as f64;
            round(foreign / 1e9 / block.began.elapsed().as_secs_f64().max(0.01))
        });
        for (what, value) in figures {
            let Some(value) = value.map(round) else { continue };
            let seconds = self.began.elapsed().as_secs();
            println!("{seconds:>5} s  {:<20} {:>5} {what}: {value}", turn.subject, turn.sessions);
            self.record.figures.push(Figure {
                subject: turn.subject.to_owned(),
                what: (*what).to_owned(),
                sessions: turn.sessions,
                repetition: turn.repetition,
                value,
                load: block.load,
                others,
            });
        }
        self.save()
    }

    /// Writes down that something was left out.
    ///
    /// # Errors
    /// Where the file cannot be written.
    #[expect(clippy::print_stdout, reason = "whoever waits sees what is missing")]
    pub fn leave_out(&mut self, why: String) -> Result<(), String> {
        println!("LEFT OUT: {why}");
        self.record.left_out.push(why);
        self.save()
    }

    fn save(&self) -> Result<(), String> {
        let failed = |error: std::io::Error| format!("{}: {error}", self.path.display());
        let text = self.record.to_text().map_err(|error| error.to_string())?;
        let new = self.path.with_extension("new");
        fs::write(&new, text).map_err(failed)?;
        fs::rename(&new, &self.path).map_err(failed)
    }
}

impl Record {
    /// The last run, as it is kept in the repository.
    #[must_use]
    pub fn last() -> Option<Self> {
        serde_json::from_str(&fs::read_to_string(PATH).ok()?).ok()
    }

    /// Its text: a figure a line, so that differences can be read.
    ///
    /// # Errors
    /// Never, as far as its types go.
    pub fn to_text(&self) -> serde_json::Result<String> {
        let head = serde_json::to_string_pretty(&Self { figures: Vec::new(), ..self.clone() })?;
        let figures: Vec<_> = self.figures.iter().map(serde_json::to_string).collect::<Result<_, _>>()?;
        let figures = figures.iter().map(|figure| format!("\n    {figure}")).collect::<Vec<_>>().join(",");
        Ok(head.replace("\"figures\": []", &format!("\"figures\": [{figures}\n  ]")) + "\n")
    }

    /// Why figures of this run are not to be believed, if so.
    #[must_use]
    pub fn doubts(&self) -> Vec<String> {
        let known: Vec<f64> = self.figures.iter().filter_map(|figure| figure.others).collect();
        let many = known.iter().filter(|others| **others > OTHERS).count();
        let mut doubts = Vec::new();
        if many > 0 {
            let worst = known.iter().copied().fold(0.0, f64::max);
            doubts.push(format!(
                "other processes took more than {OTHERS} of a core during {many} of {} measurements ({worst:.2} cores at most)",
                known.len()
            ));
        }
        if self.profile != "release" {
            doubts.push(format!("the {} build is not what ships", self.profile));
        }
        doubts
    }
}

impl Machine {
    /// This one.
    #[must_use]
    pub fn this() -> Self {
        let line = |file: &str, name: &str| {
            let text = fs::read_to_string(file).unwrap_or_default();
            let found = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            found.trim_start_matches([':', ' ', '\t']).to_owned()
        };
        let memory = line("/proc/meminfo", "MemTotal");
        let memory = memory.split(' ').next().and_then(|word| word.parse::<u64>().ok()).unwrap_or_default();
        Self {
            processor: line("/proc/cpuinfo", "model name"),
            cores: std::thread::available_parallelism().map_or(0, std::num::NonZero::get),
            memory: memory / 1024,
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default().trim().to_owned(),
            disk: said("stat", &["--file-system", "--format=%T", &std::env::temp_dir().to_string_lossy()]),
        }
    }
}

/// The day, in UTC.
#[must_use]
pub fn today() -> String {
    SystemClock.now().strftime("%Y-%m-%d").to_string()
}

/// What a program says, on one line; nothing where it cannot be run.
#[must_use]
pub fn said(program: impl AsRef<std::ffi::OsStr>, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.trim().replace('\n', " ")
}

/// Four digits that count.
fn round(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return 0.0;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the exponent of a figure")]
    let digits = 3 - value.abs().log10().floor() as i32;
    let scale = 10_f64.powi(digits);
    (value * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use super::{Figure, Record, round};

    #[test]
    fn figures_keep_four_digits() {
        assert_eq!((round(1234.56), round(0.001_234_56), round(0.0)), (1235.0, 0.001_235, 0.0));
    }

    #[test]
    fn a_record_is_read_as_it_was_written() {
        let figure = Figure {
            subject: "flow-hq".to_owned(),
            what: "reply_median".to_owned(),
            sessions: 10,
            repetition: 1,
            value: 2.5,
            load: 0.5,
            others: Some(0.5),
        };
        let record = Record { profile: "release".to_owned(), figures: vec![figure; 2], ..Record::default() };
        let read: Record = serde_json::from_str(&record.to_text().unwrap()).unwrap();
        assert_eq!(format!("{read:?}"), format!("{record:?}"));
        assert_eq!(read.doubts().len(), 1, "{:?}", read.doubts());
    }
}
