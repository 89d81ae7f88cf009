//! `GET /admin/tenants/{id}/logs/stream`: the last lines of the log and then each new one, as events `log`.

use domain::{TenantId, limits::PAGE_MAX_ROWS};
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

/// Rows that are read at once: few, since a reader who is slow has them waiting.
const PART: u32 = 50;

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
    let (place, first) = match last {
        0 => (call.scope.last_place().await?, Vec::new()),
        limit => {
            let newest = call.scope.logs(PageRequest { limit, before: None }).await?.items;
            (newest.first().map_or(0, |log| log.seq), newest.into_iter().rev().map(convert::log).collect())
        }
    };
    Ok(watch::stream(&call.app, &call.operator, move |app, events| {
        follow(app, id, events, changes, place, first)
    }))
}

/// Sends what lies behind `place`, and then what comes behind that: each row is read once, by its place in the log.
async fn follow(
    app: App,
    id: TenantId,
    events: mpsc::Sender<News>,
    mut changes: tokio::sync::broadcast::Receiver<supervisor::Change>,
    mut place: u64,
    mut logs: Vec<api::Log>,
) {
    let scope = app.store.tenant(id);
    loop {
        for log in logs.drain(..) {
            if events.send(News::json("log", &log)).await.is_err() {
                return;
            }
        }
        let Ok(more) = scope.logs_after(place, PART).await else { return };
        if let Some(newest) = more.last() {
            place = newest.seq;
            logs.extend(more.into_iter().map(convert::log));
        } else if !watch::next(&mut changes, id, |kind| kind == ChangeKind::Logs).await {
            return;
        }
    }
}
