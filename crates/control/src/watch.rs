//! Streams of server-sent events that end with the control plane, with the client, or when their source does.

use std::{convert::Infallible, time::Duration};

use accounts::Proof;
use axum::response::{
    IntoResponse, Response, Sse,
    sse::{Event, KeepAlive},
};
use domain::TenantId;
use futures_util::StreamExt;
use http::{HeaderValue, header};
use serde::Serialize;
use supervisor::{Change, ChangeKind};
use tokio::sync::{broadcast, mpsc};

use crate::{App, auth::Operator};

/// A comment is sent this often, so that proxies and clients see a living stream.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// One event to be sent.
#[derive(Debug)]
pub(crate) struct News {
    name: &'static str,
    data: String,
    id: Option<String>,
}

impl News {
    /// An event whose data is a document on one line.
    pub(crate) fn json(name: &'static str, document: &impl Serialize) -> Self {
        // Our own documents have string keys throughout, so that writing them cannot fail.
        Self { name, data: serde_json::to_string(document).unwrap_or_default(), id: None }
    }

    /// Gives it an id, by which a reader that comes back says where it was.
    pub(crate) fn with_id(self, id: String) -> Self {
        Self { id: Some(id), ..self }
    }

    fn event(self) -> Event {
        let event = Event::default().event(self.name).data(self.data);
        match self.id {
            Some(id) => event.id(id),
            None => event,
        }
    }
}

/// Answers with what `source` sends. The source is dropped when the client goes away or the control plane ends.
///
/// It also ends within a second when what its reader has proved holds no more: signed out, removed, another password.
pub(crate) fn stream<F: Future<Output = ()> + Send + 'static>(
    app: &App,
    reader: &Operator,
    source: impl FnOnce(App, mpsc::Sender<News>) -> F,
) -> Response {
    stream_for(app, &reader.proof, source)
}

/// The same for whoever has proved it in another way, such as a person of a tenant.
pub(crate) fn stream_for<F: Future<Output = ()> + Send + 'static>(
    app: &App,
    proof: &Proof,
    source: impl FnOnce(App, mpsc::Sender<News>) -> F,
) -> Response {
    let (sender, receiver) = mpsc::channel::<News>(16);
    let source = source(app.clone(), sender);
    // The source runs inside the answer's own stream, so that it cannot outlive it.
    let running = futures_util::stream::once(source).map(|()| None);
    let sent = futures_util::stream::unfold(receiver, |mut receiver: mpsc::Receiver<News>| async {
        let event = receiver.recv().await?;
        Some((Some(event), receiver))
    });
    let events = futures_util::stream::select(sent, running)
        .filter_map(std::future::ready)
        .map(|news: News| Ok::<_, Infallible>(news.event()))
        .take_until(app.stop.clone().cancelled_owned())
        .take_until(app.accounts.ended(proof.clone()));
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response();
    // axum says "no-cache", which lets caches keep it.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
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
