//! What a worker says, and what becomes of it in the store.

use std::time::Duration;

use crash::Canary;
use domain::{Digits, JournalId, SessionState, TenantEvent, TenantStatus, Timestamp};
use link::{
    DownSender, Exit,
    message::{Down, Heartbeat, LogRow, ProblemCode, SessionReport, Up},
};
use store::{EventDetails, LinkedAccount, NewLog, StoreError, WorkerFigures};
use tokio::time::Instant;

use super::{Connection, Heard, Waiting, refused};
use crate::{ChangeKind, PairingCode, Stream, error::Cut, service::lock, tenant::Say};

/// The longest text of a QR code, in bytes.
const CODE_MAX_BYTES: usize = 1_024;
/// Characters of a pairing code: the phone has a box for each.
const PAIRING_CODE_CHARS: usize = 8;
/// The longest life of a code that is believed.
const CODE_TIME: Duration = Duration::from_secs(5 * 60);
/// Why a tenant that was linked is in error although nobody unlinked it, and what to do.
const SESSION_LOST: &str = "the session is gone: session.db was removed, emptied or replaced, so that WhatsApp does not \
    know this device any more. Start the worker again, remove the old device on the phone under Linked devices, and link \
    the phone again by the code";
/// The longest text of a worker's that is shown, in characters.
const WORDS_MAX_CHARS: usize = 200;

impl Connection {
    /// Takes one message. An error ends the connection.
    pub(super) async fn take(
        &mut self,
        message: Up,
        down: &mut DownSender<Box<dyn Stream>>,
    ) -> Result<(), Cut> {
        if self.finished {
            return Ok(());
        }
        self.pace.wait().await;
        match message {
            // The link itself refuses a second one.
            Up::Hello { .. } => Ok(()),
            Up::Heartbeat(beat) => self.beat(beat).await,
            Up::Qr { code, expires_in_ms } => {
                if code.len() > CODE_MAX_BYTES {
                    return Err(refused("a QR code that is too long"));
                }
                if self.session_is_lost().await? {
                    return Ok(());
                }
                self.code_shown = true;
                let expires = self.expiry(expires_in_ms);
                self.session(SessionState::QrReady);
                self.event(
                    TenantEvent::QrReceived,
                    EventDetails { qr: Some((code, expires)), ..Default::default() },
                )
                .await
            }
            Up::PairingCode { code, expires_in_ms, number } => {
                if self.session_is_lost().await? {
                    return Ok(());
                }
                self.code_shown = true;
                let expires_at = self.expiry(expires_in_ms);
                // No worker of a version that names no number was ever asked for a code.
                let Some(number) = number else { return Err(refused("a pairing code for no number")) };
                self.pairing_code(PairingCode { code, number, expires_at }).await
            }
            Up::PairingCodeRefused { number, reason } => {
                let reason = words(&reason);
                self.answer_code(&number, &Err(reason));
                Ok(())
            }
            Up::Session(report) => self.report(report, down).await,
            Up::Logs { journal, rows } => self.logs(journal, rows, down).await,
            // An answer of another kind than what was asked for is dropped with the question.
            Up::SendResult { request, result } => {
                if let Some(Waiting::Sent(reply)) = self.pending.remove(&request) {
                    // Whoever asked may have stopped waiting.
                    let _gone = reply.send(result.map(|id| words(&id)).map_err(|why| words(&why)));
                }
                Ok(())
            }
            Up::Contact { request, result } => {
                if let Some(Waiting::Read(reply)) = self.pending.remove(&request) {
                    let _gone = reply.send(result.map_err(|why| words(&why)));
                }
                Ok(())
            }
            Up::ContactErased { request, result } => {
                if let Some(Waiting::Erased(reply)) = self.pending.remove(&request) {
                    let _gone = reply.send(result.map_err(|why| words(&why)));
                }
                Ok(())
            }
            Up::Problem { code, detail } => self.problem(code, &detail).await,
        }
    }

