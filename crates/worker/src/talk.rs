//! What is said on one open connection of the link.

use std::time::Duration;

use domain::{Digits, JournalId};
use link::{
    DownReceiver, LinkError, UpSender, Welcome,
    message::{Answer, Down, Gathering, Heartbeat, LogRow, Question, RecordRow, Up},
};
use replies::Turn;
use tokio::{
    sync::watch,
    time::{Instant, sleep_until, timeout},
};

use crate::{
    channel::Address,
    figures::Figures,
    journal::{PersonsChange, Typed},
    uplink::Uplink,
    view::{Code, View},
};

/// Rows of one batch, and the text in it after which no other row is added: a frame takes 1 MiB, and JSON makes up to
/// six bytes of one.
const BATCH_ROWS: usize = 100;
const BATCH_BYTES: usize = 64 * 1024;
/// A batch that is not acknowledged goes up again.
const ACKNOWLEDGED_WITHIN: Duration = Duration::from_secs(10);
/// A control plane that does not read is gone.
const SENT_WITHIN: Duration = Duration::from_secs(30);
/// How long the last rows may take once the bot has come to rest.
const LAST_WORDS_WITHIN: Duration = Duration::from_secs(2);
/// No faster than this, whatever the limits say.
const HEARTBEAT_AT_LEAST: Duration = Duration::from_millis(100);
/// The longest request id that is taken, in bytes.
const REQUEST_MAX_BYTES: usize = 128;
/// Questions that may wait at once; of more, the oldest have no answer.
const OPEN_MAX: usize = 64;

/// Chats with a person that are named to the control plane.
const HAND_OFFS_MOST: u32 = 200;
/// Why nothing can be asked of a bot that has just begun.
const NOT_READY: &str = "the bot is just starting; try again in a moment";

/// Numbers of what was sent last of the session.
#[derive(Default)]
struct Reported {
    report: u64,
    code: u64,
    problem: u64,
}

/// How far a stream of rows has gone up.
#[derive(Default)]
struct Stream {
    /// The highest number that the control plane has.
    acknowledged: u64,
    /// The highest number that was sent, and until when its acknowledgement is waited for.
    in_flight: Option<(u64, Instant)>,
}

/// A question that is answered when something happens.
enum Open {
    /// When there is a code for this number, or a word newer than this that there is none.
    PairingCode(Digits, u64),
    /// When it is known how the logout went.
    LogOut,
}

/// One connection.
pub(crate) struct Talk<'a> {
    uplink: &'a Uplink,
    number: u64,
    sender: UpSender,
    journal: JournalId,
    /// Log rows.
    logged: Stream,
    /// Records.
    recorded: Stream,
    /// The list of chats with a person that was sent last.
    handed: Option<u64>,
    /// A document that comes in parts.
    gathering: Gathering,
    /// The tenant's open records, which come in parts.
    opening: Vec<RecordRow>,
    reported: Reported,
    /// Questions that wait, by their requests' ids.
    open: Vec<(String, Open)>,
    next_heartbeat: Instant,
}

impl<'a> Talk<'a> {
    /// Takes the welcome in.
    pub(crate) async fn begin(uplink: &'a Uplink, number: u64, sender: UpSender, welcome: Welcome) -> Self {
        let bot = &uplink.bot;
        bot.configure(welcome.settings, welcome.limits).await;
        bot.await_records(welcome.records_follow).await;
        let mut talk = Self {
            uplink,
            number,
            sender,
            journal: bot.journal.id(),
            logged: Stream::default(),
            recorded: Stream::default(),
            handed: None,
            gathering: Gathering::default(),
            opening: Vec::new(),
            reported: Reported::default(),
            open: Vec::new(),
            next_heartbeat: Instant::now(),
        };
        talk.acknowledge(welcome.acknowledged).await;
        talk.acknowledge_records(welcome.acknowledged_records).await;
        talk
    }

