//! Bots of other makes as they are measured: programs of our own on whatsmeow (all sessions in one process) and on Baileys
//! (a process for each), in `crates/tests/peers`. See there for what they are told otherwise than by default.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    process::{Child, ChildStdin, Command},
    sync::mpsc,
    task::JoinSet,
};
use virtual_whatsapp::Server;

use super::service::{Linking, Part, linked, logged_in};
use crate::LIMIT;

/// Which library, and what is kept of a message before its answer leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Make {
    /// Baileys instead of whatsmeow.
    pub baileys: bool,
    /// What came and what is answered is synced to disk before the answer leaves.
    pub journal: bool,
    /// What whatsmeow's SQLite is told; see [`FAST`] and [`DOCUMENTED`].
    pub store: &'static str,
}

/// The fastest settings that users of whatsmeow write: nothing is synced but at checkpoints.
pub const FAST: &str =
    "_foreign_keys=on&_journal_mode=WAL&_synchronous=NORMAL&_txlock=immediate&_busy_timeout=30000";
/// The settings of whatsmeow's own example. A time to wait for the lock, since many sessions share the file.
pub const DOCUMENTED: &str = "_foreign_keys=on&_busy_timeout=30000";

/// Where the programs are, each by the variable that `scripts/bench` sets.
pub struct Programs {
    /// The built bot on whatsmeow.
    pub whatsmeow: Option<PathBuf>,
    /// The bot's script on Baileys.
    pub baileys: Option<PathBuf>,
}

/// A process that tells and obeys lines of JSON.
struct Running {
    process: Child,
    orders: ChildStdin,
    told: mpsc::UnboundedReceiver<Value>,
    _reading: JoinSet<()>,
}

/// The bots.
pub struct Peer {
    make: Make,
    program: PathBuf,
    reply: String,
    whatsapp: Server,
    running: Vec<Running>,
    numbers: Vec<String>,
    // Goes last, when nobody writes there any more.
    directory: TempDir,
}

impl Peer {
    /// None linked yet.
    ///
    /// # Errors
    /// Where the program is not there.
    pub async fn start(
        make: Make,
        programs: &Programs,
        whatsapp: &Server,
        directory: TempDir,
        reply: &str,
    ) -> Result<Self, String> {
        let program = if make.baileys { &programs.baileys } else { &programs.whatsmeow };
        let program = program.clone().ok_or("its program could not be built here")?;
        let mut peer = Self {
            make,
            program,
            reply: reply.to_owned(),
            whatsapp: whatsapp.clone(),
            running: Vec::new(),
            numbers: Vec::new(),
            directory,
        };
        if !make.baileys {
            peer.up().await?;
        }
        Ok(peer)
    }

    pub(super) async fn grow(&mut self, to: usize) -> Result<Linking, String> {
        let mut times = Linking::default();
        while self.numbers.len() < to {
            let number = format!("2557540{:05}", self.numbers.len() + 1);
            let (seen, began) = (self.whatsapp.events().last(), Instant::now());
            let code = self.code().await?;
            times.to_qr.push(began.elapsed());
            times.to_linked.push(linked(&self.whatsapp, seen, &number, &code).await?);
            self.numbers.push(number);
        }
        Ok(times)
    }

    pub(super) async fn show_codes(&mut self, more: usize) -> Result<(), String> {
        for _ in 0..more {
            self.code().await?;
        }
        Ok(())
    }

    /// The QR code of a new session.
    async fn code(&mut self) -> Result<String, String> {
        if self.make.baileys {
            let started = self.run(self.running.len())?;
            self.running.push(started);
        }
        let running = self.running.last_mut().ok_or("it does not run")?;
        if !self.make.baileys {
            running.obeys(&json!({ "add": true })).await?;
        }
        let told = running.tells("qr").await?;
        Ok(told["qr"].as_str().unwrap_or_default().to_owned())
    }

