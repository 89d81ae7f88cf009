//! The worker that lies. It is started by the control plane as any worker is, has its tenant's directory and token, and
//! does what the file `lie` there says. What it does to the machine that no part of the product bounds yet is bounded here.

use std::{
    io::Write,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use domain::{Clock, Delivery, Digits, Direction, JournalId, LogId, SessionState, SystemClock, TenantId};
use link::{
    Hello, Identity, TokenKey, UpSender,
    cell::CellLock,
    launch::{self, Launch},
    message::{Answer, DeliveryRow, Heartbeat, LogRow, ProblemCode, SessionReport, Up},
};
use tokio::{
    io::AsyncWriteExt,
    net::{UnixListener, UnixStream},
};

use crate::Place;

/// Everything that it lies about, each for one start.
pub const LIES: &[&str] = &[
    // Who it is.
    "token",
    "generation",
    "tenant",
    "nonsense",
    "half-a-frame",
    "silence",
    // What it may not say, or not now.
    "second-hello",
    "foreign-journal",
    "gap",
    "long-contact",
    "long-code",
    "long-answer",
    // What it may say, and too much of it.
    "long-rows",
    "many-rows",
    "replays",
    "codes",
    "pairing-codes",
    "problems",
    "deliveries",
    "beats",
    "flapping",
    "answers",
    // What is not its own.
    "neighbours-number",
    "numbers",
    "logged-out",
    // What it does to the machine.
    "words",
    "processes",
    "files",
    "deaf",
];

/// What it writes into its log at most, in MB, for each start.
const WORDS_MB: usize = 300;
/// The same in one call.
const WORDS_AT_ONCE_MB: usize = 100;
/// What it writes into its directory in MB, in files of this size, each of them smaller than what one file may hold, and how
/// often: until it is ended, it takes 200 MB of the disk in a second.
const FILES_MB: usize = 2_000;
const FILE_MB: usize = 20;
/// How these files are called, before their number.
const FILLED: &str = "filled-";
const FILE_EVERY: Duration = Duration::from_millis(100);
/// Threads that compute for nothing.
const SPINS: usize = 4;
/// Processes that it starts; they end by themselves.
const PROCESSES: usize = 20;
const PROCESSES_FOR: &str = "1200";
/// The longest text of a message.
const TEXT: usize = 64 * 1024;

/// The product, beside the driver.
const PRODUCT: &str = "flowhq";

/// What workers are started from: the driver, which is the product where the cell does not say how to lie. Both lie in a folder
/// of the place's, since the control plane may start nothing elsewhere.
///
/// # Panics
/// Where the place cannot be written.
#[must_use]
pub fn executable(place: &Place, driver: &Path, product: &Path) -> PathBuf {
    let folder = place.beside("bin");
    std::fs::create_dir_all(&folder).expect("the place can be written");
    for (name, from) in [("worker", driver), (PRODUCT, product)] {
        let to = folder.join(name);
        if std::fs::hard_link(from, &to).is_err() {
            std::fs::copy(from, &to).expect("the place can be written");
        }
    }
    folder.join("worker")
}

/// Becomes the product, unless the cell says how to lie.
fn or_be_the_product() {
    if Path::new("lie").exists() {
        return;
    }
    let own = std::env::current_exe().expect("a program knows its own path");
    let error = Command::new(own.with_file_name(PRODUCT)).args(std::env::args_os().skip(1)).exec();
    panic!("the product cannot be run: {error}");
}

/// Runs it, until it is ended: confined as any worker is, since whoever takes one over comes after that.
pub fn run() {
    or_be_the_product();
    let (launch, mut start) = launch::receive().expect("a launch on standard input");
    let bounds = launch.bounds;
    let plan = confine::Plan {
        wanted: bounds.confinement,
        directories: vec![launch.directory.clone()],
        ports: vec![443],
        memory_bytes: bounds.memory_bytes,
        file_bytes: bounds.directory_bytes,
        may_kill_itself: false,
    };
    let half = plan.apply().expect("it confines itself");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    start.listen().expect("its socket");
    half.close().expect("it confines itself");
    runtime.block_on(lie(launch, start));
}

async fn lie(launch: Launch, start: launch::Start) {
    let lie = std::fs::read_to_string("lie").unwrap_or_default().trim().to_owned();
    let Ok(_lock) = CellLock::take(&launch.directory) else {
        start.failed(link::Exit::CellBusy, "the lock is held");
        return;
    };
    let mut liar = Liar { directory: launch.directory.clone(), said: 0, lie };
    liar.said = liar.counted();
    let listener = UnixListener::from_std(start.ready().expect("a socket")).expect("a socket");
    if liar.lie == "deaf" {
        // Nothing asks it to end: only SIGKILL does.
        let mut term =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).expect("a signal");
        drop(tokio::spawn(async move { while term.recv().await.is_some() {} }));
    }
    liar.does();
    loop {
        let Ok((stream, _)) = listener.accept().await else { return };
        liar.meet(&launch, stream).await;
    }
}

