//! One worker's link, for as long as its process lives: dialled, dialled again, and listened to.
//!
//! A worker is taken to be hostile. Whatever it says touches its own tenant's rows only, at a bounded pace; what the
//! link's rules do not allow ends the connection, and too many of these end the worker.

mod backlog;
mod deliveries;
mod ingest;
mod packs;
mod planted;
mod records;

use std::{
    convert::Infallible,
    sync::{Arc, Mutex},
    time::Duration,
};

use domain::{BotSettings, JournalId, Limits, SessionState, TenantId};
use link::{
    DownSender, Identity, LinkError, Reason, UpReceiver, Welcome,
    message::{Answer, Down, Question, Up},
};
use store::{NewLog, StoreError, TenantScope};
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinSet,
    time::{Instant, timeout},
};
use tokio_util::sync::CancellationToken;

pub(crate) use self::packs::PackTold;

use self::backlog::Backlog;
use crate::{
    Options, Process, Stream, erasing,
    error::Cut,
    live::LiveState,
    service::{Shared, lock},
    share::Share,
    tenant::Message,
};

/// How long a worker may take to say hello once it has proved itself.
const HELLO_TIME: Duration = Duration::from_secs(5);
/// How long a worker may take to read what it is sent.
const READ_TIME: Duration = Duration::from_secs(10);
/// The pause before the second dial; doubled from then on.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// The longest pause between two dials.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// A worker that has been refused this often in its life speaks another protocol, or lies.
const REFUSALS_MAX: u32 = 5;
/// Questions of a person that wait for their answer.
const PENDING_MAX: usize = 64;

/// What the tenant's task is told.
#[derive(Debug)]
pub(crate) enum Heard {
    /// Nothing will bring this session back by itself: say this, end the worker, and do not start it again.
    Final {
        /// Why, for the operator.
        reason: String,
        /// Whether its device is to be unlinked.
        log_out: bool,
    },
    /// How the unlinking of its device went.
    LoggedOut(Result<(), String>),
    /// The worker cannot be talked with: end it and start it again.
    Broken(String),
    /// WhatsApp has limited this number: it is not to be started again by itself. `None` where that has passed.
    Banned(Option<String>),
}

/// The link of one worker.
pub(crate) struct Downlink {
    pub(crate) shared: Arc<Shared>,
    pub(crate) process: Arc<dyn Process>,
    pub(crate) live: Arc<Mutex<LiveState>>,
    pub(crate) messages: mpsc::Receiver<Message>,
    pub(crate) heard: mpsc::Sender<Heard>,
    /// Set when the process has ended: what it has said is still read, but nobody is dialled any more.
    pub(crate) draining: CancellationToken,
    pub(crate) scope: TenantScope,
    pub(crate) tenant: TenantId,
    pub(crate) generation: link::Generation,
    /// Set when the worker is to unlink its device.
    pub(crate) log_out: CancellationToken,
    /// Whether it was asked for that on this connection.
    pub(crate) log_out_asked: bool,
    /// Questions that wait for their answer, by their requests' ids.
    pub(crate) pending: Vec<(String, Waiting)>,
    pub(crate) beat_stored: Option<(Instant, SessionState)>,
    /// What this tenant has used of what all share.
    pub(crate) share: Arc<Mutex<Share>>,
    pub(crate) pace: Pace,
    /// Whether this worker has shown a code: only then can a phone have linked a device in its run.
    pub(crate) code_shown: bool,
    /// Whether what was said is the end of it: nothing more is taken.
    pub(crate) finished: bool,
    /// A batch of log rows that waits for its share of the database, and until when.
    pub(crate) held: Option<(Instant, JournalId, Vec<NewLog>)>,
    /// Whether the worker no longer reads on this connection.
    pub(crate) deaf: bool,
    /// The version of the business profile that the worker was last told on this connection.
    pub(crate) profile_told: Option<i64>,
    /// Which pack the worker answers by, and what is known there of it.
    pub(crate) pack: PackTold,
    /// Where the clock of a demo is moved.
    pub(crate) clock_ahead: Option<watch::Receiver<i64>>,
    /// Whether the disk on which the worker lies is short of room.
    pub(crate) disk_short: Option<watch::Receiver<bool>>,
}

