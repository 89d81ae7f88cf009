//! Waiting over HTTP: an answer that comes as soon as there is something, and streams that end with the server.

use std::time::Duration;

use axum::response::sse::{Event as Sse, KeepAlive};
use futures_util::{Stream, StreamExt as _};
use tokio_util::sync::CancellationToken;

use super::App;

/// The longest that one request waits.
const LONGEST: Duration = Duration::from_secs(60);

/// Gives `ready` up to `seconds` (60 at most); `None` when nothing came in time or the server ends.
pub(super) async fn up_to<T>(seconds: Option<u64>, app: &App, ready: impl Future<Output = T>) -> Option<T> {
    let _waiting = Waiting::begin(app);
    let limit = Duration::from_secs(seconds.unwrap_or(0)).min(LONGEST);
    tokio::select! {
        found = ready => Some(found),
        () = tokio::time::sleep(limit) => None,
        () = app.stop.cancelled() => None,
    }
}

/// Counts a request that waits, as long as it does.
struct Waiting<'a>(&'a App);

impl<'a> Waiting<'a> {
    fn begin(app: &'a App) -> Self {
        app.server.counts().waiting.up();
        Self(app)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.server.counts().waiting.down();
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
