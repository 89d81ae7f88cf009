//! One connection: TLS, the proof, and then streams, each of which is one request.

use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::Empty;
use hyper::{body::Incoming, server::conn::http2, service::service_fn};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::ServerConfig;
use tokio::{net::TcpStream, sync::OwnedSemaphorePermit, time::timeout};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{Options, workers::Workers};
use crate::{
    HostError, HostKey, Seen, Volume,
    proof::{self, AsHost, PROOF_TIME, VERSIONS},
    tls,
};

/// How often a connection is looked at that says nothing, and how long an answer to that may take.
const ALIVE: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(20));
/// Bytes on one stream that nobody has read yet.
pub(crate) const STREAM_WINDOW: u32 = 64 * 1024;
/// The same on all streams together is not bound: what one of them holds back must not hold up the others, and their number is.
pub(crate) const CONNECTION_WINDOW: u32 = (1 << 31) - 1;
/// The largest headers, which say nothing.
pub(crate) const HEADERS_MAX_BYTES: u32 = 4 * 1024;
/// Streams for each tenant: its tunnel, its watch, and what is asked meanwhile.
const STREAMS_PER_TENANT: u32 = 4;
/// Streams for nobody in particular.
const STREAMS_BESIDE: u32 = 256;

/// What all connections share.
pub(super) struct Door {
    pub(super) tls: Arc<ServerConfig>,
    pub(super) workers: Arc<Workers>,
    pub(super) volume: Volume,
    pub(super) key: HostKey,
    pub(super) options: Options,
    pub(super) tasks: TaskTracker,
}

/// A connection of a control plane that has proved itself.
#[derive(Clone)]
pub(super) struct Admitted {
    pub(super) door: Arc<Door>,
    /// Which connection it is: they are counted.
    pub(super) number: u64,
    /// Set once it has ended: what was to be told on it for long is told to nobody any more.
    pub(super) gone: CancellationToken,
}

impl Door {
    /// Serves one connection to its end.
    pub(super) async fn enter(
        self: Arc<Self>,
        stream: TcpStream,
        from: SocketAddr,
        stranger: OwnedSemaphorePermit,
    ) {
        match self.prove(stream).await {
            Ok(stream) => {
                drop(stranger);
                let (number, superseded) = self.workers.admit();
                tracing::info!(%from, "a control plane is connected");
                let since = Instant::now();
                let served = superseded.run_until_cancelled(Arc::clone(&self).serve(stream, number)).await;
                let (seconds, superseded) = (since.elapsed().as_secs(), served.is_none());
                tracing::info!(%from, seconds, superseded, "a control plane is away");
            }
            // Somebody only looked whether anybody is there.
            Err(HostError::Io(error)) => tracing::debug!(%from, %error, "a connection was not opened"),
            Err(error) => tracing::warn!(%from, %error, "a connection was not opened"),
        }
    }

    async fn prove(&self, stream: TcpStream) -> Result<TlsStream<TcpStream>, HostError> {
        stream.set_nodelay(true)?;
        let accepted = timeout(PROOF_TIME, TlsAcceptor::from(Arc::clone(&self.tls)).accept(stream)).await;
        let mut stream = accepted.map_err(|_| HostError::Late)??;
        let channel = tls::of_server(&stream)?;
        let seen = Seen { incarnation: self.volume.incarnation(), run: self.volume.run() };
        let own = AsHost { name: self.volume.name(), seen, key: &self.key, versions: VERSIONS };
        proof::accept(&mut stream, channel, &own).await?;
        Ok(stream)
    }

    async fn serve(self: Arc<Self>, stream: TlsStream<TcpStream>, number: u64) {
        let streams = self.options.capacity.saturating_mul(STREAMS_PER_TENANT).saturating_add(STREAMS_BESIDE);
        let gone = CancellationToken::new();
        let _however_it_ends = gone.clone().drop_guard();
        let admitted = Admitted { door: Arc::clone(&self), number, gone };
        let service = service_fn(move |request| {
            let answer = admitted.clone().begin(request);
            async move { Ok::<_, Infallible>(answer) }
        });
        let served = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .max_concurrent_streams(streams)
            .max_header_list_size(HEADERS_MAX_BYTES)
            .max_send_buf_size(STREAM_WINDOW as usize)
            .keep_alive_interval(ALIVE.0)
            .keep_alive_timeout(ALIVE.1)
            .auto_date_header(false)
            .serve_connection(TokioIo::new(stream), service)
            .await;
        if let Err(error) = served {
            tracing::debug!(%error, "a connection has failed");
        }
    }
}

impl Admitted {
    /// Begins a stream. What is done there goes on where its connection ends: it is asked for again by whoever comes next.
    fn begin(self, request: Request<Incoming>) -> Response<Empty<Bytes>> {
        let mut answer = Response::new(Empty::new());
        if request.method() != Method::CONNECT {
            *answer.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
            return answer;
        }
        let tasks = self.door.tasks.clone();
        tasks.spawn(async move {
            if let Ok(stream) = hyper::upgrade::on(request).await {
                self.talk(TokioIo::new(stream)).await;
            }
        });
        answer
    }
}

/// Ends a connection that another one has followed.
pub(super) type Superseded = CancellationToken;
