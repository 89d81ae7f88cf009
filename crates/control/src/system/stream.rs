//! `GET /admin/stream`: an event `change` for each thing that changes, `{"tenant", "kind"}`; the thing itself is asked
//! for under its own path. Each has an id: whoever comes back with it as `Last-Event-ID` gets what was missed, or an
//! event `lost` where that is not known any more. An event `alive` comes every four seconds. A page names with `after` the id at which it was made, so that nothing is
//! missed between the page and its stream.

use axum::{extract::State, response::Response};
use http::HeaderMap;
use serde::Deserialize;
use serde_json::json;
use supervisor::{Change, ChangeKind};
use tokio::sync::{broadcast, mpsc};
use utoipa::IntoParams;
use web::Asked;

use crate::{
    App,
    auth::Operator,
    feed::{Missed, Numbered},
    watch,
    watch::News,
};

/// How often it says that it is there: a page says that it is not live once it has not heard so for 9 s.
const ALIVE: std::time::Duration = std::time::Duration::from_secs(4);

/// The query.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameters {
    /// The id after which to begin, for a stream that has not broken off yet.
    after: Option<String>,
}

/// What changes, as server-sent events
///
/// The thing itself is asked for under its own path. `Last-Event-ID` goes on where a stream broke off.
#[utoipa::path(
    get, path = "/admin/stream", tag = "system", params(Parameters),
    responses((status = 200, content_type = "text/event-stream", body = String))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    headers: HeaderMap,
    Asked(query): Asked<Parameters>,
) -> Response {
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()).or(query.after.as_deref());
    let (changes, missed) = app.feed.listen(last);
    watch::stream(&app, &operator, move |app, events| follow(app, events, changes, missed))
}

async fn follow(
    app: App,
    events: mpsc::Sender<News>,
    mut changes: broadcast::Receiver<Numbered>,
    missed: Missed,
) {
    let news = |(number, change): Numbered| {
        let Change { tenant, kind } = change;
        News::json("change", &json!({ "tenant": tenant, "kind": word(kind) })).with_id(app.feed.id(number))
    };
    let lost = || News::json("lost", &json!({}));
    let first: Vec<News> = match missed {
        Missed::These(these) => these.into_iter().map(news).collect(),
        Missed::Everything => vec![lost()],
    };
    for event in first {
        if events.send(event).await.is_err() {
            return;
        }
    }
    let mut alive = tokio::time::interval(ALIVE);
    loop {
        let change = tokio::select! {
            change = changes.recv() => change,
            _ = alive.tick() => {
                if events.send(News::json("alive", &json!({}))).await.is_err() {
                    return;
                }
                continue;
            }
        };
        let event = match change {
            Ok(numbered) => news(numbered),
            // Some are lost: whoever listens has to look at everything again.
            Err(broadcast::error::RecvError::Lagged(_)) => lost(),
            Err(broadcast::error::RecvError::Closed) => return,
        };
        if events.send(event).await.is_err() {
            return;
        }
    }
}

const fn word(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Status => "status",
        ChangeKind::Qr => "qr",
        ChangeKind::PairingCode => "pairing-code",
        ChangeKind::Figures => "figures",
        ChangeKind::Logs => "logs",
        ChangeKind::Deliveries => "deliveries",
        ChangeKind::Records => "records",
        ChangeKind::HandOffs => "hand-offs",
        ChangeKind::Problem => "problem",
    }
}
