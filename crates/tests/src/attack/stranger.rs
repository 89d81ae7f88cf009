//! A stranger who reaches the port: requests of no use to anybody, connections held open, guesses.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use http::Method;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::{MissedTickBehavior, timeout},
};

use super::{Terms, browser::Browser, marks::Marks, stage::Stage};
use crate::PASSWORD;

/// As much as a head may have, nearly; and more than it may.
const FULL: usize = 31 * 1024;
const TOO_LONG: usize = 300 * 1024;
/// A body beyond what is taken.
const HUGE_BODY: usize = 4 * 1024 * 1024;
/// Connections that never come to their end, all of one address.
const SLOW: usize = 2_600;
/// Clients that send hostile requests, one after the other each.
const CLIENTS: usize = 16;
/// Kinds of hostile requests, and the one of them that guesses.
const KINDS: u64 = 22;
const BY_BASIC: u64 = 15;
/// Addresses that guess, besides six threads at the rightful operator's own.
const GUESSING: u8 = 18;
const AT_OWN: u8 = 6;

/// Guesses that are looked at in eight seconds, of all addresses together, see `accounts::line`.
const LOOKED_AT: f64 = 64.0;

#[derive(Debug, Default)]
struct Counts {
    requests: AtomicU64,
    slow: AtomicU64,
    guesses: AtomicU64,
    looked_at: AtomicU64,
    let_in: AtomicU64,
    broken: AtomicU64,
}

/// The stranger.
pub(super) struct Stranger {
    address: SocketAddr,
    counts: Arc<Counts>,
    seed: u64,
    /// What its guesses are, which the right one is planted among.
    knows: bool,
    time: Duration,
}

fn one(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// `Authorization` of a name and a password.
pub(super) fn basic(user: &str, password: &str) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::from("Basic ");
    for part in format!("{user}:{password}").as_bytes().chunks(3) {
        let bits =
            part.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte)) << (8 * (3 - part.len()));
        for n in 0..4 {
            let letter = char::from(LETTERS[bits >> (18 - 6 * n) & 63]);
            text.push(if n > part.len() { '=' } else { letter });
        }
    }
    text
}

impl Stranger {
    #[expect(clippy::unused_async, reason = "as the other attackers")]
    pub(super) async fn new(stage: &Stage, terms: &Terms) -> Self {
        // This process holds the other ends of all connections.
        let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
        let raised = rustix::process::Rlimit { current: limit.maximum, maximum: limit.maximum };
        rustix::process::setrlimit(rustix::process::Resource::Nofile, raised).expect("the own limit");
        Self {
            address: stage.address(),
            counts: Arc::default(),
            seed: terms.seed,
            knows: terms.planted,
            time: Duration::ZERO,
        }
    }

    pub(super) async fn go(&mut self, time: Duration) {
        self.time += time;
        let until = Instant::now() + time;
        let mut all = JoinSet::new();
        for client in 0..CLIENTS {
            let random = StdRng::seed_from_u64(self.seed * 1_000 + client as u64);
            all.spawn(hostile(self.address, Arc::clone(&self.counts), random, until));
        }
        for _ in 0..SLOW {
            all.spawn(slow(self.address, Arc::clone(&self.counts), until));
        }
        for n in 0..GUESSING + AT_OWN {
            let from = if n < GUESSING { Ipv4Addr::new(127, 0, 7, n + 1) } else { Ipv4Addr::LOCALHOST };
            let guesser = Browser::new(self.address, from);
            all.spawn(guess(guesser, n, Arc::clone(&self.counts), self.knows, until));
        }
        while let Some(ended) = all.join_next().await {
            ended.expect("an attacker's task");
        }
    }

    pub(super) fn finish(self, marks: &mut Marks) -> Vec<(&'static str, u64)> {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let counts = &self.counts;
        marks.control("hostile requests were answered", of(&counts.requests));
        marks.control("slow connections were held", of(&counts.slow));
        marks.control("guesses were made", of(&counts.guesses));
        marks.never("requests and guesses let in", of(&counts.let_in), "");
        marks.never("answers 500", of(&counts.broken), "");
        let guesses = format!("of {}", of(&counts.guesses));
        marks.guesses(LOOKED_AT, self.time, of(&counts.looked_at), guesses);
        vec![
            ("hostile requests", of(&counts.requests)),
            ("slow connections", of(&counts.slow)),
            ("guesses", of(&counts.guesses)),
            ("guesses looked at", of(&counts.looked_at)),
        ]
    }
}

