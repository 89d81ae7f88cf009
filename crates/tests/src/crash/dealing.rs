//! Carries out what customers want of a salon and a shop, what a person enters meanwhile, and what befalls the tenant: its
//! clock moves on, its journal is lost, a customer is to be forgotten.

use std::time::Duration;

use crash::Process;
use futures_util::{
    FutureExt as _,
    future::{BoxFuture, join_all},
};
use http::{Method, StatusCode};
use link::cell::JOURNAL_DATABASE;
use serde_json::{Value, json};
use tokio::{sync::watch, time::timeout};
use virtual_whatsapp::Customer;

use super::{
    base,
    books::REMINDER,
    deal::{Deal, Hand, Midst, Next, Want},
    run::cell_is_free,
    sending::Sending,
    shop::{self, Shop, clock},
    talk::{Said, Talk, now_us},
    trace,
};
use crate::watch::Watch;

/// Messages that a customer writes at most for one wish.
const ROUNDS: usize = 14;
/// A reply may have several parts: the next follows within this.
const PARTS: Duration = Duration::from_millis(120);
/// How long customers wait for each other before they say yes.
const TOGETHER: Duration = Duration::from_secs(4);

/// A try of something that may have to be tried again: nothing where it must.
type Asking<'f> = BoxFuture<'f, Option<Result<Value, String>>>;

/// Where customers wait until everybody is about to say yes, or has ended.
struct Gate(watch::Sender<usize>);

impl Gate {
    fn arrive(&self) {
        self.0.send_modify(|left| *left = left.saturating_sub(1));
    }

    async fn pass(&self) {
        self.arrive();
        // Whoever is long in coming is not waited for.
        let _ = timeout(TOGETHER, self.0.subscribe().wait_for(|left| *left == 0)).await;
    }
}

