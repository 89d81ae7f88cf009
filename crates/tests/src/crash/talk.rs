//! Carries a plan's conversation out: customers write, WhatsApp misbehaves, processes are ended.

use std::{
    collections::BTreeSet,
    time::{Duration, SystemTime},
};

use crash::Process;
use domain::{BotSettings, Limits, TenantId, Timestamp};
use http::Method;
use jiff::civil::Date;
use link::{
    Identity, TokenKey, Welcome,
    message::{Answer, Down, Question, Up},
};
use serde_json::json;
use tokio::time::{Instant, timeout, timeout_at};
use virtual_whatsapp::{Customer, Draft, Error, Kind, LinkedDevice, PhoneError, Server};

use super::{
    base::{self, Paths},
    books,
    plan::{CUSTOMERS, Named, Step},
    rows::Rows,
    sending::Sending,
    shop::{self, Shop},
    stage::Stage,
};
use crate::{settled::settled, watch::Watch};

/// Where nothing happens for so long, nothing more is waited for.
pub(super) const QUIET: Duration = Duration::from_millis(400);
/// What stands for a message that cannot be read is told of this soon after the server was relieved of it, or never.
const NOTED: Duration = Duration::from_secs(4);

/// A message that a customer has sent.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Said {
    pub(super) who: usize,
    pub(super) id: String,
    pub(super) sending: Sending,
}

/// What has befallen a tenant.
#[derive(Debug, Clone, Default)]
pub(super) struct Fate {
    /// What its clock shows since it was moved.
    pub(super) ahead: Option<Timestamp>,
    /// Its journal was lost and made anew.
    pub(super) renewed: bool,
    /// Persons have entered something.
    pub(super) by_hand: bool,
    /// Customers that are to be forgotten.
    pub(super) erased: BTreeSet<usize>,
}

/// The conversation as far as it has come.
pub(super) struct Talk<'a> {
    pub(super) stage: &'a Stage,
    pub(super) paths: &'a Paths,
    pub(super) whatsapp: &'a Server,
    device: LinkedDevice,
    pub(super) bot: String,
    group: String,
    pub(super) customers: Vec<Customer>,
    pub(super) limit: Duration,
    /// What the tenant does.
    pub(super) shop: Shop,
    /// The day on which everybody wants to come.
    pub(super) day: Date,
    /// What has befallen the tenant so far.
    pub(super) fate: Fate,
    pub(super) said: Vec<Said>,
    /// What was typed by hand, by customer.
    pub(super) typed: Vec<(usize, String)>,
    /// When processes were ended at an instant, in microseconds since 1970.
    pub(super) kills: Vec<u64>,
}

impl<'a> Talk<'a> {
    pub(super) fn begin(
        stage: &'a Stage,
        paths: &'a Paths,
        whatsapp: &'a Server,
        bot: &str,
        shop: Shop,
        limit: Duration,
    ) -> Self {
        let customers = (0..CUSTOMERS).map(|who| whatsapp.find_customer(&base::number(who)));
        Self {
            stage,
            paths,
            whatsapp,
            device: whatsapp.device(bot, 1).expect("the bot is linked"),
            bot: bot.to_owned(),
            group: whatsapp.groups().first().map(|group| group.id.clone()).expect("the base has a group"),
            customers: customers.collect::<Result<_, _>>().expect("the base has the customers"),
            limit,
            shop,
            day: shop::day(),
            fate: Fate::default(),
            said: Vec::new(),
            typed: Vec::new(),
            kills: Vec::new(),
        }
    }