    pub(super) async fn down(&mut self) -> Result<(), String> {
        for running in &mut self.running {
            running.obeys(&json!({ "end": true })).await?;
        }
        for mut running in self.running.drain(..) {
            let ended = tokio::time::timeout(LIMIT, running.process.wait()).await;
            ended.map_err(|_| "it did not end")?.map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    pub(super) async fn up(&mut self) -> Result<(), String> {
        let processes = if self.make.baileys { self.numbers.len() } else { 1 };
        for n in 0..processes {
            let started = self.run(n)?;
            self.running.push(started);
        }
        Ok(())
    }

    pub(super) async fn again(&mut self, n: usize) -> Result<Duration, String> {
        let number = self.numbers[n].clone();
        if self.make.baileys {
            self.running[n].obeys(&json!({ "end": true })).await?;
            self.running[n].process.wait().await.map_err(|error| error.to_string())?;
            let (seen, began) = (self.whatsapp.events().last(), Instant::now());
            self.running[n] = self.run(n)?;
            logged_in(&self.whatsapp, seen, &number).await?;
            return Ok(began.elapsed());
        }
        let running = self.running.first_mut().ok_or("it does not run")?;
        running.obeys(&json!({ "drop": number })).await?;
        running.tells("dropped").await?;
        let (seen, began) = (self.whatsapp.events().last(), Instant::now());
        running.obeys(&json!({ "take": number })).await?;
        logged_in(&self.whatsapp, seen, &number).await?;
        Ok(began.elapsed())
    }

    pub(super) fn parts(&self) -> Vec<(Part, Vec<u32>)> {
        vec![(Part::Bots, self.running.iter().filter_map(|running| running.process.id()).collect())]
    }

    pub(super) fn numbers(&self) -> Vec<String> {
        self.numbers.clone()
    }

    /// Starts the process of all sessions, or of this one.
    fn run(&self, n: usize) -> Result<Running, String> {
        let mut command = if self.make.baileys { Command::new("node") } else { Command::new(&self.program) };
        let mut directory = self.directory.path().to_owned();
        if self.make.baileys {
            directory.push(n.to_string());
            std::fs::create_dir_all(&directory).map_err(|error| error.to_string())?;
            command.arg(&self.program);
        }
        let root: String = self.whatsapp.root_key().iter().map(|byte| format!("{byte:02x}")).collect();
        command
            .env("ROOT_KEY", root)
            .env("ADDRESS", self.whatsapp.address().to_string())
            .env("URL_OF_SERVER", self.whatsapp.url())
            .env("DIRECTORY", directory)
            .env("STORE", self.make.store)
            .env("JOURNAL", if self.make.journal { "yes" } else { "" })
            .env("REPLY", &self.reply);
        Running::start(command, &self.directory.path().join("errors.log"))
    }
}

impl Running {
    fn start(mut command: Command, errors: &Path) -> Result<Self, String> {
        let failed = |error: std::io::Error| error.to_string();
        let errors = std::fs::OpenOptions::new().create(true).append(true).open(errors).map_err(failed)?;
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(errors).kill_on_drop(true);
        let mut process = command.spawn().map_err(failed)?;
        let (Some(orders), Some(output)) = (process.stdin.take(), process.stdout.take()) else {
            return Err("its pipes are gone".to_owned());
        };
        let (telling, told) = mpsc::unbounded_channel();
        let mut reading = JoinSet::new();
        reading.spawn(async move {
            let mut lines = BufReader::new(output).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                let Ok(what) = serde_json::from_str(&line) else { continue };
                // Whoever no longer listens wants to know nothing more.
                let _gone = telling.send(what);
            }
        });
        Ok(Self { process, orders, told, _reading: reading })
    }

    async fn obeys(&mut self, order: &Value) -> Result<(), String> {
        self.orders.write_all(format!("{order}\n").as_bytes()).await.map_err(|error| error.to_string())
    }

    /// The next thing that it tells under this name.
    async fn tells(&mut self, name: &str) -> Result<Value, String> {
        let search = async {
            loop {
                let told = self.told.recv().await.ok_or_else(|| format!("it ended before it told {name}"))?;
                if !told[name].is_null() {
                    return Ok(told);
                }
                if !told["refused"].is_null() {
                    return Err(told.to_string());
                }
            }
        };
        tokio::time::timeout(LIMIT, search).await.map_err(|_| format!("it never told {name}"))?
    }
}
