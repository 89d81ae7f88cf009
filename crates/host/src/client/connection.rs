//! The one connection to a host: opened, proved, looked at, and opened again.

use std::{
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::Empty;
use hyper::{
    client::conn::http2::{self, SendRequest},
    upgrade::Upgraded,
};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::ClientConfig;
use serde::de::DeserializeOwned;
use tokio::{net::TcpStream, sync::watch, time::timeout};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::Seen;
use crate::{
    HostError, HostKey,
    proof::{self, AsControl, VERSIONS},
    server::{CONNECTION_WINDOW, HEADERS_MAX_BYTES, STREAM_WINDOW},
    tls,
    wire::{Answer, Verb, hear, say, within},
};

/// How long a connection may take until it is proved.
const CONNECT_TIME: Duration = Duration::from_secs(10);
/// The pause before the second try; doubled from then on.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
/// The longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// A connection that held for so long was a good one: the next try is made at once.
const GOOD: Duration = Duration::from_secs(10);
/// How often a connection is looked at, and how long an answer to that may take.
const ALIVE: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(10));
/// Whom a stream is asked of, which nobody looks at.
const AUTHORITY: &str = "flowhq-host.invalid:443";

/// What carries a connection, for as long as it is polled.
type Served = http2::Connection<TokioIo<TlsStream<TcpStream>>, Empty<Bytes>, TokioExecutor>;

/// One stream.
pub(crate) type Talk = TokioIo<Upgraded>;

/// Why there is no answer.
pub(super) enum Asked {
    /// The host refuses, in its own words.
    Refused(io::Error),
    /// The host is away, or went away meanwhile.
    Away(io::Error),
}

impl From<Asked> for io::Error {
    fn from(asked: Asked) -> Self {
        match asked {
            Asked::Refused(error) | Asked::Away(error) => error,
        }
    }
}

/// How it is with a connection.
#[derive(Clone)]
enum State {
    /// The first try is under way.
    Trying,
    There(SendRequest<Empty<Bytes>>),
    /// Why not.
    Away(Arc<str>),
}

/// The connection to one host.
pub(super) struct Connection {
    pub(super) name: String,
    address: String,
    key: HostKey,
    tls: Arc<ClientConfig>,
    state: watch::Sender<State>,
    seen: Mutex<Option<Seen>>,
}

impl Connection {
    pub(super) fn new(name: String, address: String, key: HostKey) -> Result<Arc<Self>, HostError> {
        let (tls, state) = (tls::client()?, watch::Sender::new(State::Trying));
        Ok(Arc::new(Self { name, address, key, tls, state, seen: Mutex::new(None) }))
    }

    pub(super) fn seen(&self) -> Option<Seen> {
        *lock(&self.seen)
    }

