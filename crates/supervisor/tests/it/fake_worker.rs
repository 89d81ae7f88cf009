//! A worker for the supervisor's tests: speaks the real link, and does what the file `behaviour` in its cell says,
//! one word a line. Never part of anything that ships.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a test's worker that fails is a failed test; what it prints is its tenant's log"
)]

use std::{collections::HashMap, path::Path, time::Duration};

use domain::{JournalId, SessionState, SystemClock, TenantId};
use link::{
    DownReceiver, Exit, Hello, Identity, TokenKey, UpSender,
    cell::CellLock,
    launch::{self, Launch},
    message::{Answer, Down, Heartbeat, Question, Up},
};
use tokio::{
    net::{UnixListener, UnixStream},
    signal::unix::{SignalKind, signal},
};

/// Says a line. One that finds no room in the pipe is left out, as a worker does: nobody may be reading.
macro_rules! say {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        let _left_out = writeln!(std::io::stdout(), $($words)*);
    }};
}

/// What the file says: the first word of each line, and the rest of it.
struct Behaviour(HashMap<String, Vec<String>>);

impl Behaviour {
    fn read(cell: &Path) -> Self {
        let text = std::fs::read_to_string(cell.join("behaviour")).unwrap_or_default();
        let mut words: HashMap<String, Vec<String>> = HashMap::new();
        for line in text.lines() {
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            words.entry(word.to_owned()).or_default().push(rest.to_owned());
        }
        Self(words)
    }

    fn is(&self, word: &str) -> bool {
        self.0.contains_key(word)
    }

    fn code(&self, word: &str) -> Option<i32> {
        self.0.get(word).map(|rest| rest[0].parse().unwrap())
    }

    fn lines(&self, word: &str) -> &[String] {
        self.0.get(word).map_or(&[], Vec::as_slice)
    }
}

fn main() {
    if std::env::args().nth(1).is_some_and(|name| name == "zygote")
        && zygote::serve().unwrap() == zygote::Served::Ended
    {
        return;
    }
    let (launch, start) = launch::receive().expect("a launch on standard input");
    let behaviour = Behaviour::read(&launch.directory);
    if let Some(code) = behaviour.code("exit-before-ready") {
        std::process::exit(code);
    }
    if let Some(code) = behaviour.code("fail-before-ready") {
        start.failed(Exit::from_code(code), "as the test wants it");
        std::process::exit(code);
    }
    if behaviour.is("never-ready") {
        loop {
            std::thread::park();
        }
    }
    let Ok(_lock) = CellLock::take(&launch.directory) else {
        start.failed(Exit::CellBusy, "the lock is held");
        std::process::exit(Exit::CellBusy.code().into());
    };
    if behaviour.is("children") {
        start_children();
    }
    if behaviour.is("fill-on") {
        std::thread::spawn(fill_on);
    }
    if behaviour.is("fill") {
        std::fs::write("filled", vec![b'A'; 6_000_000]).unwrap();
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        // Handlers before "ready", so that the supervisor's signals find them.
        let mut term = signal(SignalKind::terminate()).unwrap();
        let listener = UnixListener::from_std(start.ready().unwrap()).unwrap();
        say!("worker {} ready", launch.generation);
        told_of_disk(&behaviour, launch.limits.disk_short);
        if launch.wait {
            say!("waits before it connects");
        }
        tokio::select! {
            () = work(&launch, &behaviour, &listener) => {}
            () = async {
                loop {
                    term.recv().await;
                    if !behaviour.is("ignore-term") { break; }
                }
            } => std::process::exit(0),
        }
    });
}

fn identity(launch: &Launch, behaviour: &Behaviour) -> Identity {
    let mut identity = launch.identity();
    if behaviour.is("lie-token") {
        identity.token = TokenKey::from_bytes([9; 32]).token(launch.tenant, launch.generation);
    }
    if behaviour.is("lie-generation") {
        identity.generation += 1;
    }
    if behaviour.is("lie-tenant") {
        identity.tenant = TenantId::generate();
    }
    identity
}

async fn work(launch: &Launch, behaviour: &Behaviour, listener: &UnixListener) {
    let identity = identity(launch, behaviour);
    let journal = journal(&launch.directory);
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        if behaviour.is("hang") {
            std::future::pending::<()>().await;
        }
        if behaviour.is("nonsense") {
            use tokio::io::AsyncWriteExt;
            let mut stream = stream;
            let _gone = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            continue;
        }
        match link::accept(stream, &identity).await {
            Ok(side) => {
                let hello = Hello {
                    journal,
                    last_sequence: 0,
                    build: "fake".to_owned(),
                    wants_records: behaviour.is("wants-records"),
                };
                match side.hello(hello).await {
                    Ok((_, up, down)) => talk(launch, behaviour, journal, up, down).await,
                    Err(error) => say!("no welcome: {error}"),
                }
            }
            Err(error) => say!("not accepted: {error}"),
        }
    }
}