struct Liar {
    directory: PathBuf,
    lie: String,
    said: u64,
}

impl Liar {
    fn told(&self) -> PathBuf {
        self.directory.join(format!("told-{}", self.lie))
    }

    fn counted(&self) -> u64 {
        std::fs::read_to_string(self.told())
            .ok()
            .and_then(|text| text.trim().parse().ok())
            .unwrap_or_default()
    }

    /// Writes down that it has lied, now and then.
    fn tell(&mut self) {
        self.said += 1;
        if self.said < 4 || self.said.is_multiple_of(50) {
            // Whole or not at all: it may be ended in the middle, and may rename nothing.
            let told = std::fs::File::options().write(true).create(true).truncate(false).open(self.told());
            let _ = told.and_then(|mut told| told.write_all(format!("{:020}", self.said).as_bytes()));
        }
    }

    /// What it does to the machine.
    fn does(&mut self) {
        // Room for the next lie: a directory that is too full ends every worker.
        empty(&self.directory);
        match self.lie.as_str() {
            "words" => {
                self.tell();
                std::thread::spawn(words);
            }
            "processes" => {
                self.tell();
                for _ in 0..PROCESSES {
                    let mut command = Command::new("/bin/sleep");
                    let _ = command.arg(PROCESSES_FOR).stdin(std::process::Stdio::null()).spawn();
                }
            }
            "files" => {
                self.tell();
                let directory = self.directory.clone();
                std::thread::spawn(move || fill(&directory));
            }
            // Not among the lies that are told in turn: it is the neighbour gone mad of `assure`.
            "spin" => {
                (0..SPINS).for_each(|_| drop(std::thread::spawn(|| while std::hint::black_box(true) {})));
            }
            "deaf" => self.tell(),
            _ => {}
        }
    }

    async fn meet(&mut self, launch: &Launch, mut stream: UnixStream) {
        match self.lie.as_str() {
            "nonsense" => {
                self.tell();
                let _ = stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
                return;
            }
            "half-a-frame" => {
                self.tell();
                let _ = stream.write_all(&[0, 0, 8, 0, b'{']).await;
                return std::future::pending().await;
            }
            "silence" => {
                self.tell();
                return std::future::pending().await;
            }
            _ => {}
        }
        let identity = self.identity(launch);
        let side = match link::accept(stream, &identity).await {
            Ok(side) => side,
            Err(error) => return eprintln!("not accepted: {error}"),
        };
        let journal = journal(&self.directory);
        let hello = Hello { journal, last_sequence: 0, build: "b".repeat(3_000), wants_records: false };
        let (welcome, mut up, mut down) = match side.hello(hello).await {
            Ok(welcomed) => welcomed,
            Err(error) => return eprintln!("no welcome: {error}"),
        };
        let is_deaf = self.lie == "deaf";
        let mut heard = tokio::spawn(async move {
            while let Ok(heard) = down.recv().await {
                if !is_deaf && matches!(heard, link::message::Down::Stop) {
                    std::process::exit(0);
                }
            }
        });
        let mut sequence = welcome.acknowledged;
        loop {
            let Some(message) = self.message(launch, journal, &mut sequence) else {
                // Quiet, as far as the link goes.
                let _ = up.send(beat(launch)).await;
                let _ = (&mut heard).await;
                return;
            };
            if !self.send(&mut up, message).await {
                return heard.abort();
            }
        }
    }

