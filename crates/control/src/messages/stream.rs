//! `GET /admin/tenants/{id}/logs/stream`: the last lines of the log and then each new one, as events `log`.

use std::collections::{HashSet, VecDeque};

use domain::{LogId, TenantId, limits::PAGE_MAX_ROWS};
use serde::Deserialize;
use store::PageRequest;
use supervisor::ChangeKind;
use tokio::sync::mpsc;
use utoipa::IntoParams;
use web::{Asked, Problem};

use crate::{
    App, audit,
    error::Answer,
    tenants::{TenantCall, convert},
    watch::{self, News},
};

/// Rows looked at when there is news; more at once than these are passed over.
const LOOK_BACK: u32 = PAGE_MAX_ROWS;
/// Ids remembered, so that no row is sent twice.
const REMEMBERED: usize = 4 * PAGE_MAX_ROWS as usize;

/// The query.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameters {
    /// Lines to begin with, 500 at most; none where it is left out.
    last: Option<u32>,
}

/// New lines of the conversation log, as server-sent events
#[utoipa::path(
    get, path = "/admin/tenants/{id}/logs/stream", tag = "messages", params(Parameters),
    responses((status = 200, content_type = "text/event-stream", body = String))
)]
pub(crate) async fn handle(call: TenantCall, Asked(query): Asked<Parameters>) -> Answer {
    let last = query.last.unwrap_or(0);
    if last > PAGE_MAX_ROWS {
        let detail = words::checks::last(PAGE_MAX_ROWS);
        return Err(Problem::invalid_field("last", detail).into());
    }
    let id = call.id();
    // Listening begins before looking, so that nothing falls between the two.
    let changes = call.app.supervisor.changes();
    audit::reading(&call.app, &call.operator, id).await?;
    let mut seen = Seen::default();
    let mut first = newest(&call.app, id, &mut seen).await?;
    let skipped = first.len().saturating_sub(last as usize);
    first.drain(..skipped);
    Ok(watch::stream(&call.app, &call.operator, move |app, events| {
        follow(app, id, events, changes, seen, first)
    }))
}

async fn follow(
    app: App,
    id: TenantId,
    events: mpsc::Sender<News>,
    mut changes: tokio::sync::broadcast::Receiver<supervisor::Change>,
    mut seen: Seen,
    mut logs: Vec<api::Log>,
) {
    loop {
        for log in &logs {
            if events.send(News::json("log", log)).await.is_err() {
                return;
            }
        }
        if !watch::next(&mut changes, id, |kind| kind == ChangeKind::Logs).await {
            return;
        }
        logs = match newest(&app, id, &mut seen).await {
            Ok(logs) => logs,
            Err(_) => return,
        };
    }
}

/// Rows that have not been seen, oldest first. A worker that was cut off hands in rows with older times,
/// so that what is new is told by ids and not by time.
async fn newest(app: &App, id: TenantId, seen: &mut Seen) -> Answer<Vec<api::Log>> {
    let request = PageRequest { limit: LOOK_BACK, before: None };
    let page = app.store.tenant(id).logs(request).await?;
    Ok(page.items.into_iter().rev().filter(|log| seen.is_new(log.id)).map(convert::log).collect())
}

/// Ids that were sent or passed over, the oldest forgotten first.
#[derive(Default)]
struct Seen {
    ids: HashSet<LogId>,
    order: VecDeque<LogId>,
}

impl Seen {
    fn is_new(&mut self, id: LogId) -> bool {
        if !self.ids.insert(id) {
            return false;
        }
        self.order.push_back(id);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.ids.remove(&oldest);
        }
        true
    }
}