    /// When a code is void that is good for this long. What a worker says is believed up to a limit.
    fn expiry(&self, expires_in_ms: u64) -> Timestamp {
        let time = Duration::from_millis(expires_in_ms).min(CODE_TIME);
        self.shared.clock.now().checked_add(time).unwrap_or(Timestamp::MAX)
    }

    async fn pairing_code(&mut self, code: PairingCode) -> Result<(), Cut> {
        if code.code.len() != PAIRING_CODE_CHARS || !code.code.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(refused("a pairing code that is none"));
        }
        // A tenant that was stopped meanwhile shows no code.
        if self.apply(TenantEvent::PairingCodeReceived, EventDetails::default()).await? {
            self.session(SessionState::QrReady);
            lock(&self.live).pairing_code = Some(code.clone());
            self.shared.changed(self.tenant, ChangeKind::PairingCode);
            let number = code.number.clone();
            self.answer_code(&number, &Ok(code));
        }
        Ok(())
    }

    /// Answers all who wait for a pairing code for this number. They may have stopped waiting.
    fn answer_code(&mut self, number: &Digits, result: &Result<PairingCode, String>) {
        let waiting =
            self.pending.extract_if(|_, waiting| matches!(waiting, Waiting::Code(n, _) if n == number));
        for (_, waiting) in waiting {
            if let Waiting::Code(_, reply) = waiting {
                let _gone = reply.send(result.clone());
            }
        }
    }

    async fn beat(&mut self, beat: Heartbeat) -> Result<(), Cut> {
        let now = Instant::now();
        {
            let mut live = lock(&self.live);
            live.heartbeat = Some(beat);
            live.heard_at = Some(now);
        }
        self.session(beat.session);
        let due = self.beat_stored.is_none_or(|(at, session)| {
            session != beat.session || now.duration_since(at) >= self.shared.options.heartbeat_store_interval
        });
        if due {
            let figures = WorkerFigures {
                generation: self.generation,
                session: beat.session,
                memory_bytes: beat.memory_bytes,
                cpu_ms: beat.cpu_ms,
                queued: beat.queued,
                unsent: beat.unsent,
                unlogged: beat.unlogged,
                last_message_at: beat.last_message_at,
                unreadable: beat.unreadable,
                clock_behind_ms: beat.clock_behind_ms,
            };
            match self.stored(|scope| async move { scope.heartbeat(&figures).await }).await {
                Err(StoreError::Invalid { field, .. }) => {
                    return Err(refused(format!("{field} in a heartbeat")));
                }
                stored => stored?,
            }
            self.beat_stored = Some((now, beat.session));
        }
        self.shared.changed(self.tenant, ChangeKind::Figures);
        Ok(())
    }

    async fn report(
        &mut self,
        report: SessionReport,
        down: &mut DownSender<Box<dyn Stream>>,
    ) -> Result<(), Cut> {
        let with = |last_error: String| EventDetails { last_error: Some(last_error), ..Default::default() };
        match report {
            SessionReport::Connected { number, lid } => self.connected(number, lid, false, down).await,
            SessionReport::Held { number } => self.connected(number, None, true, down).await,
            SessionReport::Disconnected { reason } => {
                self.session(SessionState::Disconnected);
                let why = format!("not connected to WhatsApp: {}", words(&reason));
                self.event(TenantEvent::Disconnected, with(why)).await
            }
            SessionReport::QrRoundExpired => {
                self.session(SessionState::Disconnected);
                self.event(TenantEvent::QrRoundExpired, EventDetails::default()).await
            }
            SessionReport::LoggedOut => {
                self.over(TenantEvent::LoggedOut, Exit::LoggedOut.advice().to_owned(), Say::Stop).await
            }
            SessionReport::Refused { reason } => {
                let why = format!("WhatsApp refused this session: {}", words(&reason));
                self.over(TenantEvent::AuthenticationFailed, why, Say::Stop).await
            }
            SessionReport::TemporarilyBanned { until, reason } => {
                self.session(SessionState::Disconnected);
                let until = until.map_or_else(String::new, |until| format!(" until {until}"));
                let why = format!("WhatsApp has limited this number{until}: {}", words(&reason));
                self.tell(Heard::Banned(Some(why.clone()))).await;
                self.event(TenantEvent::Disconnected, with(why)).await
            }
        }
    }

    async fn connected(
        &mut self,
        number: Digits,
        lid: Option<String>,
        held: bool,
        down: &mut DownSender<Box<dyn Stream>>,
    ) -> Result<(), Cut> {
        if lid.as_ref().is_some_and(|lid| lid.len() > 32 || !lid.bytes().all(|b| b.is_ascii_digit())) {
            return Err(refused("a LID that is none"));
        }
        if crash::canary(Canary::NumberInMetrics) {
            metrics::counter!("flowhq_linked_total", "number" => number.as_str().to_owned()).increment(1);
        }
        let linked = Some(LinkedAccount { number: number.clone(), lid });
        let details = EventDetails { linked, ..Default::default() };
        match self.apply(TenantEvent::Connected, details).await {
            Err(Cut::Store(StoreError::NumberTaken)) if !self.code_shown => {
                // No phone has linked this device here: it is a copy of the first tenant's, whose device a logout would
                // unlink.
                let why = format!("{}; its session was not linked here", StoreError::NumberTaken);
                return self.over(TenantEvent::AuthenticationFailed, why, Say::Stop).await;
            }
            Err(Cut::Store(StoreError::NumberTaken)) => {
                // Unlinked before anything else is read, so that it does not go on answering another's customers.
                self.say(down, Down::LogOut).await?;
                let why = StoreError::NumberTaken.to_string();
                return self.over(TenantEvent::AuthenticationFailed, why, Say::LogOut).await;
            }
            applied => drop(applied?),
        }
        self.session(SessionState::Connected);
        self.tell(Heard::Banned(None)).await;
        let tenant = self.stored(|scope| async move { scope.get().await }).await?.tenant;
        let declared = tenant.phone_number.as_ref().map(domain::Phone::digits);
        let hold = match (held, tenant.held_number) {
            (true, was) => (was.as_ref() != Some(&number)).then_some(Some(number)),
            // The worker says that it is held after it says that it is connected: only what is plainly past ends here.
            (false, Some(was)) => {
                let is_declared = declared.is_some_and(|declared| domain::is_same_line(&declared, &number));
                (was != number || is_declared).then_some(None)
            }
            (false, None) => None,
        };
        if let Some(hold) = hold {
            self.stored(|scope| {
                let hold = hold.clone();
                async move { scope.set_hold(hold).await }
            })
            .await?;
            self.shared.changed(self.tenant, ChangeKind::Status);
        }
        Ok(())
    }

    async fn logs(
        &mut self,
        journal: JournalId,
        rows: Vec<LogRow>,
        down: &mut DownSender<Box<dyn Stream>>,
    ) -> Result<(), Cut> {
        crash::point("logs_received");
        let batch: Vec<NewLog> = rows.into_iter().map(new_log).collect();
        if crash::canary(Canary::AcknowledgeLogsBeforeCommit)
            && let Some(last) = batch.last()
        {
            self.say(down, Down::Acknowledge { journal, sequence: last.sequence }).await?;
        }
        let appended = self
            .stored(|scope| {
                let batch = &batch;
                async move { scope.append_logs(journal, batch).await }
            })
            .await;
        let sequence = match appended {
            Ok(sequence) => sequence,
            Err(
                error
                @ (StoreError::LogGap { .. } | StoreError::Invalid { .. } | StoreError::Conflict { .. }),
            ) => return Err(refused(error.to_string())),
            Err(error) => return Err(error.into()),
        };
        crash::point("logs_stored");
        // Only now: the store has committed and synced them.
        self.say(down, Down::Acknowledge { journal, sequence }).await?;
        crash::point("logs_confirmed");
        self.shared.changed(self.tenant, ChangeKind::Logs);
        Ok(())
    }

    async fn problem(&mut self, code: ProblemCode, detail: &str) -> Result<(), Cut> {
        let detail = words(detail);
        let name: &'static str = code.into();
        tracing::warn!(tenant = %self.tenant, generation = self.generation, problem = name, %detail, "a worker has a problem");
        lock(&self.live).problem = Some(format!("{name}: {detail}"));
        self.shared.changed(self.tenant, ChangeKind::Problem);
        let exit = match code {
            ProblemCode::SessionCorrupt => Exit::SessionCorrupt,
            ProblemCode::JournalCorrupt => Exit::JournalCorrupt,
            ProblemCode::Disk | ProblemCode::Other => return Ok(()),
        };
        self.over(TenantEvent::SessionCorrupt, format!("{} ({detail})", exit.advice()), Say::Stop).await
    }

    /// A worker that shows a code is linked to nothing. Where the tenant is active, its session has gone: its file was
    /// removed or emptied, or restored from a time before it was linked. Nobody would hear of that otherwise.
    async fn session_is_lost(&mut self) -> Result<bool, Cut> {
        let status = self.stored(|scope| async move { scope.get().await }).await?.tenant.status;
        if status != TenantStatus::Active {
            return Ok(false);
        }
        tracing::warn!(tenant = %self.tenant, generation = self.generation, "the session of a linked tenant is gone");
        self.over(TenantEvent::SessionLost, SESSION_LOST.to_owned(), Say::Stop).await?;
        Ok(true)
    }

    /// The session is over: the tenant needs a person.
    async fn over(&mut self, event: TenantEvent, reason: String, say: Say) -> Result<(), Cut> {
        self.session(SessionState::Disconnected);
        self.event(event, EventDetails { last_error: Some(reason.clone()), ..Default::default() }).await?;
        self.finished = true;
        self.tell(Heard::Final { reason, say }).await;
        Ok(())
    }

    /// Applies an event that no other tenant can stand in the way of.
    async fn event(&self, event: TenantEvent, details: EventDetails) -> Result<(), Cut> {
        self.apply(event, details).await.map(drop)
    }

    /// Applies an event; whether the tenant's status takes it.
    async fn apply(&self, event: TenantEvent, details: EventDetails) -> Result<bool, Cut> {
        let details = EventDetails { generation: Some(self.generation), ..details };
        crash::point("event_before_store");
        let applied = self
            .stored(|scope| {
                let details = details.clone();
                async move { scope.apply_event(event, details).await }
            })
            .await;
        crash::point("event_after_store");
        match applied {
            Ok(_) => {
                self.shared.changed(self.tenant, ChangeKind::Status);
                if event == TenantEvent::QrReceived || event.clears_qr() {
                    self.shared.changed(self.tenant, ChangeKind::Qr);
                }
                if event.clears_pairing_code() {
                    self.shared.forget_pairing_code(self.tenant, &self.live);
                }
                Ok(true)
            }
            // Late or out of place, like a code for a tenant that was stopped: no harm done.
            Err(StoreError::Refused(refusal)) => {
                tracing::info!(tenant = %self.tenant, generation = self.generation, %refusal, "an event was passed over");
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn session(&self, state: SessionState) {
        let mut live = lock(&self.live);
        if state == SessionState::Connected && live.session != Some(state) {
            live.problem = None;
        }
        live.session = Some(state);
        live.disconnected_at = match state {
            SessionState::Disconnected => live.disconnected_at.or_else(|| Some(Instant::now())),
            SessionState::QrReady | SessionState::Connected => None,
        };
    }
}

fn new_log(row: LogRow) -> NewLog {
    let LogRow {
        sequence,
        id,
        direction,
        contact,
        text,
        wa_message_id,
        at,
        silence,
        sent_at,
        about,
        removes,
    } = row;
    NewLog { sequence, id, direction, contact, text, wa_message_id, at, silence, sent_at, about, removes }
}

/// A worker's words, cut to length and without line breaks and escapes.
fn words(text: &str) -> String {
    text.chars().take(WORDS_MAX_CHARS).map(|c| if c.is_control() { ' ' } else { c }).collect()
}
