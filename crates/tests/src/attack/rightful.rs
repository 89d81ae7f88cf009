//! The rightful operator: reads and changes all the while, and signs in anew again and again.

use std::{
    net::Ipv4Addr,
    time::{Duration, Instant},
};

use http::Method;
use serde_json::{Value, json};
use tokio::{
    task::JoinHandle,
    time::{interval, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{browser::Browser, neighbour::millis, stage::Stage};
use crate::PASSWORD;

/// Between two rounds of reading and changing.
const LOOKS_AT_IT_FOR: Duration = Duration::from_millis(300);
/// Between two tries of whoever is told to come again.
const COMES_AGAIN: Duration = Duration::from_millis(250);

/// A rightful operator at work.
pub(super) struct Work {
    ends: CancellationToken,
    reads: JoinHandle<Done>,
    signs_in: JoinHandle<Done>,
}

/// What became of it.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) requests: u64,
    /// What was not answered as it must be, the first few.
    pub(super) failed: Vec<String>,
    pub(super) failures: u64,
    pub(super) worst: Duration,
    pub(super) readyz_worst: Duration,
    pub(super) unready: u64,
    pub(super) sign_ins: u64,
    pub(super) sign_in_worst: Duration,
}

impl Work {
    pub(super) fn begin(stage: &Stage, time: Duration) -> Self {
        let ends = CancellationToken::new();
        let own = Browser::new(stage.address(), Ipv4Addr::LOCALHOST);
        let reads =
            tokio::spawn(work(own.clone(), stage.neighbour.id.clone(), stage.liar.clone(), ends.clone()));
        let every = (time / 20).clamp(Duration::from_secs(1), Duration::from_secs(15));
        let signs_in = tokio::spawn(sign_in_again(own, every, ends.clone()));
        Self { ends, reads, signs_in }
    }

    pub(super) async fn end(self) -> Done {
        self.ends.cancel();
        let mut done = self.reads.await.expect("the operator");
        let other = self.signs_in.await.expect("the operator");
        done.sign_ins = other.sign_ins;
        done.sign_in_worst = other.sign_in_worst;
        done.failures += other.failures;
        done.failed.extend(other.failed);
        done
    }
}

/// Two operators come in at the same moment, a few times: what passwords are compared in is made once and kept, and is no
/// attacker's doing.
pub(super) async fn come_in_together(stage: &Stage) {
    for _ in 0..8 {
        let mut first = Browser::new(stage.address(), Ipv4Addr::LOCALHOST);
        let mut second = Browser::new(stage.address(), Ipv4Addr::new(127, 0, 0, 9));
        let both = tokio::join!(first.sign_in("admin", PASSWORD), second.sign_in("admin", PASSWORD));
        assert!(matches!(both, (Ok(200), Ok(200))), "{both:?}");
    }
}

impl Done {
    fn fails(&mut self, what: String) {
        self.failures += 1;
        if self.failed.len() < 5 {
            self.failed.push(what);
        }
    }

    pub(super) fn told(&self) -> Vec<(&'static str, u64)> {
        vec![
            ("rightful operator's requests", self.requests),
            ("rightful operator's worst answer, ms", millis(self.worst)),
            ("rightful operator's sign-ins", self.sign_ins),
            ("rightful operator's slowest sign-in, ms", millis(self.sign_in_worst)),
            ("slowest /readyz, ms", millis(self.readyz_worst)),
        ]
    }
}

async fn work(mut browser: Browser, neighbour: String, liar: String, ends: CancellationToken) -> Done {
    let mut done = Done::default();
    match browser.sign_in("admin", PASSWORD).await {
        Ok(200) => {}
        other => done.fails(format!("signing in: {other:?}")),
    }
    let reads = [
        "/admin/tenants".to_owned(),
        "/admin/system".to_owned(),
        "/admin/events".to_owned(),
        format!("/admin/tenants/{neighbour}"),
        format!("/admin/tenants/{neighbour}/logs?limit=500"),
        format!("/admin/tenants/{liar}"),
        format!("/admin/tenants/{liar}/logs?limit=500"),
    ];
    let mut round = 0_u64;
    loop {
        round += 1;
        let began = Instant::now();
        let ready = browser.ask(Method::GET, "/readyz", None).await;
        done.readyz_worst = done.readyz_worst.max(began.elapsed());
        if !ready.as_ref().is_ok_and(super::browser::Answer::is_success) {
            done.unready += 1;
            done.fails(format!("/readyz: {:?}", ready.map(|answer| answer.status)));
        }
        for path in &reads {
            done.one(&mut browser, Method::GET, path, None).await;
        }
        let change = json!({ "name": format!("Neighbour {round}") });
        done.one(&mut browser, Method::PATCH, &format!("/admin/tenants/{neighbour}"), Some(&change)).await;
        // Until it is over, or the next round's turn.
        if timeout(LOOKS_AT_IT_FOR, ends.cancelled()).await.is_ok() {
            return done;
        }
    }
}

impl Done {
    async fn one(&mut self, browser: &mut Browser, method: Method, path: &str, body: Option<&Value>) {
        let began = Instant::now();
        let answer = browser.ask(method.clone(), path, body).await;
        self.requests += 1;
        self.worst = self.worst.max(began.elapsed());
        match answer {
            Ok(answer) if answer.is_success() => {}
            Ok(answer) => self.fails(format!("{method} {path}: {}", answer.status)),
            Err(error) => self.fails(format!("{method} {path}: {error}")),
        }
    }
}

/// A new browser each time, without a cookie that would make it a known one; whoever is told to wait tries again.
async fn sign_in_again(own: Browser, every: Duration, ends: CancellationToken) -> Done {
    let mut done = Done::default();
    loop {
        let began = Instant::now();
        // Told to come again it comes four times a second: a browser has no event to wait for.
        let mut turns = interval(COMES_AGAIN);
        loop {
            turns.tick().await;
            let mut browser = own.clone();
            match browser.sign_in("admin", PASSWORD).await {
                Ok(200) => {
                    let _ = browser.ask(Method::POST, "/admin/sign-out", None).await;
                    break;
                }
                Ok(429 | 503) | Err(_) if began.elapsed() < crate::LIMIT => {}
                other => {
                    done.fails(format!("signing in: {other:?} after {:?}", began.elapsed()));
                    break;
                }
            }
        }
        done.sign_ins += 1;
        done.sign_in_worst = done.sign_in_worst.max(began.elapsed());
        if timeout(every, ends.cancelled()).await.is_ok() {
            return done;
        }
    }
}