    /// Talks until the connection ends, a newer one takes its place, or the bot has come to rest.
    pub(crate) async fn run(mut self, mut receiver: DownReceiver) -> Result<(), LinkError> {
        let (uplink, number) = (self.uplink, self.number);
        let mut view = uplink.bot.board.watch();
        let mut logged = uplink.bot.journal.logged();
        let mut marks = uplink.bot.journal.marks();
        let mut newest = uplink.newest.subscribe();
        let mut last_words: Option<Instant> = None;
        loop {
            let seen = view.borrow_and_update().clone();
            self.tell(seen).await?;
            self.send_logs(&mut logged).await?;
            let counted = *marks.borrow_and_update();
            self.send_records(counted.recorded).await?;
            self.send_hand_offs(counted.handed).await?;
            let all_told = self.logged.acknowledged >= *logged.borrow() && self.recorded.in_flight.is_none();
            if last_words.is_some() && all_told {
                return Ok(());
            }
            let resend_at = self.logged.in_flight.map(|(_, until)| until);
            let records_at = self.recorded.in_flight.map(|(_, until)| until);
            tokio::select! {
                down = receiver.recv() => self.hear(down?).await?,
                Ok(()) = view.changed() => {}
                Ok(()) = logged.changed(), if self.logged.in_flight.is_none() => {}
                () = sleep_until(resend_at.unwrap_or_else(Instant::now)), if resend_at.is_some() => {
                    tracing::warn!("log rows were not acknowledged; they go up again");
                    self.logged.in_flight = None;
                }
                Ok(()) = marks.changed() => {}
                () = sleep_until(records_at.unwrap_or_else(Instant::now)), if records_at.is_some() => {
                    tracing::warn!("records were not acknowledged; they go up again");
                    self.recorded.in_flight = None;
                }
                () = sleep_until(self.next_heartbeat) => self.heartbeat().await?,
                () = superseded(&mut newest, number) => {
                    tracing::info!("a newer connection takes this one's place");
                    return Ok(());
                }
                () = uplink.done.cancelled(), if last_words.is_none() => {
                    last_words = Some(Instant::now() + LAST_WORDS_WITHIN);
                }
                () = sleep_until(last_words.unwrap_or_else(Instant::now)), if last_words.is_some() => return Ok(()),
            }
        }
    }

    async fn send(&mut self, message: Up) -> Result<(), LinkError> {
        match timeout(SENT_WITHIN, self.sender.send(message)).await {
            Ok(sent) => sent,
            Err(_) => Err(LinkError::Closed),
        }
    }

    /// Sends what is new of the session.
    async fn tell(&mut self, view: View) -> Result<(), LinkError> {
        let mut newest = 0;
        // Before the report of the session, with which the control plane's part may be over.
        if let Some(outcome) = view.log_out {
            let result = outcome.map(|()| Answer::LogOut);
            self.answer_open(|open| matches!(open, Open::LogOut), &result).await?;
        }
        if let Some(report) = view.report
            && report.number > self.reported.report
        {
            self.send(Up::Session(report.what)).await?;
            self.reported.report = report.number;
            newest = newest.max(report.number);
        }
        if let Some(code) = view.code
            && code.number > self.reported.code
        {
            self.reported.code = code.number;
            self.tell_code(code.what).await?;
        }
        if let Some(refusal) = view.no_pairing_code {
            let (number, reason) = refusal.what;
            let is_refused = |open: &Open| matches!(open, Open::PairingCode(wanted, since) if *wanted == number && *since < refusal.number);
            self.answer_open(is_refused, &Err(reason)).await?;
        }
        if let Some(problem) = view.problem
            && problem.number > self.reported.problem
        {
            let (code, detail) = problem.what;
            self.send(Up::Problem { code, detail }).await?;
            self.reported.problem = problem.number;
            newest = newest.max(problem.number);
        }
        self.uplink.told.send_if_modified(|told| {
            newest > *told && {
                *told = newest;
                true
            }
        });
        Ok(())
    }

    /// Sends a code, unless it is void, and answers those who have asked for it.
    async fn tell_code(&mut self, code: Code) -> Result<(), LinkError> {
        let left = code.until.saturating_duration_since(Instant::now());
        let expires_in_ms = u64::try_from(left.as_millis()).unwrap_or(u64::MAX);
        if expires_in_ms == 0 {
            return Ok(());
        }
        let Some(number) = code.typed_on else {
            return self.send(Up::Qr { code: code.text, expires_in_ms }).await;
        };
        self.send(Up::PairingCode { code: code.text.clone(), expires_in_ms, number: number.clone() }).await?;
        let answer = Answer::PairingCode { code: code.text, expires_in_ms };
        let is_it = |open: &Open| matches!(open, Open::PairingCode(wanted, _) if *wanted == number);
        self.answer_open(is_it, &Ok(answer)).await
    }

    /// Answers all open questions of one kind alike.
    async fn answer_open(
        &mut self,
        which: impl Fn(&Open) -> bool,
        result: &Result<Answer, String>,
    ) -> Result<(), LinkError> {
        let answered: Vec<_> = self.open.extract_if(.., |(_, open)| which(open)).collect();
        for (request, _) in answered {
            self.send(Up::Answer { request, result: result.clone() }).await?;
        }
        Ok(())
    }