/// What a connection does next.
enum Next {
    /// Takes what the worker said.
    Heard(Result<Up, LinkError>),
    /// Writes a batch that has waited for its share.
    Due(JournalId, Vec<NewLog>),
    /// Passes something on.
    ToSay(Message),
    /// Has the worker unlink its device.
    LogOut,
}

/// Who waits for an answer of the worker.
pub(crate) enum Waiting {
    /// A person, for an answer to a question of this name.
    Person(&'static str, oneshot::Sender<Result<Answer, String>>),
    /// The tenant's task, for the outcome of an unlink.
    Task,
}

impl Waiting {
    fn is_closed(&self) -> bool {
        match self {
            Self::Person(_, reply) => reply.is_closed(),
            Self::Task => false,
        }
    }
}

impl Downlink {
    /// Talks with the worker until its process has ended.
    pub(crate) async fn run(mut self) {
        let (mut pause, mut refusals) = (FIRST_PAUSE, 0);
        loop {
            let Err(cut) = self.once(&mut pause).await;
            self.unlinked();
            tracing::debug!(tenant = %self.tenant, generation = self.generation, %cut, "link away");
            if matches!(&cut, Cut::Link(LinkError::Refused(_) | LinkError::RefusedByPeer(_)) | Cut::NoHello) {
                tracing::warn!(tenant = %self.tenant, generation = self.generation, %cut, "link refused");
                refusals += 1;
            }
            let superseded =
                matches!(&cut, Cut::Store(StoreError::OldGeneration { .. } | StoreError::NotFound(_)));
            if refusals >= REFUSALS_MAX || superseded {
                self.tell(Heard::Broken(format!("the worker could not be talked with and was ended: {cut}")))
                    .await;
                self.finished = true;
            }
            if self.draining.is_cancelled() || self.finished {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = self.draining.cancelled() => return,
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn once(&mut self, pause: &mut Duration) -> Result<Infallible, Cut> {
        let shared = Arc::clone(&self.shared);
        let turn = shared.opening.acquire().await;
        let stream: Box<dyn Stream> = self.shared.runtime.dial(&self.process).await?;
        let token = self.shared.key.token(self.tenant, self.generation);
        let side = link::dial(stream, &Identity::new(self.tenant, self.generation, token)).await?;
        crash::point("link_dialled");
        let (hello, greeted) = timeout(HELLO_TIME, side.hello()).await.map_err(|_| Cut::NoHello)??;
        crash::point("link_greeted");
        let acknowledged =
            self.stored(|scope| async move { scope.acknowledged(hello.journal).await }).await?;
        let acknowledged_records =
            self.stored(|scope| async move { scope.acknowledged_records(hello.journal).await }).await?;
        let (settings, limits) = self.configuration().await?;
        let (mut down, mut up) = timeout(
            READ_TIME,
            greeted.welcome(Welcome {
                settings,
                limits,
                acknowledged,
                acknowledged_records,
                records_follow: hello.wants_records,
            }),
        )
        .await
        .map_err(|_| Cut::Unread)??;
        drop(turn);
        crash::point("link_opened");
        *pause = FIRST_PAUSE;
        self.deaf = false;
        self.log_out_asked = false;
        self.profile_told = None;
        self.pack.forget();
        if hello.wants_records {
            // First by what it reminds and what its stock is: open orders are taken from that.
            self.tell_profile(&mut down).await?;
            self.tell_records(hello.journal, &mut down).await?;
        }
        {
            let mut live = lock(&self.live);
            live.linked = true;
            live.build = Some(hello.build);
        }
        self.shared.changed(self.tenant, crate::ChangeKind::Figures);
        let erasing = erasing::before_connecting(Arc::clone(&self.shared), self.scope.clone());
        // It ends with the link at the latest.
        let mut errands = JoinSet::new();
        errands.spawn(erasing);

        let mut backlog = Backlog::default();
        self.held = None;
        loop {
            let taken = match self.next(&mut backlog, &mut up).await {
                Next::Heard(Ok(message)) => {
                    self.take_while_reading(message, &mut down, &mut up, &mut backlog).await
                }
                Next::Heard(Err(error)) => Err(error.into()),
                Next::Due(journal, batch) => {
                    self.append_while_reading(journal, &batch, &mut down, &mut up, &mut backlog).await
                }
                Next::ToSay(message) => self.pass(&mut down, message).await,
                Next::LogOut => self.ask_to_log_out(&mut down).await,
            };
            if let Err(Cut::Link(LinkError::Refused(refusal))) = &taken {
                // Best effort: it may be gone.
                let _told = timeout(READ_TIME, down.refuse(refusal.clone())).await;
                return Err(LinkError::Refused(refusal.clone()).into());
            }
            taken?;
        }
    }

    /// What is to be done next: a batch whose share has come, what was read meanwhile, or whatever comes first.
    async fn next(&mut self, backlog: &mut Backlog, up: &mut UpReceiver<Box<dyn Stream>>) -> Next {
        let due = self.held.as_ref().map(|(due, ..)| *due);
        if due.is_none_or(|due| due > Instant::now())
            && let Some(heard) = backlog.next()
        {
            return Next::Heard(heard);
        }
        tokio::select! {
            () = tokio::time::sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {
                match self.held.take() {
                    Some((_, journal, batch)) => Next::Due(journal, batch),
                    None => Next::Heard(up.recv().await),
                }
            }
            heard = up.recv() => Next::Heard(heard),
            Some(message) = self.messages.recv() => Next::ToSay(message),
            () = Options::changed(&mut self.clock_ahead) => Next::ToSay(Message::Reload),
            () = Options::changed(&mut self.disk_short) => Next::ToSay(Message::Reload),
            () = self.log_out.cancelled(), if !self.log_out_asked => Next::LogOut,
        }
    }

    /// Takes one message, and reads on meanwhile: what is taken may have to wait for the database for long, and whether
    /// the worker lives must be known all the same.
    async fn take_while_reading(
        &mut self,
        message: Up,
        down: &mut DownSender<Box<dyn Stream>>,
        up: &mut UpReceiver<Box<dyn Stream>>,
        backlog: &mut Backlog,
    ) -> Result<(), Cut> {
        let live = Arc::clone(&self.live);
        while_reading(&live, planted::take(self, message, down), up, backlog).await
    }

    /// The same with a batch that has waited.
    async fn append_while_reading(
        &mut self,
        journal: JournalId,
        batch: &[NewLog],
        down: &mut DownSender<Box<dyn Stream>>,
        up: &mut UpReceiver<Box<dyn Stream>>,
        backlog: &mut Backlog,
    ) -> Result<(), Cut> {
        let live = Arc::clone(&self.live);
        while_reading(&live, self.append(journal, batch, down), up, backlog).await
    }

    /// Has the worker unlink its device.
    async fn ask_to_log_out(&mut self, down: &mut DownSender<Box<dyn Stream>>) -> Result<(), Cut> {
        self.log_out_asked = true;
        let request = domain::RecordId::generate().to_string();
        self.pending.push((request.clone(), Waiting::Task));
        self.say(down, Down::Ask { request, question: Question::LogOut }).await
    }

    /// By what the tenant's bot answers, and how fast it may.
    async fn configuration(&mut self) -> Result<(BotSettings, Limits), StoreError> {
        let detail = self.stored(|scope| async move { scope.get().await }).await?;
        self.pack.wanted = Some(detail.config.template_type);
        Ok((detail.bot_settings(), detail.limits(self.shared.limits(self.tenant))))
    }

    /// Passes a message of the control plane's on.
    async fn pass(&mut self, down: &mut DownSender<Box<dyn Stream>>, message: Message) -> Result<(), Cut> {
        let message = match message {
            Message::Say(say) => say.into(),
            Message::Reload => {
                self.tell_profile(down).await?;
                let (settings, limits) = self.configuration().await?;
                // Before the settings that name it: until it comes, nobody would be answered.
                self.tell_pack(down).await?;
                Down::Configure { settings, limits }
            }
            Message::Ask { request, question, reply } => {
                let request = request.unwrap_or_else(|| domain::RecordId::generate().to_string());
                self.pending.retain(|(_, waiting)| !waiting.is_closed());
                if self.pending.len() >= PENDING_MAX {
                    let why = "too many questions wait for this worker; try again";
                    // Whoever asked may have stopped waiting.
                    let _gone = reply.send(Err(why.to_owned()));
                    return Ok(());
                }
                self.pending.push((request.clone(), Waiting::Person(question.name(), reply)));
                Down::Ask { request, question }
            }
        };
        self.say(down, message).await
    }

    /// Sends, unless the worker no longer reads: what it said before it went is then read to its end all the same.
    async fn say(&mut self, down: &mut DownSender<Box<dyn Stream>>, message: Down) -> Result<(), Cut> {
        if self.deaf {
            return Ok(());
        }
        match timeout(READ_TIME, down.send(message)).await {
            Ok(Err(error @ LinkError::TooLarge { .. })) => {
                tracing::error!(tenant = %self.tenant, %error, "a message was not sent");
                Ok(())
            }
            Ok(Err(LinkError::Io(_) | LinkError::Closed)) => {
                self.deaf = true;
                Ok(())
            }
            Ok(sent) => Ok(sent?),
            Err(_) => Err(Cut::Unread),
        }
    }

    fn unlinked(&mut self) {
        lock(&self.live).linked = false;
        self.shared.forget_pairing_code(self.tenant, &self.live);
        // Whoever waits for an answer is told that there is none, and what was not passed on is void.
        self.pending.clear();
        while self.messages.try_recv().is_ok() {}
        self.shared.changed(self.tenant, crate::ChangeKind::Figures);
    }

    async fn tell(&self, heard: Heard) {
        // The task waits for this one to end before it goes.
        let _gone = self.heard.send(heard).await;
    }

    /// Does something in the store, and again until the database answers: what a worker has said is not lost.
    async fn stored<T, F>(&self, what: impl Fn(TenantScope) -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, StoreError>>,
    {
        self.shared.stored(|| what(self.scope.clone())).await
    }
}

async fn while_reading(
    live: &Mutex<LiveState>,
    taking: impl Future<Output = Result<(), Cut>>,
    up: &mut UpReceiver<Box<dyn Stream>>,
    backlog: &mut Backlog,
) -> Result<(), Cut> {
    let mut taking = std::pin::pin!(taking);
    loop {
        tokio::select! {
            biased;
            taken = &mut taking => return taken,
            read = up.recv(), if backlog.reads_on() => {
                if let Ok(Up::Heartbeat(beat)) = &read {
                    let mut live = lock(live);
                    live.heartbeat = Some(beat.clone());
                    live.heard_at = Some(Instant::now());
                }
                backlog.put(read);
            }
        }
    }
}

/// How fast one worker's frames are taken. More of them wait in its socket.
#[derive(Debug)]
pub(crate) struct Pace {
    since: Instant,
    taken: u32,
}

impl Pace {
    /// Frames that are taken in a second.
    const PER_SECOND: u32 = 200;

    pub(crate) fn new() -> Self {
        Self { since: Instant::now(), taken: 0 }
    }

    async fn wait(&mut self) {
        let second = Duration::from_secs(1);
        if self.since.elapsed() >= second {
            *self = Self::new();
        }
        self.taken += 1;
        if self.taken > Self::PER_SECOND {
            tokio::time::sleep_until(self.since + second).await;
            *self = Self::new();
        }
    }
}

/// Refuses what the store does not take from this worker.
fn refused(detail: impl Into<String>) -> Cut {
    LinkError::Refused(link::Refusal::new(Reason::State, detail)).into()
}