    /// Carries one step out; what failed, where something did.
    pub(super) async fn step(&mut self, number: usize, step: &Step) -> Result<(), String> {
        match step {
            Step::Say { who, text, named } => self.send(*who, &Sending::text(text), *named, None),
            Step::SameId { who, of, text, named } => {
                let Some(id) = self.said.get(*of).map(|said| said.id.clone()) else { return Ok(()) };
                self.send(*who, &Sending::text(text), *named, Some(&id))
            }
            Step::Send { who, sending, named } => self.send(*who, sending, *named, None),
            Step::Again { of, anew, named, times } => {
                let Some(said) = self.said.get(*of) else { return Ok(()) };
                let customer = &self.customers[said.who];
                for _ in 0..*times {
                    let done = if *anew {
                        customer.resend_encrypted_anew(&said.id, &said.sending.options(*named, None))
                    } else {
                        customer.resend_same_bytes(&said.id)
                    };
                    done.map_err(|error| error.to_string())?;
                }
                Ok(())
            }
            Step::Type { who, text } => {
                let request = format!("request-{number}");
                type_text(self.paths, &base::number(*who), &request, text, self.limit).await?;
                self.typed.push((*who, text.clone()));
                Ok(())
            }
            Step::Configure => self.configure(number).await,
            Step::Answered => self.answered().await,
            Step::Kill { worker, control } => {
                for (ended, kind) in [(*worker, Process::Worker), (*control, Process::Control)] {
                    if ended {
                        self.kills.push(now_us());
                        self.stage.kill(kind);
                    }
                }
                Ok(())
            }
            Step::Events { count } => {
                self.happened(self.whatsapp.events().last() + count).await;
                Ok(())
            }
            Step::Deal { wants, hands, midst } => self.deals(number, wants, hands, *midst).await,
            Step::Profile => self.profile(number).await,
            Step::Ahead => self.go_on(number).await,
            Step::Renew => self.renew().await,
            Step::Erase { who } => self.erase(*who).await,
            Step::Fault { fault } => {
                self.whatsapp.faults().switch_on(fault.clone());
                Ok(())
            }
        }
    }

    /// Sends a message, about whatever fits. Where a message must be about an earlier one and there is none, it is a
    /// text, so that each step is one message.
    fn send(&mut self, who: usize, sending: &Sending, named: Named, id: Option<&str>) -> Result<(), String> {
        let mut sending = sending.clone();
        sending.draft.of = self.about(who, sending.draft.kind);
        let chat = if sending.group { &self.group } else { &self.bot };
        let customer = &self.customers[who];
        let mut sent = customer.send(chat, &sending.draft, &sending.options(named, id));
        if matches!(sent, Err(Error::Phone(PhoneError::NoMessage(_)))) {
            sending = Sending::text("Hello");
            sent = customer.send(&self.bot, &sending.draft, &sending.options(named, id));
        }
        let id = sent.map_err(|error| format!("{} cannot write: {error}", base::name(who)))?;
        self.said.push(Said { who, id, sending });
        Ok(())
    }

    /// The message that a part of an album, a vote or an answer to an appointment belongs to.
    fn about(&self, who: usize, kind: Kind) -> Option<String> {
        let of = match kind {
            Kind::AlbumImage => Kind::Album,
            Kind::PollVote => Kind::Poll,
            Kind::EventAnswer => Kind::Event,
            _ => return None,
        };
        let fits =
            |said: &&Said| said.who == who && said.sending.draft == Draft::of(of) && !said.sending.spoilt;
        self.said.iter().rev().find(fits).map(|said| said.id.clone())
    }

    /// Waits until the control plane has each message that people see, with its answer or its reason for silence: the
    /// journal's outcomes, as the worker hands them up.
    pub(super) async fn answered(&self) -> Result<(), String> {
        self.until(|rows| self.missing(rows)).await
    }

    /// What the control plane's log lacks.
    fn missing(&self, rows: &Rows) -> Option<String> {
        let seen = |said: &&Said| {
            said.sending.passes_hook() && said.sending.is_logged() && !self.fate.erased.contains(&said.who)
        };
        for said in self.said.iter().filter(seen) {
            let wanted = self.said.iter().filter(seen).filter(|other| other.id == said.id).count();
            let there = rows.taken.get(&said.id).copied().unwrap_or_default();
            if there < wanted {
                return Some(format!("{} ({}) of {}", said.sending.name(), said.id, base::name(said.who)));
            }
        }
        let typed = |text: &String| !rows.sent.contains(text);
        if let Some((_, text)) = self.typed.iter().find(|(_, text)| typed(text)) {
            return Some(format!("\"{text}\", typed by hand"));
        }
        (rows.unanswered > 0).then(|| format!("an answer to {} contacts", rows.unanswered))
    }

