//! The server loop for one listener: bounded connections, a time limit for headers, and an end in good order.

use std::{convert::Infallible, future::poll_fn, io, net::SocketAddr, pin::Pin, sync::Arc, time::Duration};

use axum::{Router, body::Body};
use http::Request;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, UnixListener},
    sync::Semaphore,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::ServiceExt;

use crate::linger;

/// Connections of one listener at once; more wait in the system's queue.
const CONNECTIONS: usize = 1024;
/// How long a client may take to send a request's headers (a slow one would hold its connection for ever).
const HEADER_TIME: Duration = Duration::from_secs(15);
/// How long requests may take to finish after the end was asked for.
const GRACE: Duration = Duration::from_secs(10);
/// Pause after a failure to accept, which is mostly a lack of descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Who is at the other end of a connection, as an extension of each of its requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// Over TCP.
    Tcp(SocketAddr),
    /// Over a Unix socket: somebody whom its file mode let in.
    Local {
        /// Their user id, where the system tells.
        uid: Option<u32>,
    },
}

/// Where connections come from.
#[derive(Debug)]
pub enum Listener {
    /// TCP.
    Tcp(TcpListener),
    /// A Unix socket.
    Unix(UnixListener),
}

/// Serves until `stop` is cancelled, then lets requests under way finish for at most ten seconds.
pub async fn serve(listener: Listener, router: Router, stop: CancellationToken) {
    let permits = Arc::new(Semaphore::new(CONNECTIONS));
    let connections = TaskTracker::new();
    loop {
        let next = async {
            let permit = Arc::clone(&permits).acquire_owned().await;
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            () = stop.cancelled() => break,
            next = next => next,
        };
        match accepted {
            Ok(Accepted::Tcp(stream, peer)) => {
                // Answers are small and waited for.
                let _ = stream.set_nodelay(true);
                let serving = connection(stream, peer, router.clone(), stop.clone());
                connections.spawn(async move { with_permit(permit, serving).await });
            }
            Ok(Accepted::Unix(stream, peer)) => {
                let serving = connection(stream, peer, router.clone(), stop.clone());
                connections.spawn(async move { with_permit(permit, serving).await });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(GRACE, connections.wait()).await.is_err() {
        tracing::warn!(left = connections.len(), "requests were cut off after the time to finish");
    }
}

enum Accepted {
    Tcp(tokio::net::TcpStream, Peer),
    Unix(tokio::net::UnixStream, Peer),
}

impl Listener {
    async fn accept(&self) -> io::Result<Accepted> {
        match self {
            Self::Tcp(listener) => {
                let (stream, address) = listener.accept().await?;
                Ok(Accepted::Tcp(stream, Peer::Tcp(address)))
            }
            Self::Unix(listener) => {
                let (stream, _) = listener.accept().await?;
                let uid = stream.peer_cred().ok().map(|peer| peer.uid());
                Ok(Accepted::Unix(stream, Peer::Local { uid }))
            }
        }
    }
}

async fn with_permit<P>(permit: P, serving: impl Future<Output = ()>) {
    serving.await;
    drop(permit);
}

async fn connection<IO>(io: IO, peer: Peer, router: Router, stop: CancellationToken)
where
    IO: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        let router = router.clone();
        Box::pin(async move {
            Ok::<_, Infallible>(router.oneshot(request).await.unwrap_or_else(|never| match never {}))
        })
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .serve_connection(TokioIo::new(io), service);
    let ended = tokio::select! {
        outcome = poll_fn(|cx| connection.poll_without_shutdown(cx)) => Some(outcome),
        () = stop.cancelled() => None,
    };
    let outcome = match ended {
        Some(outcome) => outcome,
        None => {
            Pin::new(&mut connection).graceful_shutdown();
            poll_fn(|cx| connection.poll_without_shutdown(cx)).await
        }
    };
    if let Err(error) = outcome {
        tracing::trace!(%error, "a connection ended early");
    }
    let io = connection.into_parts().io.into_inner();
    tokio::select! {
        () = linger::close(io) => {}
        () = stop.cancelled() => {}
    }
}