    /// Keeps the connection open for as long as it is polled.
    pub(super) async fn keep(self: Arc<Self>) {
        let mut pause = FIRST_PAUSE;
        loop {
            let tried = timeout(CONNECT_TIME, self.open()).await.unwrap_or(Err(HostError::Late));
            let why = match tried {
                Ok((sender, served)) => {
                    tracing::info!(host = self.name, "a host is there");
                    self.state.send_replace(State::There(sender));
                    let since = Instant::now();
                    let ended = served.await;
                    if since.elapsed() >= GOOD {
                        pause = FIRST_PAUSE;
                    }
                    ended
                        .map_or_else(|error| error.to_string(), |()| "it has ended the connection".to_owned())
                }
                Err(HostError::Io(error)) => no_way(&error),
                Err(error) => error.to_string(),
            };
            self.leave(&why);
            tokio::time::sleep(pause.mul_f64(0.75 + rand::random::<f64>() / 2.0)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Says why it is away, and logs it where it was not known.
    fn leave(&self, why: &str) {
        let known = matches!(&*self.state.borrow(), State::Away(before) if **before == *why);
        if !known {
            tracing::warn!(host = self.name, why, "a host is away; trying again");
            self.state.send_replace(State::Away(why.into()));
        }
    }

    async fn open(&self) -> Result<(SendRequest<Empty<Bytes>>, Served), HostError> {
        let stream = TcpStream::connect(&self.address).await?;
        stream.set_nodelay(true)?;
        let mut stream = TlsConnector::from(Arc::clone(&self.tls)).connect(tls::name(), stream).await?;
        let channel = tls::of_client(&stream)?;
        let own = AsControl { name: &self.name, key: &self.key, versions: VERSIONS };
        let (_version, seen) = proof::dial(&mut stream, channel, &own).await?;
        {
            let mut newest = lock(&self.seen);
            seen.follows(*newest)?;
            *newest = Some(seen);
        }
        let (sender, connection) = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_header_list_size(HEADERS_MAX_BYTES)
            .max_send_buf_size(STREAM_WINDOW as usize)
            // What the host begins itself is refused: it is asked, and never asks.
            .max_concurrent_streams(0)
            .keep_alive_interval(ALIVE.0)
            .keep_alive_timeout(ALIVE.1)
            .keep_alive_while_idle(true)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(|error| HostError::Malformed(error.to_string()))?;
        Ok((sender, connection))
    }

    /// The connection, where there is one. The first try is waited for.
    pub(super) async fn there(&self) -> io::Result<SendRequest<Empty<Bytes>>> {
        let mut state = self.state.subscribe();
        let known = timeout(CONNECT_TIME, state.wait_for(|state| !matches!(state, State::Trying))).await;
        match known {
            Ok(Ok(state)) => match &*state {
                State::There(sender) => Ok(sender.clone()),
                State::Away(why) => Err(self.is_away(why)),
                State::Trying => Err(self.is_away("not tried yet")),
            },
            _ => Err(self.is_away("nothing answers there in time")),
        }
    }

    /// Waits for a connection, however long it takes.
    pub(super) async fn again(&self) {
        let mut state = self.state.subscribe();
        let _never_closed = state.wait_for(|state| matches!(state, State::There(_))).await;
    }

    pub(super) fn is_there(&self) -> bool {
        matches!(&*self.state.borrow(), State::There(sender) if !sender.is_closed())
    }

    pub(super) fn away(&self) -> Option<String> {
        match &*self.state.borrow() {
            State::There(_) => None,
            State::Trying => Some(self.is_away("not tried yet").to_string()),
            State::Away(why) => Some(self.is_away(why).to_string()),
        }
    }

    pub(super) async fn changed(&self) {
        let mut state = self.state.subscribe();
        let was = matches!(&*state.borrow_and_update(), State::There(_));
        let _never_closed = state.wait_for(|state| matches!(state, State::There(_)) != was).await;
    }

    /// Asks, and waits for the answer.
    pub(super) async fn ask<T: DeserializeOwned>(&self, verb: Verb) -> io::Result<(T, Talk)> {
        Ok(self.try_ask(verb).await?)
    }

    /// The same, with who it was that refused.
    pub(super) async fn try_ask<T: DeserializeOwned>(&self, verb: Verb) -> Result<(T, Talk), Asked> {
        let sender = self.there().await.map_err(Asked::Away)?;
        let (name, patience) = (verb.name(), verb.patience());
        let asked = within(patience, async {
            let mut talk = begin(sender).await?;
            // A host that has read the last byte answers and may be done before this side knows that the byte has gone: then
            // the stream takes no more, and the answer is there all the same.
            let said = say(&mut talk, &verb).await;
            let answer = hear::<Answer<T>>(&mut talk).await.map_err(|error| said.err().unwrap_or(error))?;
            Ok((answer, talk))
        });
        match asked.await {
            Ok((answer, talk)) => Ok((spoken(answer).map_err(Asked::Refused)?, talk)),
            Err(error) => Err(Asked::Away(self.cut(name, &error))),
        }
    }

    /// What a stream that was cut comes to.
    pub(super) fn cut(&self, asked: &str, error: &io::Error) -> io::Error {
        match error.kind() {
            io::ErrorKind::InvalidData => self.lies(&error.to_string()),
            io::ErrorKind::TimedOut => self.is_away(&format!("it was asked {asked} and does not answer")),
            // What the host says of its own files is no cut.
            io::ErrorKind::NotFound | io::ErrorKind::WouldBlock | io::ErrorKind::PermissionDenied => {
                io::Error::new(error.kind(), error.to_string())
            }
            _ => self.is_away(&format!("it went away while it was asked {asked}")),
        }
    }

    fn is_away(&self, why: &str) -> io::Error {
        io::Error::new(
            io::ErrorKind::NotConnected,
            format!("host {} ({}) is away: {why}", self.name, self.address),
        )
    }

    /// What a host that lies, or is broken, comes to. Nothing of it is taken in.
    pub(super) fn lies(&self, what: &str) -> io::Error {
        let words =
            format!("host {} said something that no host says, and it was left out: {what}", self.name);
        tracing::warn!("{words}");
        io::Error::new(io::ErrorKind::InvalidData, words)
    }
}

/// Opens a stream.
async fn begin(mut sender: SendRequest<Empty<Bytes>>) -> io::Result<Talk> {
    let mut request = Request::new(Empty::new());
    *request.method_mut() = Method::CONNECT;
    *request.uri_mut() = http::Uri::from_static(AUTHORITY);
    let answer = sender.send_request(request).await.map_err(io::Error::other)?;
    if answer.status() != StatusCode::OK {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("a stream was answered with {}", answer.status()),
        ));
    }
    Ok(TokioIo::new(hyper::upgrade::on(answer).await.map_err(io::Error::other)?))
}

/// What was answered.
pub(super) fn spoken<T>(answer: Answer<T>) -> io::Result<T> {
    answer.map_err(io::Error::from)
}

/// Locks; what is behind these locks is whole at every instant.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Why nobody is reached, for people: what is to be looked at differs.
fn no_way(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "nobody listens there".to_owned(),
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => "no way leads there".to_owned(),
        io::ErrorKind::TimedOut => "nothing answers there in time".to_owned(),
        io::ErrorKind::ConnectionReset | io::ErrorKind::UnexpectedEof | io::ErrorKind::BrokenPipe => {
            "it ended the connection before it had said who it is".to_owned()
        }
        _ => error.to_string(),
    }
}
