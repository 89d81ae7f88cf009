//! An operator who was removed and kept everything: sessions, cookies of known browsers, the password, keys of repeated
//! requests, links, and streams that were open.

use std::{
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use http::Method;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use serde_json::{Value, json};
use tokio::{task::JoinSet, time::timeout};

use super::{
    Terms,
    browser::{Answer, Browser},
    marks::Marks,
    neighbour::millis,
    stage::Stage,
    stranger::basic,
};

/// Who it was.
const EMAIL: &str = "removed@example.com";
/// Cookies of known browsers that were collected before.
const BROWSERS: usize = 20;
/// Clients that send everything again and again.
const CLIENTS: u64 = 6;
/// What a stream may take to end, in milliseconds.
const STREAM_MS: f64 = 1_000.0;
/// Guesses of one address that are looked at in eight seconds, see `accounts::line`.
const LOOKED_AT: f64 = 4.0;

/// One request that was allowed.
#[derive(Debug, Clone)]
struct Asked {
    method: Method,
    path: String,
    body: Option<Value>,
    key: Option<&'static str>,
}

#[derive(Debug, Default)]
struct Counts {
    requests: AtomicU64,
    let_in: AtomicU64,
    broken: AtomicU64,
    guesses: AtomicU64,
    looked_at: AtomicU64,
}

/// The removed operator.
pub(super) struct Removed {
    counts: Arc<Counts>,
    asked: Vec<Asked>,
    /// Everything that proved something.
    means: Vec<Browser>,
    known: Vec<Browser>,
    allowed: u64,
    streams: u64,
    slowest: Duration,
    time: Duration,
}

fn get(path: impl Into<String>) -> Asked {
    Asked { method: Method::GET, path: path.into(), body: None, key: None }
}

fn change(method: Method, path: impl Into<String>, body: Value) -> Asked {
    Asked { method, path: path.into(), body: Some(body), key: None }
}

async fn ask(browser: &mut Browser, asked: &Asked) -> std::io::Result<Answer> {
    let headers: Vec<_> = asked.key.iter().map(|key| ("idempotency-key", *key)).collect();
    browser.ask_with(asked.method.clone(), &asked.path, asked.body.as_ref(), &headers).await
}

impl Removed {
    pub(super) async fn new(stage: &Stage, terms: &Terms) -> Self {
        let admin = stage.plane.admin();
        let body = json!({ "name": "Removed", "email": EMAIL });
        let account = admin.ok(Method::POST, "/admin/operators", Some(&body)).await;
        let text = |name: &str| account[name].as_str().expect("an account has it").to_owned();
        let (id, password) = (text("id"), text("password"));
        let own = Browser::new(stage.address(), Ipv4Addr::new(127, 0, 3, 1));
        let mut known = Vec::new();
        for _ in 0..BROWSERS {
            let mut browser = own.clone();
            assert_eq!(browser.sign_in(EMAIL, &password).await.expect("an answer"), 200, "the control");
            known.push(browser);
        }
        let mut session = known[0].clone();
        let again = json!({ "password": password });
        let confirmed = session.ask(Method::POST, "/admin/confirm", Some(&again)).await.expect("an answer");
        assert!(confirmed.is_success(), "the control: {}", confirmed.status);

        let asked = Self::everything(stage);
        let mut allowed = 0;
        for one in &asked {
            let answer = ask(&mut session, one).await.expect("an answer");
            assert!(answer.is_success(), "the control: {one:?}: {} {:?}", answer.status, answer.json());
            allowed += 1;
        }
        let tenant = &stage.neighbour.id;
        let paths = [
            "/admin/stream".to_owned(),
            format!("/admin/tenants/{tenant}/logs/stream"),
            format!("/admin/tenants/{tenant}/qr/stream"),
        ];
        let mut open = JoinSet::new();
        for path in paths.iter().cycle().take(6) {
            let (status, body) = known[1].open(path).await.expect("an answer");
            assert_eq!(status, 200, "the control: {path}");
            open.spawn(end_of(body));
        }
        let streams = open.len() as u64;
        if !terms.planted {
            admin.ok(Method::POST, &format!("/admin/operators/{id}/remove"), Some(&json!({}))).await;
        }
        let removed = Instant::now();
        let mut slowest = Duration::ZERO;
        while let Ok(Some(ended)) = timeout(Duration::from_secs(5), open.join_next()).await {
            slowest = slowest.max(ended.expect("a stream's reader").saturating_duration_since(removed));
        }
        if !open.is_empty() {
            slowest = removed.elapsed();
        }
        let mut means = known[..2].to_vec();
        let mut by_password = own.clone();
        by_password.authorization = Some(basic(EMAIL, &password));
        means.push(by_password.clone());
        by_password.cookies.clone_from(&known[2].cookies);
        means.push(by_password);
        Self { counts: Arc::default(), asked, means, known, allowed, streams, slowest, time: Duration::ZERO }
    }

    /// What this operator did, and may not do any more.
    fn everything(stage: &Stage) -> Vec<Asked> {
        let (own, other) = (&stage.neighbour.id, &stage.liar);
        let mut all: Vec<_> = [
            "account",
            "tenants",
            "events",
            "events.csv",
            "operators",
            "setup-requests",
            "system",
            "usage.csv",
            "openapi.json",
        ]
        .map(|page| get(format!("/admin/{page}")))
        .into();
        all.push(get("/metrics"));
        for path in ["", "/logs?limit=500", "/logs.csv", "/qr", "/pairing-code"] {
            all.push(get(format!("/admin/tenants/{own}{path}")));
        }
        let config = json!({ "template_type": "SUPPORT", "language": "EN", "business_name": "Kept" });
        let mut created = change(Method::POST, "/admin/tenants", json!({ "name": "Kept", "config": config }));
        created.key = Some("kept-by-the-removed-operator");
        // Twice: what was answered once is answered again to whoever has the key.
        all.push(created.clone());
        all.push(created);
        all.push(change(Method::PATCH, format!("/admin/tenants/{other}"), json!({ "name": "Renamed" })));
        all.push(change(
            Method::POST,
            format!("/admin/tenants/{other}/suspend"),
            json!({ "reason": "kept" }),
        ));
        all.push(change(Method::POST, format!("/admin/tenants/{other}/lift-suspension"), json!({})));
        all.push(change(
            Method::POST,
            "/admin/operators",
            json!({ "name": "Friend", "email": format!("friend-{}@example.com", stage.plane.pid()) }),
        ));
        all
    }

    pub(super) async fn go(&mut self, time: Duration) {
        self.time += time;
        let until = Instant::now() + time;
        let mut all = JoinSet::new();
        for client in 0..CLIENTS {
            let (asked, means) = (self.asked.clone(), self.means.clone());
            all.spawn(again(asked, means, client, Arc::clone(&self.counts), until));
        }
        for browser in self.known.iter().cloned() {
            all.spawn(guess(browser, Arc::clone(&self.counts), until));
        }
        while let Some(ended) = all.join_next().await {
            ended.expect("an attacker's task");
        }
    }

    pub(super) fn finish(self, marks: &mut Marks) -> Vec<(&'static str, u64)> {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let counts = &self.counts;
        marks.control("what was allowed before the removal", self.allowed);
        marks.control("streams were open before the removal", self.streams);
        marks.at_most(
            "a stream goes on, ms",
            STREAM_MS,
            millis(self.slowest) as f64,
            format!("{} streams", self.streams),
        );
        marks.control("requests after the removal", of(&counts.requests));
        marks.never("requests let in", of(&counts.let_in), "");
        marks.never("answers 500", of(&counts.broken), "");
        // All from one address, whatever cookies they bring.
        let guesses = format!("of {}, with {BROWSERS} known browsers", of(&counts.guesses));
        marks.guesses(LOOKED_AT, self.time, of(&counts.looked_at), guesses);
        vec![
            ("requests", of(&counts.requests)),
            ("guesses", of(&counts.guesses)),
            ("guesses looked at", of(&counts.looked_at)),
            ("slowest stream to end, ms", millis(self.slowest)),
        ]
    }
}

/// When a stream ended.
async fn end_of(mut body: Incoming) -> Instant {
    while let Some(Ok(_)) = body.frame().await {}
    Instant::now()
}

/// Everything again, with each of the means.
async fn again(asked: Vec<Asked>, means: Vec<Browser>, client: u64, counts: Arc<Counts>, until: Instant) {
    let mut round = client;
    while Instant::now() < until {
        for one in &asked {
            round += 1;
            // A password is looked at in its line, which is slow by intent: one client is for that.
            let mean = if client == 0 { 2 + round % 2 } else { round % 2 };
            let mut browser = means[mean as usize].clone();
            browser.from = Ipv4Addr::new(127, 0, 3, u8::try_from(client + 1).unwrap_or(1));
            let left = until.saturating_duration_since(Instant::now());
            let Ok(Ok(answer)) = timeout(left, ask(&mut browser, one)).await else { continue };
            counts.requests.fetch_add(1, Ordering::Relaxed);
            if answer.is_success() {
                counts.let_in.fetch_add(1, Ordering::Relaxed);
            }
            if answer.status == 500 {
                counts.broken.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

/// Guesses at the admin password with the cookies of a known browser, all from one address.
async fn guess(known: Browser, counts: Arc<Counts>, until: Instant) {
    // Whoever is told to come again has no event to wait for.
    let mut turns = tokio::time::interval(Duration::from_millis(100));
    turns.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    while Instant::now() < until {
        let mut browser = known.clone();
        browser.from = Ipv4Addr::new(127, 0, 3, 200);
        let left = until.saturating_duration_since(Instant::now());
        let asking = browser.sign_in("admin", "not the password");
        let Ok(Ok(status)) = timeout(left, asking).await else { continue };
        counts.guesses.fetch_add(1, Ordering::Relaxed);
        match status {
            401 => drop(counts.looked_at.fetch_add(1, Ordering::Relaxed)),
            200..300 => drop(counts.let_in.fetch_add(1, Ordering::Relaxed)),
            _ => drop(turns.tick().await),
        }
    }
}
