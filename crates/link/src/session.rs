//! What may be said on an open connection, and when: the worker's hello, the control plane's welcome, then anything
//! but these. The types let each side say only what it may; what arrives out of turn is refused.

use std::{collections::VecDeque, time::Duration};

use domain::{BotSettings, JournalId, Limits};
use futures_util::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::UnixStream,
};
use tokio_util::codec::Framed;

use crate::{
    LinkError, Reason, Refusal, Versions,
    frame::{self, Codec, Frame},
    message::{
        DeliveryRow, Down, LogRow, RecordRow, Up,
        before::{Asked, DownBefore, UpBefore, Wire, readable},
    },
};

type WireUp = Wire<Up, UpBefore>;
type WireDown = Wire<Down, DownBefore>;
type WorkerWire<S> = Framed<S, Codec<WireDown, WireUp>>;
type ControlWire<S> = Framed<S, Codec<WireUp, WireDown>>;

/// What a worker says first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hello {
    /// Whose sequence numbers will follow.
    pub journal: JournalId,
    /// The highest sequence number in it.
    pub last_sequence: u64,
    /// Version of the worker's executable.
    pub build: String,
    /// Whether this journal has yet to be told the tenant's open records. Never by the version before.
    pub wants_records: bool,
}

/// What the control plane says first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Welcome {
    /// The tenant's bot.
    pub settings: BotSettings,
    /// How fast it may act.
    pub limits: Limits,
    /// The highest sequence number of the journal that is committed and synced.
    pub acknowledged: u64,
    /// The highest number of a record's change in the journal that is committed and synced.
    pub acknowledged_records: u64,
    /// Whether [`Down::OpenRecords`] follows: always where the hello wants records, and never from the version before.
    pub records_follow: bool,
}

/// A connection that has proved itself, on the worker's side.
pub struct WorkerSide<S = UnixStream> {
    wire: WorkerWire<S>,
    version: u16,
}

impl<S: AsyncRead + AsyncWrite + Unpin> WorkerSide<S> {
    pub(crate) fn new(mut wire: WorkerWire<S>, version: u16) -> Self {
        frame::keep_small(&mut wire);
        Self { wire, version }
    }

    /// The version both sides speak.
    #[must_use]
    pub const fn version(&self) -> u16 {
        self.version
    }

    /// Says hello and waits for the welcome.
    ///
    /// # Errors
    /// Where the connection ends first, or something else comes in the welcome's place.
    pub async fn hello(mut self, hello: Hello) -> Result<(Welcome, UpSender<S>, DownReceiver<S>), LinkError> {
        let Hello { journal, last_sequence, build, wants_records } = hello;
        let hello = Up::Hello { journal, last_sequence, build, wants_records };
        self.wire.send(Frame::Message(Wire::Now(hello))).await?;
        let asked = Asked::default();
        let welcome = match next(&mut self.wire).await.map(|message| asked.asked(message)) {
            Ok(Down::Welcome { settings, limits, acknowledged, acknowledged_records, records_follow }) => {
                Welcome { settings, limits, acknowledged, acknowledged_records, records_follow }
            }
            Ok(other) => return Err(tell(&mut self.wire, misplaced("welcome", other.name())).await),
            Err(error) => return Err(tell(&mut self.wire, error).await),
        };
        let (sink, stream) = self.wire.split();
        let before = is_before(self.version).then_some(asked);
        Ok((welcome, UpSender { sink, before: before.clone() }, DownReceiver { stream, journal, before }))
    }
}

/// A connection that has proved itself, on the control plane's side.
pub struct ControlSide<S = UnixStream> {
    wire: ControlWire<S>,
    version: u16,
}

impl<S: AsyncRead + AsyncWrite + Unpin> ControlSide<S> {
    pub(crate) fn new(mut wire: ControlWire<S>, version: u16) -> Self {
        frame::keep_small(&mut wire);
        Self { wire, version }
    }

    /// The version both sides speak.
    #[must_use]
    pub const fn version(&self) -> u16 {
        self.version
    }

    /// Waits for the worker's hello.
    ///
    /// # Errors
    /// Where the connection ends first, or something else comes in the hello's place.
    pub async fn hello(mut self) -> Result<(Hello, Greeted<S>), LinkError> {
        let first = next(&mut self.wire).await.and_then(|message| match message {
            WireUp::Now(message) => bounded(message),
            WireUp::Before(_) => Err(misplaced("hello", "an answer")),
        });
        let hello = match first {
            Ok(Up::Hello { journal, last_sequence, build, wants_records }) => {
                Hello { journal, last_sequence, build, wants_records }
            }
            Ok(other) => return Err(tell(&mut self.wire, misplaced("hello", other.name())).await),
            Err(error) => return Err(tell(&mut self.wire, error).await),
        };
        let journal = hello.journal;
        Ok((hello, Greeted { wire: self.wire, journal, version: self.version }))
    }
}