    fn wait(&mut self, request: String, open: Open) {
        if self.open.len() >= OPEN_MAX {
            self.open.remove(0);
        }
        self.open.push((request, open));
    }

    /// Tells the code that is good for this number already, or has WhatsApp asked for one.
    async fn link_by_code(&mut self, request: String, number: Digits) -> Result<(), LinkError> {
        let bot = &self.uplink.bot;
        if bot.standing.borrow().account != Address::default() {
            let why = "a phone is linked already; unlink it first".to_owned();
            return self.send(Up::Answer { request, result: Err(why) }).await;
        }
        self.wait(request, Open::PairingCode(number.clone(), bot.board.newest_refusal()));
        match bot.board.pairing_code(&number) {
            Some(code) => self.tell_code(code).await,
            None => {
                bot.typed_on
                    .send_if_modified(|wanted| wanted.replace(number.clone()).as_ref() != Some(&number));
                Ok(())
            }
        }
    }

    /// Sends the next batch, unless one is on its way.
    async fn send_logs(&mut self, logged: &mut watch::Receiver<u64>) -> Result<(), LinkError> {
        let last = *logged.borrow_and_update();
        if self.logged.in_flight.is_some() || last <= self.logged.acknowledged {
            return Ok(());
        }
        let rows = match self.uplink.bot.journal.logs(self.logged.acknowledged, BATCH_ROWS, BATCH_BYTES).await
        {
            Ok(rows) => rows,
            Err(error) => {
                self.uplink.bot.trouble(&error);
                self.logged.in_flight =
                    Some((self.logged.acknowledged, Instant::now() + ACKNOWLEDGED_WITHIN));
                return Ok(());
            }
        };
        let Some(highest) = rows.last().map(|row: &LogRow| row.sequence) else {
            // Rows that are gone were acknowledged by an earlier connection.
            self.logged.acknowledged = last;
            return Ok(());
        };
        crash::point("logs_before_send");
        self.send(Up::Logs { journal: self.journal, rows }).await?;
        crash::point("logs_after_send");
        self.logged.in_flight = Some((highest, Instant::now() + ACKNOWLEDGED_WITHIN));
        Ok(())
    }

    /// Sends the next batch of records, unless one is on its way.
    async fn send_records(&mut self, last: u64) -> Result<(), LinkError> {
        if self.recorded.in_flight.is_some() || last <= self.recorded.acknowledged {
            return Ok(());
        }
        let (after, until) = (self.recorded.acknowledged, Instant::now() + ACKNOWLEDGED_WITHIN);
        let rows = match self.uplink.bot.journal.records(after, BATCH_ROWS, BATCH_BYTES).await {
            Ok(rows) => rows,
            Err(error) => {
                self.uplink.bot.trouble(&error);
                self.recorded.in_flight = Some((after, until));
                return Ok(());
            }
        };
        let Some(highest) = rows.last().map(|row| row.sequence) else {
            // Those that were changed last are gone.
            self.recorded.acknowledged = last;
            return Ok(());
        };
        crash::point("records_before_send");
        self.send(Up::Records { journal: self.journal, rows }).await?;
        crash::point("records_after_send");
        self.recorded.in_flight = Some((highest, until));
        Ok(())
    }

    async fn acknowledge_records(&mut self, sequence: u64) {
        let last = self.uplink.bot.journal.marks().borrow().recorded;
        let sequence = sequence.min(last);
        if sequence <= self.recorded.acknowledged {
            return;
        }
        crash::point("records_acknowledged");
        self.recorded.acknowledged = sequence;
        self.recorded.in_flight = self.recorded.in_flight.filter(|(highest, _)| *highest > sequence);
        if let Err(error) = self.uplink.bot.journal.acknowledge_records(sequence).await {
            self.uplink.bot.trouble(&error);
        }
    }

    /// Sends the chats that a person has, where they have changed since.
    async fn send_hand_offs(&mut self, changes: u64) -> Result<(), LinkError> {
        if self.handed == Some(changes) {
            return Ok(());
        }
        let bot = &self.uplink.bot;
        match bot.journal.hand_offs(bot.clock.now(), HAND_OFFS_MOST).await {
            Ok((rows, total)) => {
                self.handed = Some(changes);
                self.send(Up::HandOffs { rows, total }).await
            }
            Err(error) => {
                bot.trouble(&error);
                self.handed = Some(changes);
                Ok(())
            }
        }
    }

