//! Streams of server-sent events that end with the control plane, with the client, or when their source does.

use std::{convert::Infallible, time::Duration};

use axum::response::sse::{Event, KeepAlive};
use domain::TenantId;
use futures_util::{Stream, StreamExt};
use serde::Serialize;
use supervisor::{Change, ChangeKind};
use tokio::sync::{broadcast, mpsc};

use crate::App;

/// A comment is sent this often, so that proxies and clients see a living stream.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// One event to be sent.
#[derive(Debug)]
pub(crate) struct Sse {
    name: &'static str,
    data: String,
}

impl Sse {
    /// An event whose data is a document on one line.
    pub(crate) fn json(name: &'static str, document: &impl Serialize) -> Self {
        // Our own documents have string keys throughout, so that writing them cannot fail.
        Self { name, data: serde_json::to_string(document).unwrap_or_default() }
    }
}

/// Answers with what `source` sends. The source is dropped when the client goes away or the control plane ends.
pub(crate) fn stream<F: Future<Output = ()> + Send + 'static>(
    app: &App,
    source: impl FnOnce(App, mpsc::Sender<Sse>) -> F,
) -> axum::response::Sse<impl Stream<Item = Result<Event, Infallible>> + Send + 'static> {
    let (sender, receiver) = mpsc::channel::<Sse>(16);
    let source = source(app.clone(), sender);
    // The source runs inside the answer's own stream, so that it cannot outlive it.
    let running = futures_util::stream::once(source).map(|()| None);
    let sent = futures_util::stream::unfold(receiver, |mut receiver: mpsc::Receiver<Sse>| async {
        let event = receiver.recv().await?;
        Some((Some(event), receiver))
    });
    let events = futures_util::stream::select(sent, running)
        .filter_map(std::future::ready)
        .map(|event| Ok(Event::default().event(event.name).data(event.data)))
        .take_until(app.stop.clone().cancelled_owned());
    axum::response::Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

/// Waits for news of this tenant that matter; `false` when there will be none any more.
/// Whoever has fallen behind is told that there is news, since nobody knows what it was.
pub(crate) async fn next(
    changes: &mut broadcast::Receiver<Change>,
    tenant: TenantId,
    matters: impl Fn(ChangeKind) -> bool,
) -> bool {
    loop {
        match changes.recv().await {
            Ok(change) if change.tenant == tenant && matters(change.kind) => return true,
            Ok(_) => {}
            Err(broadcast::error::RecvError::Lagged(_)) => return true,
            Err(broadcast::error::RecvError::Closed) => return false,
        }
    }
}