    /// Messages of the bot's that phones have, of customers that the log knows.
    fn arrived(&self) -> usize {
        let known = self.customers.iter().enumerate().filter(|(who, _)| !self.fate.erased.contains(who));
        known.map(|(_, customer)| customer.received_count(&self.bot)).sum()
    }

    /// What the control plane's books lack of what customers were told, customers of what is due, and what is still to be
    /// forgotten.
    fn unkept(&self, rows: &Rows) -> Option<String> {
        let known = self.customers.iter().enumerate().filter(|(who, _)| !self.fate.erased.contains(who));
        let told: Vec<_> =
            known.flat_map(|(_, customer)| books::told(&customer.received(&self.bot))).collect();
        let erasing = (rows.erasing > 0).then(|| format!("{} customers forgotten", rows.erasing));
        books::lacks(&told, &rows.records, self.fate.ahead).or(erasing)
    }

    /// Waits until phones have every answer that the control plane knows.
    pub(super) async fn delivered(&self) -> Result<(), String> {
        let undelivered = |rows: &Rows| rows.sent.len().checked_sub(self.arrived()).filter(|left| *left > 0);
        self.until(|rows| undelivered(rows).map(|left| format!("{left} answers on phones"))).await
    }

    /// Waits until WhatsApp has nothing left to hand over, the control plane has every row, and phones every answer;
    /// and until what cannot be read is told and counted.
    pub(super) async fn at_rest(&self) -> Result<(), String> {
        self.whatsapp.faults().switch_all_off();
        self.answered().await?;
        settled(self.whatsapp, &self.device, self.limit).await?;
        self.noted().await;
        self.until(|rows| {
            if let Some(missing) = self.missing(rows) {
                return Some(missing);
            }
            if let Some(missing) = self.unkept(rows) {
                return Some(missing);
            }
            let arrived = self.arrived();
            (arrived != rows.sent.len())
                .then(|| format!("{} answers, of which {arrived} arrived", rows.sent.len()))
        })
        .await
    }

    /// Waits until what cannot be read stands in the log, or nothing happens any more: a crash may have forgotten it.
    async fn noted(&self) {
        let gone = self.until(|rows| {
            let unread = |said: &&Said| !said.sending.passes_hook() && !rows.unread.contains(&said.id);
            self.said.iter().find(unread).map(|said| said.id.clone())
        });
        let events = self.whatsapp.events();
        let quiet = async {
            loop {
                let last = events.last();
                if timeout(NOTED, events.next_after(last)).await.is_err() {
                    return;
                }
            }
        };
        tokio::select! {
            _ = gone => {}
            () = quiet => {}
        }
    }

    /// Waits until what the control plane knows leaves nothing to be desired, looking again whenever its database or
    /// WhatsApp changes.
    async fn until(&self, wanting: impl Fn(&Rows) -> Option<String>) -> Result<(), String> {
        let deadline = Instant::now() + self.limit;
        let data = self.paths.root.join("data");
        let watch = Watch::of(&[&data]).map_err(|error| error.to_string())?;
        let events = self.whatsapp.events();
        loop {
            let (last, path, tenant) = (events.last(), self.paths.control(), self.paths.tenant.clone());
            let rows = tokio::task::spawn_blocking(move || Rows::read(&path, &tenant)).await;
            // The database may be another process's alone for a moment.
            let rows = rows.ok().and_then(Result::ok).unwrap_or_default();
            let Some(missing) = wanting(&rows) else { return Ok(()) };
            let changed = async {
                tokio::select! {
                    () = watch.changed() => {}
                    _ = events.next_after(last) => {}
                }
            };
            if timeout_at(deadline, changed).await.is_err() {
                return Err(format!("the control plane's log lacks {missing}"));
            }
        }
    }

    pub(super) async fn configure(&self, number: usize) -> Result<(), String> {
        let body = json!({ "currency": if number.is_multiple_of(2) { "KES" } else { "UGX" } });
        let path = format!("/admin/tenants/{}", self.paths.tenant);
        let data = self.paths.root.join("data");
        let watch = Watch::of(&[&data]).map_err(|error| error.to_string())?;
        let trying = async {
            loop {
                let admin = self.stage.admin();
                let answer = admin.try_call(Method::PATCH, &path, Some(&body)).await;
                if answer.is_ok_and(|(status, _)| status.is_success()) {
                    return;
                }
                // A control plane that comes up makes its socket there.
                watch.changed().await;
            }
        };
        let done = timeout(self.limit, trying).await;
        done.map_err(|_| "the control plane takes no change of settings".to_owned())
    }
}

