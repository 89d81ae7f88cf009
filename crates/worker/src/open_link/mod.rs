//! What is said on one open connection of the link.

mod asked;
mod stream;
mod streams;

use std::time::Duration;

use domain::{Digits, JournalId};
use link::{
    DownReceiver, LinkError, UpSender, Welcome,
    message::{Answer, Down, Gathering, Heartbeat, Up},
};
use tokio::{
    sync::watch,
    time::{Instant, sleep_until, timeout},
};

use crate::{
    figures::Figures,
    journal::Kept,
    uplink::Uplink,
    view::{Code, View},
    waits,
};
use stream::Stream;

/// A control plane that does not read is gone.
const SENT_WITHIN: Duration = Duration::from_secs(30);
/// How long the last rows may take once the bot has come to rest.
const LAST_WORDS_WITHIN: Duration = Duration::from_secs(2);
/// No faster than this, whatever the limits say.
const HEARTBEAT_AT_LEAST: Duration = Duration::from_millis(100);

/// Numbers of what was sent last of the session.
#[derive(Default)]
struct Reported {
    report: u64,
    code: u64,
    problem: u64,
}

/// A question that is answered when something happens.
enum Open {
    /// When there is a code for this number, or a word newer than this that there is none.
    PairingCode(Digits, u64),
    /// When it is known how the logout went.
    LogOut,
}

/// One connection.
pub(crate) struct OpenLink<'a> {
    uplink: &'a Uplink,
    number: u64,
    sender: UpSender,
    journal: JournalId,
    /// Log rows.
    logged: Stream,
    /// Records.
    recorded: Stream,
    /// How far messages of ours have come.
    delivered: Stream,
    /// From when on the next of these go up; nothing is new where there is none.
    delivers_at: Option<Instant>,
    /// The list of chats with a person that was sent last.
    handed: Option<u64>,
    /// A document that comes in parts.
    gathering: Gathering,
    /// The tenant's open records, which come in parts.
    opening: Kept,
    reported: Reported,
    /// Questions that wait, by their requests' ids.
    open: Vec<(String, Open)>,
    next_heartbeat: Instant,
}

impl<'a> OpenLink<'a> {
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
            logged: Stream::of("log rows"),
            recorded: Stream::of("records"),
            delivered: Stream::of("deliveries"),
            delivers_at: None,
            handed: None,
            gathering: Gathering::default(),
            opening: Kept::default(),
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
            self.send_deliveries(counted.delivered, last_words.is_some()).await?;
            self.send_hand_offs(counted.handed).await?;
            let all_told = self.logged.after() >= *logged.borrow()
                && !self.recorded.is_on_its_way()
                && !self.delivered.is_on_its_way();
            if last_words.is_some() && all_told {
                return Ok(());
            }
            let rows_on_their_way = self.logged.is_on_its_way();
            let delivers_at =
                self.delivers_at.filter(|_| !rows_on_their_way && !self.delivered.is_on_its_way());
            tokio::select! {
                down = receiver.recv() => self.hear(down?).await?,
                Ok(()) = view.changed() => {}
                Ok(()) = logged.changed(), if !rows_on_their_way => {}
                () = self.logged.unanswered() => {}
                Ok(()) = marks.changed() => {}
                () = self.recorded.unanswered() => {}
                () = self.delivered.unanswered() => {}
                () = sleep_until(delivers_at.unwrap_or_else(Instant::now)), if delivers_at.is_some() => {}
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

    async fn heartbeat(&mut self) -> Result<(), LinkError> {
        let bot = &self.uplink.bot;
        let counts = bot.journal.figures(bot.clock.now()).await.unwrap_or_else(|error| {
            bot.trouble(&error);
            crate::journal::Figures::default()
        });
        // Now and then, and for next to nothing.
        memory::give_back_stack();
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
        self.next_heartbeat = waits::until(interval.max(HEARTBEAT_AT_LEAST));
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
            Down::AcknowledgeDeliveries { sequence, .. } => self.acknowledge_deliveries(sequence).await,
            Down::Document { what, name, part, parts, text } => {
                if let Some(document) = self.gathering.take(what, &name, part, parts, &text) {
                    bot.learn(document).await;
                    self.next_heartbeat = Instant::now();
                }
            }
            Down::OpenRecords { part, parts, next, mut rows, mut sold, .. } => {
                if part == 0 {
                    self.opening = Kept::default();
                }
                self.opening.rows.append(&mut rows);
                self.opening.sold.append(&mut sold);
                self.opening.next = next;
                if part + 1 >= parts
                    && let Err(error) = bot.restore(std::mem::take(&mut self.opening)).await
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
}

/// Waits until a newer connection has proved itself.
async fn superseded(newest: &mut watch::Receiver<u64>, number: u64) {
    // An error means that the link itself is gone, and this connection with it.
    let _ = newest.wait_for(|newest| *newest > number).await;
}