async fn talk(
    launch: &Launch,
    behaviour: &Behaviour,
    journal: JournalId,
    mut up: UpSender<UnixStream>,
    mut down: DownReceiver<UnixStream>,
) {
    let mut beats = tokio::time::interval(Duration::from_millis(launch.limits.heartbeat_interval_ms));
    let mut session = SessionState::Disconnected;
    for text in behaviour.lines("say") {
        let text = text.replace("$JOURNAL", &journal.to_string());
        let message: Up = serde_json::from_str(&text).expect(&text);
        if matches!(&message, Up::Session(link::message::SessionReport::Connected { .. })) {
            session = SessionState::Connected;
        }
        if up.send(message).await.is_err() {
            return;
        }
    }
    if let Some(code) = behaviour.code("exit") {
        // What was said is in the socket's buffer: it must be heard although we are gone.
        std::process::exit(code);
    }
    if behaviour.is("flood") {
        while up.send(Up::Qr { code: "x".repeat(1_000), expires_in_ms: 1 }).await.is_ok() {}
        return;
    }
    if behaviour.is("flood-logs") {
        let mut next = 1;
        while up.send(rows(journal, next, 10, 60_000)).await.is_ok() {
            next += 10;
        }
        return;
    }
    if behaviour.is("flood-output") {
        std::thread::spawn(flood_output);
    }
    if let [pipe] = behaviour.lines("talks-alone") {
        let pipe = pipe.clone();
        std::thread::spawn(move || talk_alone(&pipe));
    }
    if behaviour.is("backlog") && up.send(rows(journal, 1, BATCH, 1_000)).await.is_err() {
        return;
    }
    loop {
        tokio::select! {
            _ = beats.tick(), if !behaviour.is("no-heartbeat") => {
                if up.send(beat(session, behaviour)).await.is_err() { return; }
            }
            heard = down.recv() => {
                let Ok(heard) = heard else { return };
                let is_the_end = matches!(&heard, Down::Ask { question: Question::LogOut, .. })
                    && !behaviour.is("ignore-stop");
                if let (Down::Acknowledge { sequence, .. }, Some(all)) = (&heard, behaviour.code("backlog"))
                    && *sequence < u64::try_from(all).unwrap()
                {
                    let next = rows(journal, sequence + 1, BATCH, 1_000);
                    if up.send(next).await.is_err() { return; }
                    continue;
                }
                for answer in answer(behaviour, heard) {
                    if up.send(answer).await.is_err() {
                        return;
                    }
                }
                if is_the_end {
                    std::process::exit(0);
                }
            }
        }
    }
}

/// Starts three that would outlive it, one of them in a group of its own, and writes down which.
fn start_children() {
    use std::{os::unix::process::CommandExt, process::Command};
    let mut pids = String::new();
    for number in 0..3 {
        let mut child = Command::new("/bin/sleep");
        child.arg("600");
        if number == 0 {
            child.process_group(0);
        }
        pids.push_str(&format!("{}\n", child.spawn().unwrap().id()));
    }
    std::fs::write("children", pids).unwrap();
}

/// As fast as memory is copied, and as much at once as a call takes; counts in its cell what went through.
fn flood_output() {
    use std::os::fd::AsFd;
    let (stdout, count) = (std::io::stdout(), std::fs::File::create("flooded").unwrap());
    let stdout = stdout.as_fd();
    rustix::fs::fcntl_setfl(stdout, rustix::fs::OFlags::empty()).unwrap();
    let mut written = 0;
    let mut went_through = |bytes: u64| {
        written += bytes;
        std::os::unix::fs::FileExt::write_all_at(&count, &written.to_le_bytes(), 0).unwrap();
    };
    let gigabyte = 1_000_000_000;
    if rustix::fs::fallocate(stdout, rustix::fs::FallocateFlags::empty(), 0, gigabyte).is_ok() {
        went_through(gigabyte);
    }
    let much = vec![b'x'; 4 * 1024 * 1024];
    loop {
        went_through(rustix::io::write(stdout, &much).unwrap() as u64);
    }
}