async fn hostile(address: SocketAddr, counts: Arc<Counts>, mut random: StdRng, until: Instant) {
    let mut n = 0;
    while Instant::now() < until {
        n += 1;
        let bytes = request(n, &mut random);
        // From many addresses, among them the rightful operator's.
        // But no guess comes from there: six threads guess at that address already, and that is what is promised for.
        let from = match random.random_range(0..8) {
            0 if n % KINDS != BY_BASIC => Ipv4Addr::LOCALHOST,
            _ => Ipv4Addr::new(127, random.random_range(1..9), random.random(), random.random_range(1..255)),
        };
        let asker = Browser::new(address, from);
        let asked = timeout(Duration::from_secs(20), async {
            let mut stream = asker.connect().await?;
            // Whoever says too much is cut off: the rest cannot be written, and perhaps the answer not be read.
            let _ = stream.write_all(&bytes).await;
            let mut answer = Vec::new();
            let _ = (&mut stream).take(64 * 1024).read_to_end(&mut answer).await;
            std::io::Result::Ok(answer)
        });
        let Ok(Ok(answer)) = asked.await else { continue };
        one(&counts.requests);
        let head = answer.get(..12).unwrap_or_default();
        if head == b"HTTP/1.1 500" {
            one(&counts.broken);
        }
        // What everybody may see is not asked for.
        if head.starts_with(b"HTTP/1.1 2") {
            one(&counts.let_in);
        }
    }
}

/// A request of no use to anybody, each unlike the others.
fn request(n: u64, random: &mut StdRng) -> Vec<u8> {
    let size = if random.random_range(0..25) == 0 { TOO_LONG } else { FULL };
    let mark: u64 = random.random();
    let long = format!("{mark:x}{}", "A".repeat(size));
    let (host, end) = ("host: 127.0.0.1", "connection: close\r\n\r\n");
    let text = match n % KINDS {
        0 => format!("{} / HTTP/1.1\r\n{host}\r\n{end}", "M".to_owned() + &long),
        1 => format!("BREW{mark} /{long} HTTP/1.1\r\n{host}\r\n{end}"),
        2 => format!("POST /{long} HTTP/1.1\r\n{host}\r\n{end}"),
        3 => format!("DELETE /admin/tenants/{long} HTTP/1.1\r\n{host}\r\n{end}"),
        4 => format!("GET /admin/tenants?next={long} HTTP/1.1\r\n{host}\r\n{end}"),
        5 => format!(
            "POST /admin/tenants HTTP/1.1\r\n{host}\r\nx-{mark}: {long}\r\ncookie: flowhq_admin={mark:A<22}\r\n{end}"
        ),
        6 => format!(
            "GET /admin/tenants HTTP/1.1\r\nhost: {mark}.evil.example\r\nx-request-id: {long}\r\n{end}"
        ),
        7 => format!("PUT / HTTP/1.1\r\nhost: {long}.example\r\n{end}"),
        8 => format!("GET /admin/tenants?back=/admin/%01{mark} HTTP/1.1\r\n{host}\r\n{end}"),
        9 => format!("GET /assets/..%2f..%2fflowhq.db{mark} HTTP/1.1\r\n{host}\r\n{end}"),
        10 => format!("GET /admin/stream HTTP/1.1\r\nhost: 127.0.0.1.{mark}.rebind.example\r\n{end}"),
        11 => format!(
            "GET /admin/tenants HTTP/1.1\r\n{host}\r\nupgrade: websocket\r\nconnection: upgrade, close\r\n\r\n"
        ),
        12 => format!(
            "GET /metrics HTTP/1.1\r\n{host}\r\nx-forwarded-for: 10.{mark}\r\nx-forwarded-host: {long}\r\n{end}"
        ),
        13 => format!(
            "POST /admin/tenants HTTP/1.1\r\n{host}\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nGET /admin/tenants HTTP/1.1\r\n\r\n"
        ),
        14 => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned() + &long,
        15 => format!(
            "GET /admin/events HTTP/1.1\r\n{host}\r\nauthorization: {}\r\n{end}",
            basic("admin", &long)
        ),
        16 => format!(
            "POST /admin/sign-in/code HTTP/1.1\r\n{host}\r\ncookie: flowhq_admin={mark:A<22}\r\ncontent-type: application/json\r\ncontent-length: 17\r\n{end}{{\"code\":\"{:06}\"}}",
            mark % 1_000_000
        ),
        // A TLS client's first words, and words of no protocol.
        17 => return [&[22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3][..], &vec![random.random(); FULL]].concat(),
        18 => return (0..FULL).map(|_| random.random()).collect(),
        19 => format!(
            "POST /admin/tenants HTTP/1.1\r\n{host}\r\ncontent-type: application/json\r\ncontent-length: {HUGE_BODY}\r\n{end}{}",
            "A".repeat(HUGE_BODY)
        ),
        20 => {
            let chunk = format!("8000\r\n{}\r\n", "A".repeat(0x8000));
            format!(
                "POST /admin/sign-in HTTP/1.1\r\n{host}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n{}",
                chunk.repeat(HUGE_BODY / 0x8000)
            )
        }
        _ => {
            let many: String = (0..2_000).map(|n| format!("x-{mark}-{n}: 1\r\n")).collect();
            format!("GET /admin/tenants HTTP/1.1\r\n{host}\r\n{many}{end}")
        }
    };
    text.into_bytes()
}

