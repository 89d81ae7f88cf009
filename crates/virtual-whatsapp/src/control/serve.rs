//! The loop that serves the control API: bounded connections, a time limit for headers, and an end in good order.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

/// Connections at once; one more is closed.
pub(super) const CONNECTIONS: usize = 512;
/// How long a client may take to send a request's headers: a slow one would hold its connection for ever.
const HEADERS: Duration = Duration::from_secs(15);
/// How long a client may go on writing after its request was refused, and how long it may be silent then.
const LINGER: Duration = Duration::from_secs(15);
const SILENT: Duration = Duration::from_secs(2);
/// Requests under way are given this long when the control API ends.
const GRACE: Duration = Duration::from_secs(3);

/// Serves until `stop`, then lets requests under way finish.
pub(super) async fn serve(listener: TcpListener, routes: Router, stop: CancellationToken) {
    let permits = Arc::new(Semaphore::new(CONNECTIONS));
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match (accepted, Arc::clone(&permits).try_acquire_owned()) {
            (Ok((stream, _)), Ok(permit)) => {
                connections.spawn(connection(stream, permit, routes.clone(), stop.clone()));
            }
            (Ok(_), Err(_)) => tracing::warn!("a connection was closed: {CONNECTIONS} are open"),
            (Err(error), _) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(GRACE, connections.wait()).await.is_err() {
        tracing::debug!(left = connections.len(), "requests were cut off");
    }
}

async fn connection(
    stream: TcpStream,
    permit: OwnedSemaphorePermit,
    routes: Router,
    stop: CancellationToken,
) {
    // Answers are small and waited for.
    let _ = stream.set_nodelay(true);
    let service =
        service_fn(move |request: http::Request<Incoming>| routes.clone().oneshot(request.map(Body::new)));
    let mut serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS)
        .serve_connection(TokioIo::new(stream), service);
    let ended = tokio::select! {
        ended = poll_fn(|cx| serving.poll_without_shutdown(cx)) => Some(ended),
        () = stop.cancelled() => None,
    };
    let ended = match ended {
        Some(ended) => ended,
        None => {
            Pin::new(&mut serving).graceful_shutdown();
            poll_fn(|cx| serving.poll_without_shutdown(cx)).await
        }
    };
    if let Err(error) = ended {
        tracing::trace!(%error, "a connection ended early");
    }
    let stream = serving.into_parts().io.into_inner();
    tokio::select! {
        _ = tokio::time::timeout(LINGER, linger(stream)) => {}
        () = stop.cancelled() => {}
    }
    drop(permit);
}

/// Closes our side and reads what a client still writes: closing with bytes unread would make its system throw away
/// the answer that says why its request was refused.
async fn linger(mut stream: TcpStream) {
    if stream.shutdown().await.is_err() {
        return;
    }
    let mut chunk = vec![0; 16 * 1024];
    while let Ok(Ok(1..)) = tokio::time::timeout(SILENT, stream.read(&mut chunk)).await {}
}
