//! The loop that serves the control API: bounded connections, a time limit for headers, and an end in good order.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::Request;
use hyper::body::Incoming;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt as _;

/// Connections at once; one more is closed.
pub(super) const CONNECTIONS: usize = 512;
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
    let answer = move |request: Request<Incoming>| routes.clone().oneshot(request.map(Body::new));
    http_kit::connection::serve(stream, answer, stop).await;
    drop(permit);
}