    async fn acknowledge(&mut self, sequence: u64) {
        let last = *self.uplink.bot.journal.logged().borrow();
        if sequence > last {
            tracing::error!(sequence, last, "rows were acknowledged that this journal never had");
        }
        let sequence = sequence.min(last);
        if sequence <= self.logged.acknowledged {
            return;
        }
        crash::point("logs_acknowledged");
        self.logged.acknowledged = sequence;
        self.logged.in_flight = self.logged.in_flight.filter(|(highest, _)| *highest > sequence);
        if let Err(error) = self.uplink.bot.journal.forget_logs(sequence).await {
            self.uplink.bot.trouble(&error);
        }
    }

    async fn heartbeat(&mut self) -> Result<(), LinkError> {
        let bot = &self.uplink.bot;
        let counts = bot.journal.figures(bot.clock.now()).await.unwrap_or_else(|error| {
            bot.trouble(&error);
            crate::journal::Figures::default()
        });
        let profile_version = bot.configuring.lock().await.profile.as_ref().map(|profile| profile.version);
        let milliseconds = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let heartbeat = Heartbeat {
            at: bot.clock.unmoved(),
            session: bot.board.state(),
            memory_bytes: self.uplink.figures.memory_bytes(),
            cpu_ms: milliseconds(Figures::cpu()),
            uptime_ms: milliseconds(self.uplink.started.elapsed()),
            queued: counts.queued,
            unsent: counts.unsent,
            unlogged: counts.unlogged,
            last_message_at: counts.last_message_at,
            settings_version: bot.standing.borrow().settings.as_ref().map(|settings| settings.version),
            unreadable: counts.unreadable,
            clock_behind_ms: *bot.clock_behind_ms.borrow(),
            profile_version,
            pack_hash: bot.voice().and_then(|bot| Some(bot.pack()?.version().hash.clone())),
            hand_offs: counts.hand_offs,
            unsent_records: counts.unsent_records,
            confinement: self.uplink.confinement,
        };
        let interval = Duration::from_millis(bot.standing.borrow().limits.heartbeat_interval_ms);
        self.next_heartbeat = Instant::now() + interval.max(HEARTBEAT_AT_LEAST);
        self.send(Up::Heartbeat(heartbeat)).await
    }

    async fn hear(&mut self, down: Down) -> Result<(), LinkError> {
        let bot = &self.uplink.bot;
        match down {
            // The receiver lets no second welcome and no other journal's acknowledgement through.
            Down::Welcome { .. } => {}
            Down::Configure { settings, limits } => {
                bot.configure(settings, limits).await;
                let soon = Instant::now() + Duration::from_millis(limits.heartbeat_interval_ms);
                self.next_heartbeat = self.next_heartbeat.min(soon);
            }
            Down::Acknowledge { sequence, .. } => self.acknowledge(sequence).await,
            Down::AcknowledgeRecords { sequence, .. } => self.acknowledge_records(sequence).await,
            Down::Document { what, name, part, parts, text } => {
                if let Some(document) = self.gathering.take(what, &name, part, parts, &text) {
                    bot.learn(document).await;
                    self.next_heartbeat = Instant::now();
                }
            }
            Down::OpenRecords { part, parts, next, mut rows, .. } => {
                if part == 0 {
                    self.opening.clear();
                }
                self.opening.append(&mut rows);
                if part + 1 >= parts
                    && let Err(error) = bot.restore(std::mem::take(&mut self.opening), next).await
                {
                    bot.trouble(&error);
                }
            }
            Down::QrWanted { for_ms } => {
                let until = Instant::now() + Duration::from_millis(for_ms.min(60 * 60 * 1000));
                bot.code_wanted_until.send_replace(Some(until));
            }
            Down::Ask { request, question } => self.asked(request, question).await?,
            Down::Connect => bot.orders.connect.cancel(),
            Down::Stop => bot.orders.stop.cancel(),
        }
        Ok(())
    }

