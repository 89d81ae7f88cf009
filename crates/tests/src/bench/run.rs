//! What everybody is asked, in this order and in the same way: see `docs/benchmarks.md` for what each figure means.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use virtual_whatsapp::{Limits, Options, Server, VirtualWhatsApp};

use super::{
    calls,
    meter::{self, Memory, Threads},
    peer::Programs,
    service::{Part, Service, Subject, all_logged_in},
    sheet::{Sheet, Turn},
    stats,
    talk::{Open, Talk},
};

/// Chats that write at once, over however many sessions.
const CHATS: usize = 64;
/// Of them, so many wait for a reply at the same time where the highest rate is looked for.
const FLIGHTS: usize = 32;
/// With how many sessions calls are counted.
const CALLS_AT: usize = 10;
/// Messages that they are counted over.
const CALLS_OVER: usize = 100;
/// Sessions that are ended and begun again by themselves.
const AGAIN: usize = 10;
/// Sessions that show a QR code while memory is looked at.
const CODES: usize = 10;
/// How long the replies to all messages that have waited may take.
const MANY: Duration = Duration::from_secs(600);
const MEBI: f64 = (1 << 20) as f64;

/// How long and how much.
#[derive(Debug, Clone)]
pub struct Terms {
    /// Sessions, growing.
    pub sizes: Vec<usize>,
    /// Silence over which wake-ups are counted.
    pub idle: Duration,
    /// Silence after which memory is looked at.
    pub silence: Duration,
    /// Messages one after the other.
    pub one_by_one: usize,
    /// How long each load lasts.
    pub load: Duration,
    /// Flow HQ on PostgreSQL.
    pub postgres: bool,
    /// Variants with [`CALLS_AT`] sessions alone, and no more processes of Node than that.
    pub quick: bool,
}

impl Terms {
    /// With how many sessions one is measured.
    #[must_use]
    pub fn sizes_of(&self, subject: Subject) -> Vec<usize> {
        let fits = |size: usize| {
            let variant = subject.is_variant() && size != CALLS_AT;
            let many = subject == Subject::Baileys && size > CALLS_AT;
            size <= subject.most() && !(self.quick && (variant || many))
        };
        self.sizes.iter().copied().filter(|size| fits(*size)).collect()
    }
}

/// Everything about one of them, once.
///
/// # Errors
/// Where it does not do what it should; what was measured until then is written down.
pub async fn subject(
    terms: &Terms,
    subject: Subject,
    repetition: usize,
    programs: &Programs,
    sheet: &mut Sheet,
    reply: &mut Option<String>,
) -> Result<(), String> {
    let turn = Turn { subject: subject.name(), repetition, sessions: 0 };
    let words = reply.clone().unwrap_or_else(|| "Karibu! Tutakujibu hivi punde.".to_owned());
    // What is kept of a message makes no difference before there is one.
    if !subject.is_variant() {
        at_the_code(subject, turn, programs, sheet, terms, &words).await?;
    }

    let whatsapp = server().await?;
    let before = meter::available();
    let mut service = Service::start(subject, &whatsapp, programs, terms.postgres, &words).await?;
    let mut talk = Talk::on(&whatsapp);
    for sessions in terms.sizes_of(subject) {
        let mut measured = Measured {
            terms,
            turn: Turn { sessions, ..turn },
            sheet: &mut *sheet,
            service: &mut service,
            talk: &mut talk,
            whatsapp: &whatsapp,
        };
        measured.linking().await?;
        measured.reboot().await?;
        measured.idle(before).await?;
        measured.again().await?;
        measured.takeover().await?;
        measured.one_by_one().await?;
        if sessions == CALLS_AT {
            measured.calls().await?;
        }
        measured.rates().await?;
    }
    if subject == Subject::FlowHq && reply.is_none() {
        *reply = talk.reply();
    }
    service.down().await
}

/// A server that keeps little of what was said.
async fn server() -> Result<Server, String> {
    let limits = Limits { transcript: 64, remembered: 16, ..Limits::default() };
    let options = Options { limits, ..Options::default() };
    VirtualWhatsApp::start(options).await.map_err(|error| error.to_string())
}

/// Memory of sessions that nobody has linked yet.
async fn at_the_code(
    subject: Subject,
    turn: Turn,
    programs: &Programs,
    sheet: &mut Sheet,
    terms: &Terms,
    reply: &str,
) -> Result<(), String> {
    let whatsapp = server().await?;
    let mut service = Service::start(subject, &whatsapp, programs, terms.postgres, reply).await?;
    service.grow(1).await?;
    let block = Sheet::begin(None);
    let before = meter::memory(&service.pids()).pss;
    service.show_codes(CODES).await?;
    let more = meter::memory(&service.pids()).pss.saturating_sub(before);
    let each = mebi(more) / CODES as f64;
    sheet.end(&block, Turn { sessions: CODES, ..turn }, None, &[("code_pss_each", Some(each))])?;
    service.down().await
}

