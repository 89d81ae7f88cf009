//! What may be said on an open connection, and when: the worker's hello, the control plane's welcome, then anything
//! but these. The types let each side say only what it may; what arrives out of turn is refused.

use std::time::Duration;

use domain::{BotSettings, JournalId, Limits};
use futures_util::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use serde::{Serialize, de::DeserializeOwned};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::UnixStream,
};
use tokio_util::codec::Framed;

use crate::{
    LinkError, Reason, Refusal,
    frame::{Codec, Frame},
    message::{Down, LogRow, Up},
};

type WorkerWire<S> = Framed<S, Codec<Down, Up>>;
type ControlWire<S> = Framed<S, Codec<Up, Down>>;

/// What a worker says first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hello {
    /// Whose sequence numbers will follow.
    pub journal: JournalId,
    /// The highest sequence number in it.
    pub last_sequence: u64,
    /// Version of the worker's executable.
    pub build: String,
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
}

/// A connection that has proved itself, on the worker's side.
pub struct WorkerSide<S = UnixStream> {
    wire: WorkerWire<S>,
    version: u16,
}

impl<S: AsyncRead + AsyncWrite + Unpin> WorkerSide<S> {
    pub(crate) const fn new(wire: WorkerWire<S>, version: u16) -> Self {
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
        let Hello { journal, last_sequence, build } = hello;
        self.wire.send(Frame::Message(Up::Hello { journal, last_sequence, build })).await?;
        let welcome = match next(&mut self.wire).await {
            Ok(Down::Welcome { settings, limits, acknowledged }) => {
                Welcome { settings, limits, acknowledged }
            }
            Ok(other) => return Err(tell(&mut self.wire, misplaced("welcome", other.name())).await),
            Err(error) => return Err(tell(&mut self.wire, error).await),
        };
        let (sink, stream) = self.wire.split();
        Ok((welcome, Sender { sink }, DownReceiver { stream, journal }))
    }
}

/// A connection that has proved itself, on the control plane's side.
pub struct ControlSide<S = UnixStream> {
    wire: ControlWire<S>,
    version: u16,
}

impl<S: AsyncRead + AsyncWrite + Unpin> ControlSide<S> {
    pub(crate) const fn new(wire: ControlWire<S>, version: u16) -> Self {
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
        let hello = match next(&mut self.wire).await {
            Ok(Up::Hello { journal, last_sequence, build }) => {
                let build = build.chars().filter(|c| !c.is_control()).take(64).collect();
                Hello { journal, last_sequence, build }
            }
            Ok(other) => return Err(tell(&mut self.wire, misplaced("hello", other.name())).await),
            Err(error) => return Err(tell(&mut self.wire, error).await),
        };
        let journal = hello.journal;
        Ok((hello, Greeted { wire: self.wire, journal }))
    }
}

/// A worker that has said hello and waits for its welcome.
pub struct Greeted<S = UnixStream> {
    wire: ControlWire<S>,
    journal: JournalId,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Greeted<S> {
    /// Welcomes the worker; from here on both sides talk as they like.
    ///
    /// # Errors
    /// Where the connection ends first.
    pub async fn welcome(mut self, welcome: Welcome) -> Result<(DownSender<S>, UpReceiver<S>), LinkError> {
        let Welcome { settings, limits, acknowledged } = welcome;
        self.wire.send(Frame::Message(Down::Welcome { settings, limits, acknowledged })).await?;
        let (sink, stream) = self.wire.split();
        Ok((Sender { sink }, UpReceiver { stream, journal: self.journal }))
    }
}

/// The half of a connection that sends.
pub struct Sender<In, Out, S = UnixStream> {
    sink: SplitSink<Framed<S, Codec<In, Out>>, Frame<Out>>,
}

/// What a worker sends with.
pub type UpSender<S = UnixStream> = Sender<Down, Up, S>;
/// What the control plane sends with.
pub type DownSender<S = UnixStream> = Sender<Up, Down, S>;

impl<In: DeserializeOwned, Out: Serialize, S: AsyncRead + AsyncWrite + Unpin> Sender<In, Out, S> {
    /// Sends one message and flushes it to the stream. Hello and welcome have been said and are refused by the peer.
    ///
    /// # Errors
    /// Where it is too large, or the connection has ended.
    pub async fn send(&mut self, message: Out) -> Result<(), LinkError> {
        self.sink.send(Frame::Message(message)).await
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

/// The half of a connection on which a worker hears the control plane.
pub struct DownReceiver<S = UnixStream> {
    stream: SplitStream<WorkerWire<S>>,
    journal: JournalId,
}

impl<S: AsyncRead + AsyncWrite + Unpin> DownReceiver<S> {
    /// The next message. Cancelling loses nothing.
    ///
    /// # Errors
    /// Where the connection has ended, or the message may not come now: the connection is then of no more use.
    pub async fn recv(&mut self) -> Result<Down, LinkError> {
        match next(&mut self.stream).await? {
            Down::Welcome { .. } => Err(misplaced("anything but a second welcome", "welcome")),
            Down::Acknowledge { journal, .. } if journal != self.journal => {
                Err(LinkError::refuse(Reason::State, "an acknowledgement for another journal"))
            }
            message => Ok(message),
        }
    }
}

/// The half of a connection on which the control plane hears a worker.
pub struct UpReceiver<S = UnixStream> {
    stream: SplitStream<ControlWire<S>>,
    journal: JournalId,
}

impl<S: AsyncRead + AsyncWrite + Unpin> UpReceiver<S> {
    /// The next message. Cancelling loses nothing.
    ///
    /// # Errors
    /// Where the connection has ended, or the message may not come now: the connection is then of no more use.
    pub async fn recv(&mut self) -> Result<Up, LinkError> {
        match next(&mut self.stream).await? {
            Up::Hello { .. } => Err(misplaced("anything but a second hello", "hello")),
            Up::Logs { journal, .. } if journal != self.journal => {
                Err(LinkError::refuse(Reason::State, "log rows of another journal"))
            }
            Up::Logs { rows, .. } if !contiguous(&rows) => {
                Err(LinkError::refuse(Reason::State, "log rows without a row, from 0, or with a gap"))
            }
            message => Ok(message),
        }
    }
}

fn contiguous(rows: &[LogRow]) -> bool {
    rows.first().is_some_and(|row| row.sequence > 0)
        && rows.windows(2).all(|pair| pair[0].sequence.checked_add(1) == Some(pair[1].sequence))
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