/// A worker that has said hello and waits for its welcome.
pub struct Greeted<S = UnixStream> {
    wire: ControlWire<S>,
    journal: JournalId,
    version: u16,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Greeted<S> {
    /// Welcomes the worker; from here on both sides talk as they like.
    ///
    /// # Errors
    /// Where the connection ends first.
    pub async fn welcome(mut self, welcome: Welcome) -> Result<(DownSender<S>, UpReceiver<S>), LinkError> {
        let Welcome { settings, limits, acknowledged, acknowledged_records, records_follow } = welcome;
        let welcome = Down::Welcome { settings, limits, acknowledged, acknowledged_records, records_follow };
        let before = is_before(self.version).then(Asked::default);
        let welcome = if before.is_some() { readable(welcome) } else { welcome };
        self.wire.send(Frame::Message(Wire::Now(welcome))).await?;
        let (sink, stream) = self.wire.split();
        let up = UpReceiver { stream, journal: self.journal, before: before.clone(), read: VecDeque::new() };
        Ok((DownSender { sink, before }, up))
    }
}

/// What a worker sends with.
pub struct UpSender<S = UnixStream> {
    sink: SplitSink<WorkerWire<S>, Frame<WireUp>>,
    /// Set where the other side speaks the version before.
    before: Option<Asked>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> UpSender<S> {
    /// Sends one message and flushes it to the stream. Hello has been said and is refused by the peer.
    ///
    /// # Errors
    /// Where it is too large, or the connection has ended.
    pub async fn send(&mut self, message: Up) -> Result<(), LinkError> {
        let message = match &self.before {
            None => Some(Wire::Now(message)),
            Some(asked) => asked.answer(message),
        };
        send(&mut self.sink, message).await
    }

    /// Whether the other side speaks the version before, and is told neither records nor deliveries.
    #[must_use]
    pub const fn is_before(&self) -> bool {
        self.before.is_some()
    }

    /// Tells the other side why this connection ends, and ends it.
    ///
    /// # Errors
    /// Where the connection has ended already.
    pub async fn refuse(mut self, refusal: Refusal) -> Result<(), LinkError> {
        self.sink.send(Frame::Refused(refusal)).await?;
        self.sink.close().await
    }
}

/// What the control plane sends with.
pub struct DownSender<S = UnixStream> {
    sink: SplitSink<ControlWire<S>, Frame<WireDown>>,
    /// Set where the other side speaks the version before.
    before: Option<Asked>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> DownSender<S> {
    /// Sends one message and flushes it to the stream. The welcome has been said and is refused by the peer.
    ///
    /// # Errors
    /// Where it is too large, or the connection has ended.
    pub async fn send(&mut self, message: Down) -> Result<(), LinkError> {
        let message = match &self.before {
            None => Some(Wire::Now(message)),
            Some(asked) => asked.question(message),
        };
        send(&mut self.sink, message).await
    }

    /// Tells the other side why this connection ends, and ends it.
    ///
    /// # Errors
    /// Where the connection has ended already.
    pub async fn refuse(mut self, refusal: Refusal) -> Result<(), LinkError> {
        self.sink.send(Frame::Refused(refusal)).await?;
        self.sink.close().await
    }
}

async fn send<T>(
    sink: &mut (impl futures_util::Sink<Frame<T>, Error = LinkError> + Unpin),
    message: Option<T>,
) -> Result<(), LinkError> {
    match message {
        Some(message) => sink.send(Frame::Message(message)).await,
        None => Ok(()),
    }
}

/// The half of a connection on which a worker hears the control plane.
pub struct DownReceiver<S = UnixStream> {
    stream: SplitStream<WorkerWire<S>>,
    journal: JournalId,
    /// Set where the other side speaks the version before.
    before: Option<Asked>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> DownReceiver<S> {
    /// The next message. Cancelling loses nothing.
    ///
    /// # Errors
    /// Where the connection has ended, or the message may not come now: the connection is then of no more use.
    pub async fn recv(&mut self) -> Result<Down, LinkError> {
        let message = match (next(&mut self.stream).await?, &self.before) {
            (WireDown::Now(Down::Ask { .. }), Some(_)) | (WireDown::Before(_), None) => {
                return Err(misplaced("a message of this version", "a question of another"));
            }
            (WireDown::Now(message), None) => message,
            (message, Some(asked)) => asked.asked(message),
        };
        match message {
            Down::Welcome { .. } => Err(misplaced("anything but a second welcome", "welcome")),
            Down::Acknowledge { journal, .. }
            | Down::AcknowledgeRecords { journal, .. }
            | Down::AcknowledgeDeliveries { journal, .. }
            | Down::OpenRecords { journal, .. }
                if journal != self.journal =>
            {
                Err(LinkError::refuse(Reason::State, "an acknowledgement or records for another journal"))
            }
            message => Ok(message),
        }
    }
}

/// The half of a connection on which the control plane hears a worker.
pub struct UpReceiver<S = UnixStream> {
    stream: SplitStream<ControlWire<S>>,
    journal: JournalId,
    /// Set where the other side speaks the version before.
    before: Option<Asked>,
    /// What has been read already: one frame of the version before may be several messages.
    read: VecDeque<Up>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> UpReceiver<S> {
    /// The next message. Cancelling loses nothing.
    ///
    /// # Errors
    /// Where the connection has ended, or the message may not come now: the connection is then of no more use.
    pub async fn recv(&mut self) -> Result<Up, LinkError> {
        let message = match self.read.pop_front() {
            Some(message) => message,
            None => self.read().await?,
        };
        match message {
            Up::Hello { .. } => Err(misplaced("anything but a second hello", "hello")),
            Up::Logs { journal, .. } if journal != self.journal => {
                Err(LinkError::refuse(Reason::State, "log rows of another journal"))
            }
            Up::Logs { rows, .. } if !contiguous(&rows) => {
                Err(LinkError::refuse(Reason::State, "log rows without a row, from 0, or with a gap"))
            }
            Up::Records { journal, .. } if journal != self.journal => {
                Err(LinkError::refuse(Reason::State, "records of another journal"))
            }
            Up::Records { rows, .. } if !growing(rows.iter().map(|row: &RecordRow| row.sequence)) => {
                Err(LinkError::refuse(Reason::State, "records without a row, from 0, or out of order"))
            }
            Up::Deliveries { journal, .. } if journal != self.journal => {
                Err(LinkError::refuse(Reason::State, "deliveries of another journal"))
            }
            Up::Deliveries { rows, .. } if !growing(rows.iter().map(|row: &DeliveryRow| row.sequence)) => {
                Err(LinkError::refuse(Reason::State, "deliveries without a row, from 0, or out of order"))
            }
            message => Ok(message),
        }
    }

    /// The next message from the stream, within its bounds.
    async fn read(&mut self) -> Result<Up, LinkError> {
        loop {
            match (next(&mut self.stream).await?, &self.before) {
                (WireUp::Now(Up::Answer { .. }), Some(_)) | (WireUp::Before(_), None) => {
                    return Err(misplaced("a message of this version", "an answer of another"));
                }
                (WireUp::Now(message), None) => return bounded(message),
                (message, Some(asked)) => {
                    for said in asked.heard(message) {
                        self.read.push_back(bounded(said)?);
                    }
                }
            }
            // Of version 3 there are words that nobody waits for any more.
            if let Some(message) = self.read.pop_front() {
                return Ok(message);
            }
        }
    }
}

const fn is_before(version: u16) -> bool {
    version < Versions::ASKS
}

fn bounded(message: Up) -> Result<Up, LinkError> {
    message.bounded().map_err(|error| LinkError::refuse(Reason::TooLarge, error.to_string()))
}

fn contiguous(rows: &[LogRow]) -> bool {
    rows.first().is_some_and(|row| row.sequence > 0)
        && rows.windows(2).all(|pair| pair[0].sequence.checked_add(1) == Some(pair[1].sequence))
}

/// Whether numbers begin above 0, and each is greater than the one before; not where there is none.
fn growing(numbers: impl Iterator<Item = u64> + Clone) -> bool {
    numbers.clone().next().is_some_and(|first| first > 0) && numbers.is_sorted_by(|a, b| a < b)
}

fn misplaced(expected: &str, got: &str) -> LinkError {
    LinkError::refuse(Reason::State, format!("expected {expected}, got {got}"))
}

/// Tells the other side where it is we who refuse. Best effort: one that is gone learns nothing.
async fn tell<T, W>(wire: &mut W, error: LinkError) -> LinkError
where
    W: futures_util::Sink<Frame<T>, Error = LinkError> + Unpin,
{
    if let Some(refusal) = error.refusal() {
        let told =
            tokio::time::timeout(Duration::from_secs(1), wire.send(Frame::Refused(refusal.clone()))).await;
        if !matches!(told, Ok(Ok(()))) {
            tracing::debug!("the refusal could not be delivered");
        }
    }
    error
}

async fn next<T, W>(wire: &mut W) -> Result<T, LinkError>
where
    W: futures_util::Stream<Item = Result<Frame<T>, LinkError>> + Unpin,
{
    match wire.next().await {
        None => Err(LinkError::Closed),
        Some(Err(error)) => Err(error),
        Some(Ok(Frame::Refused(refusal))) => Err(LinkError::RefusedByPeer(refusal)),
        Some(Ok(Frame::Message(message))) => Ok(message),
    }
}