/// Microseconds since 1970, as the traces have them.
#[expect(clippy::disallowed_methods, reason = "compared with what the processes wrote down")]
pub(super) fn now_us() -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_micros()).unwrap_or(u64::MAX)
}

/// Has the worker take a text that a person typed. The API's way ends with the control plane that is killed; so the
/// driver dials the worker as a second control plane would, and can ask again under the same request. The first one
/// finds itself replaced and dials again.
async fn type_text(
    paths: &Paths,
    contact: &str,
    request: &str,
    text: &str,
    limit: Duration,
) -> Result<(), String> {
    let links = paths.root.join("data/links").join(&paths.tenant);
    let watch = Watch::of(&[&links, &paths.run()]).map_err(|error| error.to_string())?;
    let trying = async {
        loop {
            match try_type(paths, contact, request, text).await {
                // Refused in words, since the disk fails just now: whoever types sends the same request again.
                Ok(Err(why)) if why.contains("could not store") => {}
                Ok(result) => return result.map(drop),
                Err(_) => {}
            }
            // A worker that comes up makes its socket there, and its trace says how far it is.
            watch.changed().await;
        }
    };
    timeout(limit, trying).await.unwrap_or_else(|_| Err("no worker takes a typed text".to_owned()))
}

async fn try_type(
    paths: &Paths,
    contact: &str,
    request: &str,
    text: &str,
) -> Result<Result<String, String>, Box<dyn std::error::Error + Send + Sync>> {
    let tenant: TenantId = paths.tenant.parse()?;
    let bytes: [u8; 32] = std::fs::read(paths.root.join("data/link.key"))?.as_slice().try_into()?;
    let links = paths.root.join("data/links").join(&paths.tenant);
    let names = std::fs::read_dir(&links)?.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let newest = names.filter_map(|name| Some((link::socket::parse_file_name(&name)?.1, name))).max();
    let (generation, name) = newest.ok_or("no worker listens")?;
    let stream = link::socket::connect(&links, &name).await?;
    let token = TokenKey::from_bytes(bytes).token(tenant, generation);
    let side = link::dial(stream, &Identity::new(tenant, generation, token)).await?;
    let (_, greeted) = side.hello().await?;
    // Older settings are passed over by the worker, which keeps its own.
    let (mut down, mut up) = greeted
        .welcome(Welcome {
            settings: old_settings(),
            limits: LIMITS,
            acknowledged: 0,
            acknowledged_records: 0,
            records_follow: false,
        })
        .await?;
    let (request, contact, text) = (request.to_owned(), contact.to_owned(), text.to_owned());
    down.send(Down::Ask { request: request.clone(), question: Question::SendText { contact, text } }).await?;
    loop {
        if let Up::Answer { request: of, result } = up.recv().await?
            && of == request
        {
            return Ok(match result {
                Ok(Answer::SendText { wa_message_id }) => Ok(wa_message_id),
                Ok(other) => Err(format!("an answer of another kind: {other:?}")),
                Err(why) => Err(why),
            });
        }
    }
}

/// As the place of a try sets them.
const LIMITS: Limits = Limits {
    contact_per_minute: 10_000,
    tenant_per_minute: 1_000_000,
    chat_queue: 50,
    heartbeat_interval_ms: 1_000,
    quiet_ms: 0,
    clock_ahead_ms: 0,
    neighbours: 0,
    disk_short: false,
};

fn old_settings() -> BotSettings {
    BotSettings {
        version: -1,
        business_name: String::new(),
        pack: domain::PackId::SUPPORT,
        language: domain::Language::En,
        timezone: "UTC".to_owned(),
        currency: "USD".to_owned(),
        hours: None,
        declared_number: None,
        confirmed_number: None,
        number_forms: Vec::new(),
        suspended: false,
        remove_deleted: false,
    }
}