/// Holds a connection open that never comes to its end, and opens another where it was closed.
async fn slow(address: SocketAddr, counts: Arc<Counts>, until: Instant) {
    const HALF: &[u8] = b"POST /admin/sign-in HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    let asker = Browser::new(address, Ipv4Addr::new(127, 0, 9, 9));
    let mut headless = true;
    // One that is refused at once would keep a core busy with that alone.
    let mut turns = tokio::time::interval(Duration::from_secs(3));
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while Instant::now() < until {
        turns.tick().await;
        let wait = until.saturating_duration_since(Instant::now());
        let Ok(Ok(mut stream)) = timeout(wait, asker.connect()).await else { continue };
        let begin: &[u8] = if headless { b"GET / HTTP/1.1\r\nhost: " } else { HALF };
        headless = !headless;
        if stream.write_all(begin).await.is_ok() {
            one(&counts.slow);
        }
        let wait = until.saturating_duration_since(Instant::now());
        let _ = timeout(wait, closed(&mut stream)).await;
    }
}

async fn closed(stream: &mut TcpStream) {
    let mut buffer = [0; 256];
    while !matches!(stream.read(&mut buffer).await, Ok(0) | Err(_)) {}
}

/// Guesses at passwords, and at codes of sessions that it makes up.
async fn guess(guesser: Browser, n: u8, counts: Arc<Counts>, knows: bool, until: Instant) {
    let mut tries = 0_u32;
    while Instant::now() < until {
        tries += 1;
        one(&counts.guesses);
        let mut browser = guesser.clone();
        let password = if knows && n < 4 { PASSWORD.to_owned() } else { format!("guess {n} {tries}") };
        let wait = until.saturating_duration_since(Instant::now());
        let asking = async {
            if tries.is_multiple_of(3) {
                browser.authorization = Some(basic("admin", &password));
                return browser.ask(Method::GET, "/admin/tenants", None).await;
            }
            if tries.is_multiple_of(5) {
                browser.cookies = vec![("flowhq_admin".to_owned(), format!("{tries:A<22}"))];
                let code = json!({ "code": format!("{tries:06}") });
                let answer = browser.ask(Method::POST, "/admin/sign-in/code", Some(&code)).await;
                // Of a session that is none: nothing was looked at.
                return answer.map(|mut answer| {
                    answer.status = if answer.is_success() { answer.status } else { 429 };
                    answer
                });
            }
            let body = json!({ "user": "admin", "password": password });
            browser.ask(Method::POST, "/admin/sign-in", Some(&body)).await
        };
        // Some hang up before they are answered, which must gain them nothing.
        let patience = if tries.is_multiple_of(7) { Duration::from_millis(50) } else { wait };
        let Ok(Ok(answer)) = timeout(patience, asking).await else { continue };
        match answer.status {
            401 => one(&counts.looked_at),
            200..300 => one(&counts.let_in),
            500 => one(&counts.broken),
            // Told to wait: whoever does not is told again.
            _ => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}