    /// Answers a question, or notes it where its answer comes later.
    async fn asked(&mut self, request: String, question: Question) -> Result<(), LinkError> {
        let bot = &self.uplink.bot;
        if request.is_empty() || request.len() > REQUEST_MAX_BYTES {
            let request = String::new();
            let result = Err(format!("the request's id must have 1 to {REQUEST_MAX_BYTES} bytes"));
            return self.send(Up::Answer { request, result }).await;
        }
        let result = match question {
            Question::PairingCode { number } => return self.link_by_code(request, number).await,
            Question::LogOut => {
                bot.orders.log_out.cancel();
                self.wait(request, Open::LogOut);
                return Ok(());
            }
            Question::SendText { contact, text } => self.typed(request.clone(), contact, text).await,
            Question::ReadContact { contact, skip } => match bot.journal.read_contact(contact, skip).await {
                Ok(part) => Ok(Answer::ReadContact { part }),
                Err(error) => Err(self.failed(&error)),
            },
            Question::ChangeRecord { contact, expects, record } => {
                self.change_record(contact, expects, &record).await
            }
            Question::HandBack { contact } => {
                self.hand(contact, Turn::HandBack).await.map(|()| Answer::HandBack)
            }
            Question::TakeOver { contact } => {
                let turn = Turn::Owner { text: String::new() };
                self.hand(contact, turn).await.map(|()| Answer::TakeOver)
            }
            Question::EraseContact { contact } => match self.erase(contact).await {
                Ok(erased) => {
                    erased.map(|messages| Answer::EraseContact { messages }).map_err(|busy| busy.to_string())
                }
                Err(error) => Err(self.failed(&error)),
            },
        };
        let answered = answered_point(&result);
        self.send(Up::Answer { request, result }).await?;
        if let Some(point) = answered {
            crash::point(point);
        }
        Ok(())
    }

    /// Before it connects to WhatsApp nothing is being answered: what waits for an answer is forgotten as well.
    async fn erase(
        &self,
        contact: String,
    ) -> Result<Result<u64, crate::journal::Busy>, crate::journal::JournalError> {
        let bot = &self.uplink.bot;
        let unanswered = !bot.orders.connect.is_cancelled();
        bot.journal.erase_contact(contact, unanswered).await
    }

    async fn change_record(
        &self,
        contact: Option<String>,
        expects: Option<u32>,
        record: &str,
    ) -> Result<Answer, String> {
        let bot = &self.uplink.bot;
        let voice = bot.voice().filter(|_| !bot.standing.borrow().awaits_records).ok_or(NOT_READY)?;
        let record = serde_json::from_str(record)
            .map_err(|_| "the record cannot be read by the bot's version; restart the bot".to_owned())?;
        let change = PersonsChange { contact, expects, record };
        match bot.journal.change_record(voice, change, bot.clock.now()).await {
            Ok(taken) => {
                let taken = taken.map_err(|conflict| serde_json::to_string(&conflict).unwrap_or_default());
                Ok(Answer::ChangeRecord { taken })
            }
            Err(error) => Err(self.failed(&error)),
        }
    }

    async fn hand(&self, contact: String, turn: Turn) -> Result<(), String> {
        let bot = &self.uplink.bot;
        let voice = bot.voice().ok_or(NOT_READY)?;
        match bot.journal.hand(voice, contact, turn, bot.clock.now()).await {
            Ok(true) => Ok(()),
            Ok(false) => Err("the bot does not know this contact".to_owned()),
            Err(error) => Err(self.failed(&error)),
        }
    }

    fn failed(&self, error: &crate::journal::JournalError) -> String {
        self.uplink.bot.trouble(error);
        "the worker's journal failed; its log says why".to_owned()
    }

    async fn typed(&self, request: String, contact: String, text: String) -> Result<Answer, String> {
        let bot = &self.uplink.bot;
        {
            let standing = bot.standing.borrow();
            if standing.held_number().is_some() {
                return Err("the linked number waits for an operator's confirmation".to_owned());
            }
            if !standing.may_speak() {
                return Err("the tenant is suspended, or not linked yet".to_owned());
            }
        }
        let wa_id = bot.channel.new_message_id();
        match bot.journal.put_typed(Typed { request, contact, text, wa_id, now: bot.clock.now() }).await {
            Ok(put) => put
                .map(|wa_message_id| Answer::SendText { wa_message_id })
                .map_err(|refusal| refusal.to_string()),
            Err(error) => {
                bot.trouble(&error);
                Err("the worker could not store the text; try again".to_owned())
            }
        }
    }
}

/// Where a crash may hit right after an answer.
const fn answered_point(result: &Result<Answer, String>) -> Option<&'static str> {
    match result {
        Ok(Answer::ChangeRecord { .. }) => Some("change_answered"),
        Ok(Answer::EraseContact { .. }) => Some("erase_answered"),
        _ => None,
    }
}

/// Waits until a newer connection has proved itself.
async fn superseded(newest: &mut watch::Receiver<u64>, number: u64) {
    // An error means that the link itself is gone, and this connection with it.
    let _ = newest.wait_for(|newest| *newest > number).await;
}
