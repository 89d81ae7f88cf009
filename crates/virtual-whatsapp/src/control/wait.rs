//! Waiting over HTTP: an answer that comes as soon as there is something, and streams that end with the server.

use std::time::Duration;

use axum::response::sse::{Event as Sse, KeepAlive};
use futures_util::{Stream, StreamExt as _};
use tokio_util::sync::CancellationToken;

/// The longest that one request waits.
const LONGEST: Duration = Duration::from_secs(60);

/// Gives `ready` up to `seconds` (60 at most); `None` when nothing came in time or the server ends.
pub(super) async fn up_to<T>(
    seconds: Option<u64>,
    stop: &CancellationToken,
    ready: impl Future<Output = T>,
) -> Option<T> {
    let limit = Duration::from_secs(seconds.unwrap_or(0)).min(LONGEST);
    tokio::select! {
        found = ready => Some(found),
        () = tokio::time::sleep(limit) => None,
        () = stop.cancelled() => None,
    }
}

/// A stream of server-sent events from batches of things, each with its id, that ends when the server does.
pub(super) fn stream<T>(
    batches: impl Stream<Item = Vec<(u64, T)>> + Send + 'static,
    stop: CancellationToken,
) -> axum::response::Sse<impl Stream<Item = Result<Sse, axum::Error>>>
where
    T: serde::Serialize + Send + 'static,
{
    let events = batches
        .take_until(stop.cancelled_owned())
        .flat_map(futures_util::stream::iter)
        .map(|(id, thing)| Sse::default().id(id.to_string()).json_data(thing));
    axum::response::Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}