/// Says more than a pipe holds, and then something for which it waits until somebody reads; each when the test opens the
/// next of its pipes.
fn talk_alone(pipes: &str) {
    use std::io::Write;
    let told_to = |step: u32| std::fs::read(format!("{pipes}{step}")).expect("a pipe");
    told_to(1);
    let mut left_out = 0;
    for line in 0..4_000 {
        left_out += u32::from(writeln!(std::io::stdout(), "alone {line:0>500}").is_err());
    }
    std::fs::write("left-out", left_out.to_string()).unwrap();
    told_to(2);
    told_to(3);
    rustix::fs::fcntl_setfl(std::io::stdout(), rustix::fs::OFlags::empty()).unwrap();
    say!("and goes on");
    told_to(4);
}

/// Rows of a batch of an honest backlog.
const BATCH: u64 = 50;

fn rows(journal: JournalId, first: u64, count: u64, bytes: usize) -> Up {
    let row = |sequence| link::message::LogRow {
        sequence,
        id: domain::LogId::generate(),
        direction: domain::Direction::In,
        contact: "255700000001".to_owned(),
        text: "x".repeat(bytes),
        wa_message_id: format!("3EB{sequence}"),
        at: domain::Clock::now(&SystemClock),
        silence: None,
        sent_at: None,
        about: None,
        removes: false,
        delivery: None,
        writer: None,
        opted_out: false,
    };
    Up::Logs { journal, rows: (first..first + count).map(row).collect() }
}

/// The last document that came.
static DOCUMENT: std::sync::Mutex<String> = std::sync::Mutex::new(String::new());

fn answer(behaviour: &Behaviour, heard: Down) -> Vec<Up> {
    let told = |detail: String| vec![Up::Problem { code: link::message::ProblemCode::Other, detail }];
    match heard {
        Down::Stop if behaviour.is("ignore-stop") => Vec::new(),
        Down::Stop if behaviour.is("slow-stop") => {
            // The other end of this pipe is opened by the test that lets it go; until then, opening it waits.
            std::fs::File::open(&behaviour.lines("slow-stop")[0]).expect("a pipe");
            std::process::exit(0)
        }
        Down::Stop => std::process::exit(0),
        Down::Acknowledge { sequence, .. } => told(format!("acknowledged {sequence}")),
        Down::AcknowledgeRecords { sequence, .. } => told(format!("acknowledged records {sequence}")),
        Down::AcknowledgeDeliveries { sequence, .. } => told(format!("acknowledged deliveries {sequence}")),
        Down::Document { what, name, part, parts, text } => {
            let what = match what {
                link::message::DocumentKind::Profile => "profile",
                link::message::DocumentKind::Pack => "pack",
            };
            say!("{what} {name}, part {part} of {parts}: {} bytes", text.len());
            if part + 1 < parts {
                return Vec::new();
            }
            let document = format!("{what} {name} of {parts}");
            DOCUMENT.lock().expect("no test panics here").clone_from(&document);
            told(document)
        }
        Down::OpenRecords { part, parts, next, rows, sold, .. } => {
            let rows: Vec<_> = rows.iter().map(|row| format!("{} {}", row.reference, row.version)).collect();
            let sold: Vec<_> =
                sold.iter().map(|of| format!("{} {} of count {}", of.sold, of.code, of.counted)).collect();
            // Said here and not told: what is told last is all that is known of it, and a document may follow at once.
            say!(
                "open records, part {part} of {parts}: {rows:?}, then B-{} and O-{}, sold {sold:?}",
                next.booking,
                next.order
            );
            Vec::new()
        }
        Down::Configure { settings, limits } => {
            told_of_disk(behaviour, limits.disk_short);
            let document = DOCUMENT.lock().expect("no test panics here");
            told(format!("configured {} after {document}", settings.business_name))
        }
        Down::QrWanted { for_ms } => told(format!("wanted {for_ms}")),
        Down::Connect => {
            say!("told to connect");
            Vec::new()
        }
        Down::Ask { request, question } => asked(behaviour, &request, question),
        Down::Welcome { .. } => Vec::new(),
    }
}

/// Writes down whether the disk is said to be short of room.
fn told_of_disk(behaviour: &Behaviour, short: bool) {
    if behaviour.is("writes-disk") {
        std::fs::write("disk", if short { "short" } else { "plenty" }).unwrap();
    }
}

