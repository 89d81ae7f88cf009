//! `GET /admin/stream`: an event `change` for each thing that changes, `{"tenant", "kind"}`; the thing itself is asked
//! for under its own path.

use axum::{extract::State, response::Response};
use serde_json::json;
use supervisor::{Change, ChangeKind};
use tokio::sync::{broadcast, mpsc};

use crate::{App, auth::Operator, watch, watch::News};

pub(crate) async fn handle(State(app): State<App>, _: Operator) -> Response {
    let changes = app.supervisor.changes();
    watch::stream(&app, move |_, events| follow(events, changes))
}

async fn follow(events: mpsc::Sender<News>, mut changes: broadcast::Receiver<Change>) {
    loop {
        let event = match changes.recv().await {
            Ok(change) => {
                News::json("change", &json!({ "tenant": change.tenant, "kind": word(change.kind) }))
            }
            // Some are lost: whoever listens has to look at everything again.
            Err(broadcast::error::RecvError::Lagged(_)) => News::json("lost", &json!({})),
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
        ChangeKind::Problem => "problem",
    }
}