    async fn send(&mut self, up: &mut UpSender<UnixStream>, message: Up) -> bool {
        self.tell();
        let began = Instant::now();
        match up.send(message).await {
            Ok(()) => true,
            Err(error) => {
                eprintln!("cut off after {:?}: {error}", began.elapsed());
                // Dialled again at once, it would only be refused as quickly.
                tokio::time::sleep(Duration::from_millis(20)).await;
                false
            }
        }
    }

    fn identity(&mut self, launch: &Launch) -> Identity {
        let mut identity = launch.identity();
        match self.lie.as_str() {
            "token" => identity.token = TokenKey::from_bytes([9; 32]).token(launch.tenant, launch.generation),
            "generation" => identity.generation -= 1,
            "tenant" => identity.tenant = TenantId::generate(),
            _ => return identity,
        }
        self.tell();
        identity
    }

    /// The next thing that it says, or nothing any more.
    fn message(&self, launch: &Launch, journal: JournalId, sequence: &mut u64) -> Option<Up> {
        let mut rows = |count: u64, text: usize, contact: &str| {
            let rows = (0..count).map(|_| {
                *sequence += 1;
                row(*sequence, &"A".repeat(text), contact)
            });
            Up::Logs { journal, rows: rows.collect() }
        };
        let contact = format!("2557{:08}", self.said % 100_000_000);
        let number = |text: &str| Digits::new(text.to_owned()).expect("digits");
        Some(match self.lie.as_str() {
            "second-hello" => {
                Up::Hello { journal, last_sequence: 0, build: "x".to_owned(), wants_records: false }
            }
            "foreign-journal" => {
                Up::Logs { journal: JournalId::generate(), rows: vec![row(1, "lie", &contact)] }
            }
            "gap" => Up::Logs {
                journal,
                rows: vec![row(*sequence + 7, "lie", &contact), row(*sequence + 9, "lie", &contact)],
            },
            "long-contact" => rows(1, 10, &"7".repeat(100_000)),
            "long-code" => Up::Qr { code: "x".repeat(500_000), expires_in_ms: u64::MAX },
            "long-answer" => Up::Answer { request: "r".repeat(500_000), result: Err("e".repeat(400_000)) },
            "long-rows" => rows(15, TEXT, &contact),
            "many-rows" => rows(500, 100, &contact),
            "replays" => Up::Logs { journal, rows: vec![row(1, &self.said.to_string(), &contact)] },
            "codes" => Up::Qr { code: format!("2@{:0>900}", self.said), expires_in_ms: 60_000 },
            "pairing-codes" => Up::PairingCode {
                code: format!("{:08}", self.said % 100_000_000),
                expires_in_ms: 60_000,
                number: number(&contact),
            },
            "problems" => Up::Problem {
                code: ProblemCode::Other,
                detail: format!("\u{1b}[2J{}{}", self.said, "x".repeat(100_000)),
            },
            "deliveries" => {
                *sequence += 500;
                let come = |n| DeliveryRow {
                    sequence: *sequence - 499 + n,
                    log: LogId::generate(),
                    delivery: Delivery::Failed,
                    reason: Some(format!("\u{1b}[2J{}", "x".repeat(200))),
                };
                Up::Deliveries { journal, rows: (0..500).map(come).collect() }
            }
            "beats" => beat(launch),
            "flapping" if self.said.is_multiple_of(2) => {
                Up::Session(SessionReport::Disconnected { reason: "r".repeat(100_000), unreachable: true })
            }
            "flapping" => Up::Session(SessionReport::Connected {
                number: number(super::stage::LIARS_NUMBER),
                lid: None,
            }),
            "answers" => Up::Answer { request: self.said.to_string(), result: Ok(Answer::LogOut) },
            "neighbours-number" if self.said < 3 => Up::Session(SessionReport::Connected {
                // The neighbour's, see `Bot::create`.
                number: number("255754000001"),
                lid: None,
            }),
            "numbers" => Up::Session(SessionReport::Connected { number: number(&contact), lid: None }),
            "logged-out" => Up::Session(SessionReport::LoggedOut),
            _ => return None,
        })
    }
}

