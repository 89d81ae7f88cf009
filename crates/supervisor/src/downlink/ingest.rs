//! What a worker says, and what becomes of it in the store.

use std::time::Duration;

use domain::{Digits, JournalId, SessionState, TenantEvent, TenantStatus, Trouble};
use link::{
    DownSender, Exit,
    message::{Answer, Down, Heartbeat, LogRow, ProblemCode, SessionReport, Up},
};
use store::{EventDetails, LinkedAccount, NewLog, StoreError, WorkerFigures};
use tokio::time::Instant;

use super::{Downlink, Heard, Waiting, refused};
use crate::{ChangeKind, PairingCode, Stream, error::Cut, service::lock};

/// Characters of a pairing code: the phone has a box for each.
const PAIRING_CODE_CHARS: usize = 8;
/// A wait that is worth telling of.
const SLOWED_AFTER: Duration = Duration::from_secs(2);
/// Why a tenant that was linked is in error although nobody unlinked it, and what to do.
const SESSION_LOST: &str = "the session is gone: session.db was removed, emptied or replaced, so that WhatsApp does not \
    know this device any more. Start the worker again, remove the old device on the phone under Linked devices, and link \
    the phone again by the code";

impl Downlink {
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
        if matches!(message, Up::Qr { .. } | Up::PairingCode { .. } | Up::Session(_) | Up::Problem { .. }) {
            let due = lock(&self.share).word(&self.shared.options.shares, Instant::now());
            if due > Instant::now() {
                self.slowed().await;
                // Meanwhile the newest of each kind is kept, so that nothing that counts is lost.
                tokio::time::sleep_until(due).await;
            }
        }
        match message {
            // The link itself refuses a second one.
            Up::Hello { .. } => Ok(()),
            Up::Heartbeat(beat) => self.beat(beat, down).await,
            Up::Qr { code, expires_in_ms } => {
                if self.session_is_lost().await? {
                    return Ok(());
                }
                self.code_shown = true;
                let expires = self.shared.expiry(expires_in_ms);
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
                let expires_at = self.shared.expiry(expires_in_ms);
                self.pairing_code(PairingCode { code, number, expires_at }).await
            }
            Up::Session(report) => self.report(report, down).await,
            Up::Logs { journal, rows } => self.logs(journal, rows, down).await,
            Up::Records { journal, rows } => self.records(journal, &rows, down).await,
            Up::Deliveries { journal, rows } => self.deliveries(journal, &rows, down).await,
            Up::HandOffs { rows, total } => {
                lock(&self.live).hand_offs = (rows.into(), total);
                self.shared.changed(self.tenant, ChangeKind::HandOffs);
                Ok(())
            }
            Up::Answer { request, result } => {
                self.answered(&request, &result).await;
                Ok(())
            }
            Up::Problem { code, detail } => self.problem(code, &detail).await,
        }
    }

    /// Hands an answer to all who wait for it. One of another kind than what was asked is dropped with the question.
    async fn answered(&mut self, request: &str, result: &Result<Answer, String>) {
        let waiting: Vec<_> = self.pending.extract_if(.., |(asked, _)| asked == request).collect();
        for (_, waiting) in waiting {
            match (waiting, result) {
                (Waiting::Task, Ok(Answer::LogOut)) => self.tell(Heard::LoggedOut(Ok(()))).await,
                (Waiting::Task, Err(why)) => self.tell(Heard::LoggedOut(Err(why.clone()))).await,
                (Waiting::Task, Ok(_)) => {}
                (Waiting::Person(asked, _), Ok(answer)) if answer.name() != asked => {}
                // Whoever asked may have stopped waiting.
                (Waiting::Person(_, reply), result) => drop(reply.send(result.clone())),
            }
        }
    }

    async fn pairing_code(&mut self, code: PairingCode) -> Result<(), Cut> {
        if code.code.len() != PAIRING_CODE_CHARS || !code.code.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(refused("a pairing code that is none"));
        }
        // A tenant that was stopped meanwhile shows no code.
        if self.apply(TenantEvent::PairingCodeReceived, EventDetails::default()).await? {
            self.session(SessionState::QrReady);
            {
                let mut live = lock(&self.live);
                // The same told again lives no longer for it.
                let shown = live.pairing_code.as_ref();
                let told = shown.filter(|shown| shown.code == code.code && shown.number == code.number);
                let expires_at = told.map_or(code.expires_at, |told| told.expires_at.min(code.expires_at));
                live.pairing_code = Some(PairingCode { expires_at, ..code });
            }
            self.shared.changed(self.tenant, ChangeKind::PairingCode);
        }
        Ok(())
    }

    async fn beat(&mut self, beat: Heartbeat, down: &mut DownSender<Box<dyn Stream>>) -> Result<(), Cut> {
        let now = Instant::now();
        {
            let mut live = lock(&self.live);
            live.heartbeat = Some(beat.clone());
            live.heard_at = Some(now);
        }
        self.session(beat.session);
        let changed = |stored| {
            stored != beat.session && lock(&self.share).word(&self.shared.options.shares, now) <= now
        };
        let due = self.beat_stored.is_none_or(|(at, session)| {
            now.duration_since(at) >= self.shared.options.heartbeat_store_interval || changed(session)
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
                hand_offs: beat.hand_offs,
            };
            let beaten = self.shared.stored_in_turn(&self.shared.beats, || self.scope.heartbeat(&figures));
            let versions = match beaten.await {
                Err(StoreError::Invalid { field, .. }) => {
                    return Err(refused(format!("{field} in a heartbeat")));
                }
                stored => stored?,
            };
            self.beat_stored = Some((now, beat.session));
            // They have changed after this link read them and before it was open.
            if beat.settings_version.is_some_and(|known| known < versions.settings) {
                let (settings, limits) = self.configuration().await?;
                self.tell_pack(down).await?;
                self.say(down, Down::Configure { settings, limits }).await?;
            }
            if versions.profile != beat.profile_version.unwrap_or_default() {
                // What was told before this heartbeat has not come to it, or not whole.
                self.profile_told = None;
                self.tell_profile(down).await?;
            }
        }
        self.pack.known = Some(beat.pack_hash);
        self.tell_pack(down).await?;
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
            SessionReport::Disconnected { reason, unreachable } => {
                self.session(SessionState::Disconnected);
                let why = format!("not connected to WhatsApp: {reason}");
                let trouble = unreachable.then_some((Trouble::Unreachable, None));
                self.event(TenantEvent::Disconnected, EventDetails { trouble, ..with(why) }).await
            }
            SessionReport::QrRoundExpired => {
                self.session(SessionState::Disconnected);
                self.event(TenantEvent::QrRoundExpired, EventDetails::default()).await
            }
            SessionReport::LoggedOut => {
                self.over(TenantEvent::LoggedOut, Exit::LoggedOut.advice().to_owned(), false).await
            }
            SessionReport::Refused { reason } => {
                let why = format!("WhatsApp refused this session: {reason}");
                self.over(TenantEvent::AuthenticationFailed, why, false).await
            }
            SessionReport::TemporarilyBanned { until, reason } => {
                self.session(SessionState::Disconnected);
                let trouble = Some((Trouble::Limited, until));
                let until = until.map_or_else(String::new, |until| format!(" until {until}"));
                let why = format!("WhatsApp has limited this number{until}: {reason}");
                self.tell(Heard::Banned(Some(why.clone()))).await;
                self.limited(Some(&why));
                self.event(TenantEvent::Disconnected, EventDetails { trouble, ..with(why) }).await
            }
        }
    }

    /// Notes that WhatsApp has limited this number, or no longer does; who looks for what is wrong is told.
    fn limited(&self, why: Option<&str>) {
        let before = std::mem::replace(&mut lock(&self.live).limited, why.map(ToOwned::to_owned));
        if before.as_deref() != why {
            self.shared.changed(self.tenant, ChangeKind::Status);
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
        let tenant = self.stored(|scope| async move { scope.get().await }).await?.tenant;
        let declared = tenant.phone_number.as_ref().map(domain::Phone::digits);
        // Whatever the worker says: a number that nobody has declared or confirmed is held, and claims nothing.
        let other = declared.as_ref().is_some_and(|declared| *declared != number);
        let held = held || (other && tenant.confirmed_number.as_ref() != Some(&number));
        let linked = (!held).then(|| LinkedAccount { number: number.clone(), lid: lid.clone() });
        let details = EventDetails { linked, ..Default::default() };
        let mut applied = self.apply(TenantEvent::Connected, details.clone()).await;
        if matches!(applied, Err(Cut::Store(StoreError::NumberTaken))) {
            let owned = declared.as_ref() == Some(&number);
            let operator = self.shared.store.operator();
            let (account, own) = (LinkedAccount { number: number.clone(), lid }, self.tenant);
            let released = self.shared.stored(|| {
                let (operator, account) = (operator.clone(), account.clone());
                async move { operator.release_claims(own, &account, owned).await }
            });
            if released.await? > 0 {
                applied = self.apply(TenantEvent::Connected, details).await;
            }
        }
        match applied {
            Err(Cut::Store(StoreError::NumberTaken)) if !self.code_shown => {
                // No phone has linked this device here: it is a copy of the first tenant's, whose device a logout would
                // unlink.
                let why = format!("{}; its session was not linked here", StoreError::NumberTaken);
                return self.over(TenantEvent::AuthenticationFailed, why, false).await;
            }
            Err(Cut::Store(StoreError::NumberTaken)) => {
                // Unlinked before anything else is read, so that it does not go on answering another's customers.
                self.ask_to_log_out(down).await?;
                let why = StoreError::NumberTaken.to_string();
                return self.over(TenantEvent::AuthenticationFailed, why, true).await;
            }
            applied => drop(applied?),
        }
        self.session(SessionState::Connected);
        self.tell(Heard::Banned(None)).await;
        self.limited(None);
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
        if self.held.is_some() {
            // The same again: it waits for its share already.
            return Ok(());
        }
        let due = lock(&self.share).logs(&self.shared.options.shares, &rows, Instant::now());
        if due > Instant::now() {
            if due > Instant::now() + SLOWED_AFTER {
                self.slowed().await;
            }
            self.held = Some((due, journal, rows));
            return Ok(());
        }
        lock(&self.live).slowed_at = None;
        self.append(journal, &rows, down).await
    }

    /// Writes a batch of log rows and acknowledges it.
    pub(super) async fn append(
        &mut self,
        journal: JournalId,
        batch: &[NewLog],
        down: &mut DownSender<Box<dyn Stream>>,
    ) -> Result<(), Cut> {
        let appended = self.stored(|scope| async move { scope.append_logs(journal, batch).await }).await;
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

    /// Tells the operator that a tenant goes beyond its share; now and then, so that telling it is no flood either.
    async fn slowed(&self) {
        let now = self.shared.clock.now();
        lock(&self.live).slowed_at.get_or_insert(now);
        if !lock(&self.share).is_news(Instant::now()) {
            return;
        }
        tracing::warn!(tenant = %self.tenant, generation = self.generation, "a worker hands in more than its tenant's share; it is acknowledged more slowly");
        let told = self.scope.record_event("worker", None, "WORKER_SLOWED", &serde_json::json!({})).await;
        if let Err(error) = told {
            tracing::error!(tenant = %self.tenant, %error, "that a worker is slowed could not be written down");
        }
        self.shared.changed(self.tenant, ChangeKind::Problem);
    }

    async fn problem(&mut self, code: ProblemCode, detail: &str) -> Result<(), Cut> {
        let name: &'static str = code.into();
        tracing::warn!(tenant = %self.tenant, generation = self.generation, problem = name, %detail, "a worker has a problem");
        lock(&self.live).problem = Some(format!("{name}: {detail}"));
        self.shared.changed(self.tenant, ChangeKind::Problem);
        let exit = match code {
            ProblemCode::SessionCorrupt => Exit::SessionCorrupt,
            ProblemCode::JournalCorrupt => Exit::JournalCorrupt,
            ProblemCode::Disk | ProblemCode::Other => return Ok(()),
        };
        self.over(TenantEvent::SessionCorrupt, format!("{} ({detail})", exit.advice()), false).await
    }

    /// A worker that shows a code is linked to nothing. Where the tenant is active, its session has gone: its file was
    /// removed or emptied, or restored from a time before it was linked. Nobody would hear of that otherwise.
    async fn session_is_lost(&mut self) -> Result<bool, Cut> {
        let status = self.stored(|scope| async move { scope.get().await }).await?.tenant.status;
        if status != TenantStatus::Active {
            return Ok(false);
        }
        tracing::warn!(tenant = %self.tenant, generation = self.generation, "the session of a linked tenant is gone");
        self.over(TenantEvent::SessionLost, SESSION_LOST.to_owned(), false).await?;
        Ok(true)
    }

    /// The session is over: the tenant needs a person.
    async fn over(&mut self, event: TenantEvent, reason: String, log_out: bool) -> Result<(), Cut> {
        self.session(SessionState::Disconnected);
        self.event(event, EventDetails { last_error: Some(reason.clone()), ..Default::default() }).await?;
        self.finished = true;
        self.tell(Heard::Final { reason, log_out }).await;
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