fn asked(behaviour: &Behaviour, request: &str, question: Question) -> Vec<Up> {
    let answer = |result| Up::Answer { request: request.to_owned(), result };
    let only = |result| vec![answer(result)];
    match question {
        Question::LogOut if behaviour.is("ignore-stop") => Vec::new(),
        Question::LogOut if behaviour.is("not-confirmed") => {
            say!("not logged out");
            only(Err("WhatsApp is away".to_owned()))
        }
        Question::LogOut => {
            say!("logged out");
            only(Ok(Answer::LogOut))
        }
        Question::PairingCode { .. } if behaviour.is("refuse-code") => {
            only(Err("too many were asked for".to_owned()))
        }
        Question::PairingCode { number } => {
            let (code, expires_in_ms) = ("WXYZ9876".to_owned(), 180_000);
            vec![
                Up::PairingCode { code: code.clone(), expires_in_ms, number },
                answer(Ok(Answer::PairingCode { code, expires_in_ms })),
            ]
        }
        Question::SendText { text, .. } if text == "refuse" => only(Err("not a contact".to_owned())),
        Question::SendText { .. } => only(Ok(Answer::SendText { wa_message_id: request.to_owned() })),
        Question::ReadContact { .. } if behaviour.is("endless") => {
            let message = link::message::ContactMessage {
                direction: domain::Direction::In,
                wa_message_id: "3EB0".to_owned(),
                text: None,
                state: None,
                at: domain::Clock::now(&SystemClock),
            };
            let part = link::message::ContactPart {
                number: None,
                lid: None,
                push_name: None,
                wrote_at: None,
                conversation: None,
                messages: vec![message],
                more: true,
                records: Vec::new(),
            };
            only(Ok(Answer::ReadContact { part: Some(part) }))
        }
        Question::ReadContact { .. } if behaviour.is("known") => {
            let (number, lid) = behaviour.lines("known")[0].split_once(' ').unwrap();
            let part = link::message::ContactPart {
                number: Some(number.to_owned()),
                lid: Some(lid.to_owned()),
                push_name: None,
                wrote_at: None,
                conversation: None,
                messages: Vec::new(),
                more: false,
                records: Vec::new(),
            };
            only(Ok(Answer::ReadContact { part: (!Path::new("forgotten").exists()).then_some(part) }))
        }
        Question::EraseContact { .. } if behaviour.is("known") => {
            // Some of it is on its way the first time.
            if behaviour.is("busy-at-first") && !Path::new("asked").exists() {
                std::fs::write("asked", "").unwrap();
                return only(Err("try again in a moment".to_owned()));
            }
            let forgotten = Path::new("forgotten").exists();
            std::fs::write("forgotten", "").unwrap();
            say!("forgotten");
            if let Some(code) = behaviour.code("forgets-and-dies").filter(|_| !forgotten) {
                std::process::exit(code);
            }
            only(Ok(Answer::EraseContact { messages: if forgotten { 0 } else { 3 } }))
        }
        Question::ChangeRecord { .. } if behaviour.is("conflict") => {
            only(Ok(Answer::ChangeRecord { taken: Err(behaviour.lines("conflict")[0].clone()) }))
        }
        Question::ChangeRecord { contact, expects, record } => {
            let row = link::message::RecordRow {
                sequence: 7,
                contact,
                reference: "B-1007".to_owned(),
                kind: domain::RecordKind::Booking,
                version: expects.unwrap_or_default() + 1,
                open: true,
                changed_at: domain::Clock::now(&SystemClock),
                body: record.replace("\"reference\":\"\"", "\"reference\":\"B-1007\""),
            };
            only(Ok(Answer::ChangeRecord { taken: Ok(row) }))
        }
        Question::HandBack { .. } => only(Ok(Answer::HandBack)),
        Question::CopyJournal => only(Err("a fake has no journal".to_owned())),
        Question::TakeOver { .. } => only(Err("nobody of that name has written".to_owned())),
        // An answer of another kind than what was asked.
        Question::ReadContact { .. } | Question::EraseContact { .. } => {
            only(Ok(Answer::EraseContact { messages: 7 }))
        }
    }
}

fn beat(session: SessionState, behaviour: &Behaviour) -> Up {
    Up::Heartbeat(Heartbeat {
        at: domain::Clock::now(&SystemClock),
        session,
        memory_bytes: Some(1_234),
        cpu_ms: 5,
        uptime_ms: 6,
        queued: 0,
        unsent: 0,
        unlogged: 0,
        last_message_at: None,
        settings_version: behaviour.is("old-settings").then_some(0),
        unreadable: 0,
        clock_behind_ms: None,
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
    if let Ok(text) = std::fs::read_to_string(&path) {
        return text.parse().unwrap();
    }
    let id = JournalId::generate();
    std::fs::write(&path, id.to_string()).unwrap();
    id
}

/// Fills its directory bit by bit, as fast as the disk takes it.
fn fill_on() {
    let bit = vec![b'A'; 8_000_000];
    for n in 0..100 {
        let mut file = std::fs::File::create(format!("filled-{n}")).unwrap();
        std::io::Write::write_all(&mut file, &bit).unwrap();
        file.sync_all().unwrap();
    }
}