/// One of them with so many sessions.
struct Measured<'a> {
    terms: &'a Terms,
    turn: Turn,
    sheet: &'a mut Sheet,
    service: &'a mut Service,
    talk: &'a mut Talk,
    whatsapp: &'a Server,
}

impl Measured<'_> {
    fn sessions(&self) -> usize {
        self.turn.sessions
    }

    async fn linking(&mut self) -> Result<(), String> {
        let block = Sheet::begin(None);
        let times = self.service.grow(self.sessions()).await?;
        let [qr, linked] = [times.to_qr, times.to_linked].map(milliseconds);
        let figures = [
            ("code_median", stats::median(&qr)),
            ("code_p99", stats::at(&qr, 0.99)),
            ("link_median", stats::median(&linked)),
            ("link_p99", stats::at(&linked, 0.99)),
        ];
        self.sheet.end(&block, self.turn, None, &figures)?;
        let customers = CHATS.div_ceil(self.sessions());
        self.talk.meet(&self.service.numbers(), customers).await
    }

    /// All at once ends; a message waits for each when it begins again.
    async fn reboot(&mut self) -> Result<(), String> {
        let block = Sheet::begin(None);
        self.service.down().await?;
        let mut replies = self.talk.write_to_all(self.sessions())?;
        let (seen, began) = (self.whatsapp.events().last(), Instant::now());
        self.service.up().await?;
        all_logged_in(self.whatsapp, seen, self.sessions()).await?;
        let logged_in = began.elapsed();
        for _ in 0..self.sessions() {
            let reply = tokio::time::timeout(MANY, replies.recv()).await.ok().flatten();
            reply.ok_or("not all answered after their start")?;
        }
        let figures = [
            ("reboot_logged_in", Some(logged_in.as_secs_f64())),
            ("reboot_answered", Some(began.elapsed().as_secs_f64())),
        ];
        self.sheet.end(&block, self.turn, None, &figures)
    }

    /// Nobody writes.
    async fn idle(&mut self, before: u64) -> Result<(), String> {
        let began = Instant::now();
        // What the start has left to do is done after some seconds.
        tokio::time::sleep(Duration::from_secs(5).min(self.terms.silence / 4)).await;
        let pids = self.service.pids();
        let parts = self.service.parts();
        let block = Sheet::begin(Some(&pids));
        let (looked, threads) = (Instant::now(), Threads::of(&pids));
        // This long it is looked at, and waited for nothing.
        tokio::time::sleep(self.terms.idle).await;
        let seconds = looked.elapsed().as_secs_f64();
        let now = Threads::of(&pids);
        let mut figures = Vec::new();
        let (time, wakes) = now.since(&threads);
        figures.push(("idle_cpu", Some(whole(time) / 1e7 / seconds)));
        figures.push(("idle_wakes", Some(whole(wakes) / seconds)));
        for (part, own) in &parts {
            if *part == Part::Bots {
                let (time, wakes) = Threads::of(own).since(&threads);
                let each = seconds * self.sessions() as f64;
                figures.push(("idle_bot_cpu", Some(whole(time) / 1e7 / each)));
                figures.push(("idle_bot_wakes", Some(whole(wakes) / each)));
            }
        }
        self.sheet.end(&block, self.turn, Some(&pids), &figures)?;
        // By then a bot has given back what it keeps to be faster: this is a time, and nobody tells its end.
        tokio::time::sleep(self.terms.silence.saturating_sub(began.elapsed())).await;

        let block = Sheet::begin(Some(&pids));
        let used = before
            .saturating_sub(meter::available())
            .saturating_sub(meter::memory(&[std::process::id()]).pss);
        let mut figures = vec![("machine_used", Some(mebi(used)))];
        let all = meter::memory(&pids);
        figures.extend(of_memory(&all));
        for (part, own) in parts {
            let memory = meter::memory(&own);
            match part {
                Part::Control => figures.push(("idle_pss_control", Some(mebi(memory.pss)))),
                Part::Zygote => figures.push(("idle_pss_zygote", Some(mebi(memory.pss)))),
                Part::Bots => {
                    figures.push(("idle_pss_bots", Some(mebi(memory.pss))));
                    figures.push(("idle_private_bots", Some(mebi(memory.private))));
                }
            }
        }
        self.sheet.end(&block, self.turn, Some(&pids), &figures)
    }

    /// Linked sessions, one by one.
    async fn again(&mut self) -> Result<(), String> {
        let block = Sheet::begin(None);
        let mut times = Vec::new();
        for n in 0..self.sessions().min(AGAIN) {
            times.push(self.service.again(n).await?);
        }
        let times = milliseconds(times);
        let figures = [("start_median", stats::median(&times)), ("start_most", stats::at(&times, 1.0))];
        self.sheet.end(&block, self.turn, None, &figures)
    }

    /// The control plane of running bots is killed, each bot gets a message, and another control plane has all of it on
    /// record. Only one of those that are measured has parts that can end by themselves.
    async fn takeover(&mut self) -> Result<(), String> {
        let sessions = self.sessions();
        // Each has answered since its start: nothing is on its way.
        self.talk.one_by_one(sessions, sessions).await?;
        let Service::Flow(flow) = &mut *self.service else { return Ok(()) };
        let block = Sheet::begin(None);
        let rows = self.talk.said();
        flow.has_rows(rows).await?;
        flow.behead().await;
        let mut replies = self.talk.write_to_all(sessions)?;
        for _ in 0..sessions {
            let reply = tokio::time::timeout(MANY, replies.recv()).await.ok().flatten();
            reply.ok_or("not all answered without a control plane")?;
        }
        let began = Instant::now();
        flow.up().await;
        flow.has_rows(rows + 2 * sessions as u64).await?;
        let figures = [("takeover", Some(began.elapsed().as_secs_f64()))];
        self.sheet.end(&block, self.turn, None, &figures)
    }

    async fn one_by_one(&mut self) -> Result<(), String> {
        let pids = self.service.pids();
        let block = Sheet::begin(Some(&pids));
        let (bytes, all) = meter::written(&pids);
        let delays = self.talk.one_by_one(self.sessions(), self.terms.one_by_one).await?;
        let (bytes_now, all_now) = meter::written(&pids);
        let each = |now: u64, then: u64| Some(whole(now.saturating_sub(then)) / delays.len() as f64);
        let figures = [
            ("reply_median", stats::median(&delays)),
            ("reply_p99", stats::at(&delays, 0.99)),
            ("written_to_disk", each(bytes_now, bytes)),
            ("written", each(all_now, all)),
            ("talked_pss", Some(mebi(meter::memory(&pids).pss))),
        ];
        self.sheet.end(&block, self.turn, Some(&pids), &figures)?;
        let block = Sheet::begin(Some(&pids));
        let delays = self.talk.over_http(self.sessions(), self.terms.one_by_one).await?;
        let figures =
            [("reply_http_median", stats::median(&delays)), ("reply_http_p99", stats::at(&delays, 0.99))];
        self.sheet.end(&block, self.turn, Some(&pids), &figures)
    }

    async fn calls(&mut self) -> Result<(), String> {
        let pids = self.service.pids();
        let block = Sheet::begin(None);
        let file = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
        let talk = self.talk.one_by_one(self.sessions(), CALLS_OVER);
        let counted = calls::during(&pids, Path::new(file.path()), talk).await;
        let (counted, _) = match counted {
            Ok(counted) => counted,
            Err(why) => {
                return self.sheet.leave_out(format!("{}: calls of the kernel: {why}", self.turn.subject));
            }
        };
        let each = |calls: u64| Some(whole(calls) / CALLS_OVER as f64);
        let figures = [("calls", each(counted.all())), ("syncs", each(counted.syncs()))];
        self.sheet.end(&block, self.turn, None, &figures)
    }

    /// The highest rate, and what a reply takes at parts of it.
    async fn rates(&mut self) -> Result<(), String> {
        let pids = self.service.pids();
        let own = [std::process::id()];
        let block = Sheet::begin(Some(&pids));
        let (before, own_before) = (meter::time(&pids), meter::time(&own));
        let began = Instant::now();
        let rate = self.talk.at_once(self.sessions(), FLIGHTS, self.terms.load).await?;
        let seconds = began.elapsed().as_secs_f64();
        let share = |now: u64, then: u64| Some(whole(now.saturating_sub(then)) / 1e9 / seconds);
        let figures = [
            ("highest_rate", Some(rate)),
            ("highest_cores", share(meter::time(&pids), before)),
            ("highest_cores_harness", share(meter::time(&own), own_before)),
        ];
        self.sheet.end(&block, self.turn, Some(&pids), &figures)?;
        self.at_rate(rate * 0.5, ["half_median", "half_p99", "half_lost"]).await?;
        self.at_rate(rate * 0.9, ["most_median", "most_p99", "most_lost"]).await
    }

    async fn at_rate(&mut self, rate: f64, names: [&'static str; 3]) -> Result<(), String> {
        let pids = self.service.pids();
        let block = Sheet::begin(Some(&pids));
        let Open { delays, unanswered } = self.talk.at_rate(self.sessions(), rate, self.terms.load).await?;
        let figures = [stats::median(&delays), stats::at(&delays, 0.99), Some(unanswered as f64)];
        let named: Vec<_> = names.into_iter().zip(figures).collect();
        self.sheet.end(&block, self.turn, Some(&pids), &named)
    }
}

fn of_memory(all: &Memory) -> [(&'static str, Option<f64>); 6] {
    [
        ("idle_pss", Some(mebi(all.pss))),
        ("idle_private", Some(mebi(all.private))),
        ("idle_page_tables", Some(mebi(all.page_tables))),
        ("idle_stacks", Some(mebi(all.stacks))),
        ("idle_sockets", Some(whole(all.sockets))),
        ("idle_threads", Some(whole(all.threads))),
    ]
}

fn milliseconds(times: Vec<Duration>) -> Vec<f64> {
    times.into_iter().map(|time| time.as_secs_f64() * 1e3).collect()
}

fn mebi(bytes: u64) -> f64 {
    whole(bytes) / MEBI
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn whole(count: u64) -> f64 {
    count as f64
}
