//! `GET /admin/tenants/{id}/qr/stream`: an event `qr` now and at each change. While it is open, somebody is looking,
//! and the worker asks WhatsApp for further rounds of codes.

use std::time::Duration;

use domain::TenantId;
use supervisor::ChangeKind;
use tokio::{sync::mpsc, time::Instant};

use super::qr::{current, somebody_looks};
use crate::{
    App,
    error::Answer,
    tenants::TenantCall,
    watch::{self, News},
};

/// How often the worker is told that somebody still looks; it believes it for 30 s.
const LOOKING: Duration = Duration::from_secs(20);

/// The code at each change, as server-sent events
#[utoipa::path(
    get, path = "/admin/tenants/{id}/qr/stream", tag = "linking",
    responses((status = 200, content_type = "text/event-stream", body = String))
)]
pub(crate) async fn handle(mut call: TenantCall) -> Answer {
    let changes = call.app.supervisor.changes();
    // What changed before listening began is seen by reading again.
    call.reload().await?;
    let (id, first) = (call.id(), current(&call.app, &call.detail));
    Ok(watch::stream(&call.app, &call.operator, move |app, events| follow(app, id, events, changes, first)))
}

async fn follow(
    app: App,
    id: TenantId,
    events: mpsc::Sender<News>,
    mut changes: tokio::sync::broadcast::Receiver<supervisor::Change>,
    mut code: api::Qr,
) {
    let mut looks = tokio::time::interval(LOOKING);
    loop {
        if events.send(News::json("qr", &code)).await.is_err() {
            return;
        }
        code = loop {
            let void = void_at(&app, &code);
            tokio::select! {
                _ = looks.tick() => {
                    somebody_looks(&app, id);
                    continue;
                }
                () = tokio::time::sleep_until(void) => {}
                more = watch::next(&mut changes, id, matters) => {
                    if !more {
                        return;
                    }
                    // A worker that has just begun to listen has not been told yet.
                    somebody_looks(&app, id);
                }
            }
            match app.store.tenant(id).get().await {
                Ok(detail) => {
                    let next = current(&app, &detail);
                    if next != code {
                        break next;
                    }
                }
                Err(_) => return,
            }
        };
    }
}

fn matters(kind: ChangeKind) -> bool {
    matches!(kind, ChangeKind::Status | ChangeKind::Qr)
}

/// When the code that is shown can be scanned no longer; without one, a long time from now.
fn void_at(app: &App, code: &api::Qr) -> Instant {
    let left = code.expires_at.map_or(Duration::from_secs(3600), |at| {
        // A moment later than it says, so that it is void when it is looked at.
        Duration::try_from(at.duration_since(app.now())).unwrap_or_default() + Duration::from_millis(20)
    });
    Instant::now() + left
}
