//! Carries a plan's conversation out: customers write, WhatsApp misbehaves, processes are ended.

use std::{
    path::Path,
    time::{Duration, SystemTime},
};

use crash::Process;
use domain::{BotSettings, Limits, TenantId};
use http::Method;
use link::{
    Identity, TokenKey, Welcome,
    message::{Answer, Down, Question, Up},
};
use serde_json::json;
use tokio::time::{Instant, sleep, timeout};
use virtual_whatsapp::{Customer, Direction, LinkedDevice, SendOptions, Server};

use super::{
    base::{self, Paths},
    kinds::{self, Sent},
    plan::{CUSTOMERS, KNOWN, Named, Step},
    stage::Stage,
};
use crate::settled::settled;

/// Where nothing happens for so long, nothing more is waited for.
const QUIET: Duration = Duration::from_millis(400);
/// The pause between two looks at what tells of no change by itself.
const LOOK: Duration = Duration::from_millis(10);

/// A message that a customer has written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) who: usize,
    pub(super) id: String,
    pub(super) text: String,
}

/// The conversation as far as it has come.
pub(super) struct Talk<'a> {
    stage: &'a Stage,
    paths: &'a Paths,
    whatsapp: &'a Server,
    device: LinkedDevice,
    bot: String,
    customers: Vec<Customer>,
    limit: Duration,
    pub(super) said: Vec<Said>,
    /// What a bystander has sent besides text.
    pub(super) sent: Vec<Sent>,
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
        limit: Duration,
    ) -> Self {
        let customers = (0..CUSTOMERS).map(|who| whatsapp.find_customer(&base::number(who)));
        Self {
            stage,
            paths,
            whatsapp,
            device: whatsapp.device(bot, 1).expect("the bot is linked"),
            bot: bot.to_owned(),
            customers: customers.collect::<Result<_, _>>().expect("the base has the customers"),
            limit,
            said: Vec::new(),
            sent: Vec::new(),
            typed: Vec::new(),
            kills: Vec::new(),
        }
    }

    /// Carries one step out; what failed, where something did.
    pub(super) async fn step(&mut self, number: usize, step: &Step) -> Result<(), String> {
        match step {
            Step::Say { who, text, named } => self.say(*who, text, &options(*named)),
            Step::SameId { who, of, text, named } => {
                let Some(said) = self.said.get(*of) else { return Ok(()) };
                let options = SendOptions { id: Some(said.id.clone()), ..options(*named) };
                self.say(*who, text, &options)
            }
            Step::Send { kind } => {
                self.sent.extend(kinds::send(&kinds::bystander(self.whatsapp), &self.bot, *kind));
                Ok(())
            }
            Step::Again { of, anew, named, times } => {
                let Some(said) = self.said.get(*of) else { return Ok(()) };
                let customer = &self.customers[said.who];
                for _ in 0..*times {
                    let done = if *anew {
                        customer.resend_encrypted_anew(&said.id, &options(*named))
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
                let (events, until) = (self.whatsapp.events(), self.whatsapp.events().last() + count);
                let enough = async {
                    let mut last = events.last();
                    while last < until {
                        events.next_after(last).await;
                        last = events.last();
                    }
                };
                // Fewer may happen than the plan asks for.
                let _ = timeout(QUIET, enough).await;
                Ok(())
            }
            Step::Fault { fault } => {
                self.whatsapp.faults().switch_on(fault.clone());
                Ok(())
            }
        }
    }

    fn say(&mut self, who: usize, text: &str, options: &SendOptions) -> Result<(), String> {
        let sent = self.customers[who].send_text_with(&self.bot, text, options);
        let id = sent.map_err(|error| format!("{} cannot write: {error}", base::name(who)))?;
        self.said.push(Said { who, id, text: text.to_owned() });
        Ok(())
    }

    /// Waits until each customer has an answer behind what they wrote last. One answer may be for several messages that
    /// were read together, so that their number says nothing.
    pub(super) async fn answered(&self) -> Result<(), String> {
        let deadline = Instant::now() + self.limit;
        for (who, customer) in self.customers.iter().enumerate() {
            let left = deadline.saturating_duration_since(Instant::now());
            let what = format!("an answer to what {} wrote last", base::name(who));
            let typed: Vec<_> = self.typed.iter().filter(|(whom, _)| *whom == who).collect();
            let enough = |all: &[virtual_whatsapp::ChatEntry]| {
                let last = |of: Direction| {
                    all.iter().filter(|entry| entry.direction == of).map(|entry| entry.order).max()
                };
                let came = all.iter().filter(|entry| entry.direction == Direction::In).count();
                last(Direction::In) >= last(Direction::Out) && came >= typed.len() + usize::from(who < KNOWN)
            };
            customer.wait_until(&self.bot, left, &what, enough).await.map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// Messages of the bot's that phones have.
    fn arrived(&self) -> usize {
        let bystander = kinds::bystander(self.whatsapp);
        let all = self.customers.iter().chain([&bystander]).flat_map(|customer| customer.received(&self.bot));
        all.filter(|entry| entry.direction == Direction::In).count()
    }

    /// Waits until WhatsApp has nothing left to hand over and the control plane has every row.
    pub(super) async fn at_rest(&self) -> Result<(), String> {
        self.whatsapp.faults().switch_all_off();
        self.answered().await?;
        settled(self.whatsapp, &self.device, self.limit).await?;
        let wanted = KNOWN + self.said.len() + kinds::answered(&self.sent);
        let deadline = Instant::now() + self.limit;
        loop {
            let path = self.paths.control();
            let counted = tokio::task::spawn_blocking(move || count_logs(&path)).await;
            let (answered, answers) = counted.ok().and_then(Result::ok).unwrap_or_default();
            let arrived = self.arrived();
            if answered >= wanted && answers == arrived {
                return Ok(());
            }
            if Instant::now() >= deadline {
                return Err(format!(
                    "the control plane's log has {answered} of {wanted} messages that are answered, and {answers} answers, \
                     of which {arrived} arrived"
                ));
            }
            sleep(LOOK).await;
        }
    }

    async fn configure(&self, number: usize) -> Result<(), String> {
        let body = json!({ "currency": if number.is_multiple_of(2) { "KES" } else { "UGX" } });
        let path = format!("/admin/tenants/{}", self.paths.tenant);
        let deadline = Instant::now() + self.limit;
        loop {
            let admin = self.stage.admin();
            let answer = timeout(self.limit, admin.try_call(Method::PATCH, &path, Some(&body)));
            if let Ok(Ok((status, _))) = answer.await
                && status.is_success()
            {
                return Ok(());
            }
            if Instant::now() >= deadline {
                return Err("the control plane takes no change of settings".to_owned());
            }
            sleep(LOOK).await;
        }
    }
}

fn options(named: Named) -> SendOptions {
    SendOptions { by_lid: named == Named::Lid, ..SendOptions::default() }
}

/// Microseconds since 1970, as the traces have them.
#[expect(clippy::disallowed_methods, reason = "compared with what the processes wrote down")]
pub(super) fn now_us() -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_micros()).unwrap_or(u64::MAX)
}

/// Customers' messages that are answered, and answers, in the control plane's log.
fn count_logs(path: &Path) -> rusqlite::Result<(usize, usize)> {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let database = rusqlite::Connection::open_with_flags(path, flags)?;
    let sql = "SELECT count(*) FILTER (WHERE direction = 'IN' AND silence IS NULL), \
               count(*) FILTER (WHERE direction = 'OUT') FROM message_logs";
    let (answered, answers): (u32, u32) =
        database.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok((answered as usize, answers as usize))
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
    let deadline = Instant::now() + limit;
    loop {
        let tried = timeout(limit, try_type(paths, contact, request, text)).await;
        match tried {
            Ok(Ok(result)) => return result.map(drop),
            _ if Instant::now() >= deadline => return Err("no worker takes a typed text".to_owned()),
            _ => sleep(LOOK).await,
        }
    }
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
    let (mut down, mut up) =
        greeted.welcome(Welcome { settings: old_settings(), limits: LIMITS, acknowledged: 0 }).await?;
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
};

fn old_settings() -> BotSettings {
    BotSettings {
        version: -1,
        business_name: String::new(),
        pack: domain::PackType::Support,
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