impl Talk<'_> {
    /// Customers get what they want side by side, persons enter what they have to, and processes are ended.
    pub(super) async fn deals(
        &mut self,
        number: usize,
        wants: &[Want],
        hands: &[Hand],
        midst: Option<Midst>,
    ) -> Result<(), String> {
        let gate = Gate(watch::Sender::new(wants.len()));
        let (this, last) = (&*self, self.whatsapp.events().last());
        let mut customers = Vec::new();
        for want in wants {
            customers.push(this.deal(want, &gate));
        }
        let customers = join_all(customers);
        let persons = async {
            for (of, hand) in hands.iter().enumerate() {
                this.by_hand(&format!("hand {number}/{of}"), hand).await?;
            }
            Ok::<_, String>(())
        };
        let ended = async {
            let Some(midst) = midst else { return Vec::new() };
            this.happened(last + midst.events).await;
            let of = [(midst.worker, Process::Worker), (midst.control, Process::Control)];
            of.into_iter()
                .filter(|(ended, _)| *ended)
                .map(|(_, kind)| {
                    let at = now_us();
                    this.stage.kill(kind);
                    at
                })
                .collect()
        };
        let (dealt, persons, ended) = tokio::join!(customers, persons, ended);
        self.kills.extend(ended);
        self.fate.by_hand |= !hands.is_empty();
        let mut wrong = persons.err();
        for (said, failed) in dealt {
            self.said.extend(said);
            wrong = wrong.or(failed);
        }
        wrong.map_or(Ok(()), Err)
    }

    /// One customer's way to what they want: what they wrote, and what went wrong.
    async fn deal(&self, want: &Want, gate: &Gate) -> (Vec<Said>, Option<String>) {
        let customer = &self.customers[want.who];
        let mut deal = Deal::new(&want.wish, base::name(want.who), self.day);
        let (mut text, mut said, mut waited) = (deal.begin(), Vec::new(), false);
        let mut wrong = None;
        for _ in 0..ROUNDS {
            let before = customer.received_count(&self.bot);
            let sending = Sending::text(&text);
            let sent = customer.send(&self.bot, &sending.draft, &sending.options(want.named, None));
            match sent {
                Ok(id) => said.push(Said { who: want.who, id, sending }),
                Err(error) => wrong = Some(format!("{} cannot write: {error}", base::name(want.who))),
            }
            let heard = match wrong {
                None => self.heard(customer, before).await,
                Some(_) => break,
            };
            match heard.map(|heard| deal.next(&heard)) {
                Ok(Next::Say(next)) => text = next,
                Ok(Next::Agree) => {
                    if !std::mem::replace(&mut waited, true) {
                        gate.pass().await;
                    }
                    "yes".clone_into(&mut text);
                }
                Ok(Next::Done) => break,
                Err(why) => {
                    wrong =
                        Some(format!("{} waits for an answer to \"{text}\": {why}", base::name(want.who)));
                    break;
                }
            }
        }
        if !waited {
            gate.arrive();
        }
        (said, wrong)
    }

    /// What the bot says to a customer who has heard so many messages before: all parts of it, without reminders.
    async fn heard(&self, customer: &Customer, before: usize) -> Result<String, String> {
        let mut known = before;
        loop {
            let more = customer.wait_for_reply(&self.bot, known + 1, self.limit).await;
            known = more.map_err(|error| error.to_string())?.len();
            while let Ok(more) = customer.wait_for_reply(&self.bot, known + 1, PARTS).await {
                known = more.len();
            }
            let heard = customer.received(&self.bot).into_iter().skip(before);
            let texts = heard.filter_map(|entry| entry.body.text().map(str::to_owned));
            let texts: Vec<_> = texts.filter(|text| !text.starts_with(REMINDER)).collect();
            if !texts.is_empty() {
                return Ok(texts.join("\n\n"));
            }
        }
    }

    /// Until so many events have happened, or nothing happens any more.
    pub(super) async fn happened(&self, until: u64) {
        let events = self.whatsapp.events();
        let enough = async {
            let mut last = events.last();
            while last < until {
                events.next_after(last).await;
                last = events.last();
            }
        };
        // Fewer may happen than the plan asks for.
        let _ = timeout(super::talk::QUIET, enough).await;
    }

    /// Asks the admin API until it answers as wanted, whatever is ended meanwhile; the answer, or nothing where it says no.
    async fn insist<'f>(&self, what: &str, asking: impl Fn() -> Asking<'f>) -> Result<Value, String> {
        let data = self.paths.root.join("data");
        let watch = Watch::of(&[&data]).map_err(|error| error.to_string())?;
        let trying = async {
            loop {
                if let Some(done) = asking().await {
                    return done;
                }
                // A control plane that comes up makes its socket there, and its database tells of workers.
                watch.changed().await;
            }
        };
        timeout(self.limit, trying)
            .await
            .unwrap_or_else(|_| Err(format!("the control plane does not {what}")))
    }

    async fn asked(&self, method: Method, path: &str, body: Option<&Value>) -> Option<(StatusCode, Value)> {
        let path = format!("/admin/tenants/{}{path}", self.paths.tenant);
        self.stage.admin().try_call(method, &path, body).await.ok()
    }

    /// The same until it is done.
    pub(super) async fn done(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Value, String> {
        let what = format!("{method} {path}");
        let asking = || {
            let asked = self.asked(method.clone(), path, body);
            async move { asked.await.filter(|(status, _)| status.is_success()).map(|(_, said)| Ok(said)) }
                .boxed()
        };
        self.insist(&what, asking).await
    }

    /// A person enters something; a refusal is an answer.
    async fn by_hand(&self, note: &str, hand: &Hand) -> Result<(), String> {
        let day = self.day.to_string();
        if let Hand::Block { minute } = hand {
            let body = json!({
                "kind": "block", "day": day, "time": clock(*minute), "minutes": 60, "note": note,
            });
            let entering = || self.block(note, &body).boxed();
            return self.insist("take blocked hours", entering).await.map(drop);
        }
        // Which one is looked up once: a second try is about the same.
        let book = match self.shop {
            Shop::Store => "/orders?day=all",
            Shop::Salon | Shop::Care => "/bookings?day=all",
        };
        let list = self.done(Method::GET, book, None).await?;
        let records = list.as_array().cloned().unwrap_or_default();
        let first = records.into_iter().filter(|record| record["open"] == true);
        let Some(first) = first.min_by_key(|record| record["reference"].as_str().map(str::to_owned)) else {
            return Ok(());
        };
        let (path, seen) =
            (format!("/records/{}", first["reference"].as_str().unwrap_or_default()), &first["version"]);
        let body = match hand {
            Hand::Move { minute } => json!({ "version": seen, "day": day, "time": clock(*minute) }),
            Hand::State { state } => json!({ "version": seen, "state": state }),
            Hand::Block { .. } => return Ok(()),
        };
        let changing = || async { taken(self.asked(Method::POST, &path, Some(&body)).await) }.boxed();
        self.insist("take a person's change", changing).await.map(drop)
    }

    /// Blocks hours, unless that was done by a try whose answer was lost.
    async fn block(&self, note: &str, body: &Value) -> Option<Result<Value, String>> {
        let (_, blocks) = self.asked(Method::GET, "/blocks?day=all", None).await?;
        if blocks.as_array()?.iter().any(|block| block["record"]["note"] == note) {
            return Some(Ok(Value::Null));
        }
        taken(self.asked(Method::POST, "/records", Some(body)).await)
    }

    /// The business profile changes, in a way that changes no reply but one that nobody asks for.
    pub(super) async fn profile(&self, turn: usize) -> Result<(), String> {
        let Some(profile) = self.shop.profile(turn) else { return Ok(()) };
        self.done(Method::PUT, "/profile", Some(&profile)).await.map(drop)
    }

    /// The clock moves to when everybody who comes that day has been reminded.
    pub(super) async fn go_on(&mut self, number: usize) -> Result<(), String> {
        let (ahead_ms, to) = shop::ahead(self.day);
        let file = self.stage.run().join(crash::AHEAD);
        std::fs::write(file, ahead_ms.to_string()).map_err(|error| error.to_string())?;
        self.fate.ahead = Some(to);
        // A worker that sleeps until the next time looks at its clock when it is told something.
        self.configure(number).await
    }

    /// The worker's journal is lost, and made anew.
    pub(super) async fn renew(&mut self) -> Result<(), String> {
        // What is not sent yet would be lost with it.
        self.delivered().await?;
        self.done(Method::POST, "/worker/stop", None).await?;
        cell_is_free(&self.paths.cell()).await?;
        for end in ["", "-wal", "-shm"] {
            let file = self.paths.cell().join(format!("{JOURNAL_DATABASE}{end}"));
            if let Err(error) = std::fs::remove_file(file)
                && error.kind() != std::io::ErrorKind::NotFound
            {
                return Err(error.to_string());
            }
        }
        self.fate.renewed = true;
        let since = now_us();
        self.done(Method::POST, "/worker/start", None).await?;
        self.knows_records(since).await
    }

    /// Waits until a worker has taken the open records over, since then.
    async fn knows_records(&self, since: u64) -> Result<(), String> {
        let run = self.stage.run();
        let watch = Watch::of(&[&run]).map_err(|error| error.to_string())?;
        let taken = async {
            let told = |line: &trace::Line| line.what == "restore_after_commit" && line.at > since;
            while !trace::read(&run, Process::Worker).iter().any(told) {
                watch.changed().await;
            }
        };
        let taken = timeout(self.limit, taken).await;
        taken.map_err(|_| "a new journal is not told the open records".to_owned())
    }

    /// A customer is to be forgotten, who writes no more.
    pub(super) async fn erase(&mut self, who: usize) -> Result<(), String> {
        self.fate.erased.insert(who);
        self.done(Method::DELETE, &format!("/contacts/{}", base::number(who)), None).await.map(drop)
    }
}

/// Whether a change is taken, or refused for good; otherwise it is tried again, which a version that has changed then refuses.
fn taken(answer: Option<(StatusCode, Value)>) -> Option<Result<Value, String>> {
    match answer? {
        (status, said) if status.is_success() => Some(Ok(said)),
        (_, said) if is_final(&said) => Some(Ok(said)),
        (status, said) if status == StatusCode::UNPROCESSABLE_ENTITY || status == StatusCode::BAD_REQUEST => {
            Some(Err(format!("{status}: {said}")))
        }
        _ => None,
    }
}

/// Whether a refusal is about the record, and names what of it: not one that a moment later may be otherwise.
fn is_final(said: &Value) -> bool {
    let kind = said["type"].as_str().and_then(|kind| kind.rsplit(':').next());
    match kind {
        Some("conflict") => said["field"].is_string(),
        kind => matches!(kind, Some("stale" | "record-not-found")),
    }
}