/// Fills its directory, file after file.
fn fill(directory: &Path) {
    let file = vec![b'A'; FILE_MB << 20];
    for number in 0..FILES_MB / FILE_MB {
        if std::fs::write(directory.join(format!("{FILLED}{number}")), &file).is_err() {
            return;
        }
        // The disk is shared with whoever runs this: its pace is that of the attack.
        std::thread::sleep(FILE_EVERY);
    }
}

/// Makes room again.
pub(super) fn empty(directory: &Path) {
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(FILLED) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Fills its log as fast as memory is copied, many lines in a call, and by what makes a file larger without writing.
fn words() {
    use rustix::fs::{FallocateFlags, OFlags, fallocate, fcntl_setfl};
    let errors = std::io::stderr();
    // It was told not to wait where nobody reads.
    let _ = fcntl_setfl(&errors, OFlags::empty());
    let _ = fallocate(&errors, FallocateFlags::empty(), 0, (WORDS_MB as u64) << 20);
    let line = [&vec![b'A'; 64 * 1024 - 1][..], b"\n"].concat();
    let lines = line.repeat(16 * WORDS_AT_ONCE_MB);
    for _ in 0..WORDS_MB / WORDS_AT_ONCE_MB {
        if errors.lock().write_all(&lines).is_err() {
            return;
        }
    }
}

fn row(sequence: u64, text: &str, contact: &str) -> LogRow {
    LogRow {
        sequence,
        id: LogId::generate(),
        direction: if sequence.is_multiple_of(2) { Direction::Out } else { Direction::In },
        contact: contact.to_owned(),
        text: text.to_owned(),
        wa_message_id: format!("{sequence:0>120}"),
        at: SystemClock.now(),
        silence: None,
        sent_at: None,
        about: None,
        removes: false,
        delivery: None,
        writer: None,
        opted_out: false,
    }
}

fn beat(launch: &Launch) -> Up {
    Up::Heartbeat(Heartbeat {
        at: SystemClock.now(),
        session: if launch.generation % 2 == 0 {
            SessionState::Connected
        } else {
            SessionState::Disconnected
        },
        memory_bytes: Some(i64::MAX.cast_unsigned()),
        cpu_ms: 5,
        uptime_ms: 6,
        queued: 1_000_000,
        unsent: 1_000_000,
        unlogged: 1_000_000,
        last_message_at: None,
        settings_version: None,
        unreadable: 1_000_000,
        clock_behind_ms: Some(i64::MIN),
        profile_version: None,
        pack_hash: None,
        hand_offs: 0,
        unsent_records: 0,
        confinement: None,
    })
}

/// The id of the cell's journal, the same after a restart.
fn journal(cell: &Path) -> JournalId {
    let path = cell.join("journal-id");
    let known = std::fs::read_to_string(&path).ok().and_then(|text| text.parse().ok());
    known.unwrap_or_else(|| {
        let id = JournalId::generate();
        let _ = std::fs::write(path, id.to_string());
        id
    })
}
