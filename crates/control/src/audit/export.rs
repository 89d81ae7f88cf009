//! `GET /admin/events.csv`: the audit log as a table, in pages as it is read, so that its size does not matter.

use axum::extract::State;
use jiff::tz::TimeZone;
use serde_json::json;
use store::{EventFilter, PageRequest, StoreError};
use web::{Asked, csv};

use super::query::Parameters;
use crate::{App, audit, auth::Operator, download, error::Answer};

const HEAD: [&str; 7] = ["time (UTC)", "type", "tenant", "tenant name", "actor", "actor name", "details"];

/// The audit log as CSV
///
/// The export is written down.
#[utoipa::path(
    get, path = "/admin/events.csv", tag = "audit", params(Parameters), responses((status = 200, content_type = "text/csv", body = String))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    Asked(query): Asked<Parameters>,
) -> Answer {
    let filter = query.filter()?;
    audit::platform(&app, operator.actor, "EVENTS_EXPORTED", json!({})).await;
    let read = app.clone();
    let file = download::named("flowhq", "audit", app.now(), &TimeZone::UTC);
    Ok(download::pages(&app, &operator, &file, &HEAD, move |request| {
        let (app, filter) = (read.clone(), filter.clone());
        async move { page(&app, &filter, request).await }
    }))
}

async fn page(
    app: &App,
    filter: &EventFilter,
    request: PageRequest,
) -> Result<(String, Option<store::Cursor>), StoreError> {
    let found = app.store.operator().list_events(filter, request).await?;
    let mut rows = String::new();
    for event in found.items {
        let tenant = event.tenant_id.map(|id| id.to_string()).unwrap_or_default();
        rows.push_str(&csv::row([
            download::local(event.created_at, &TimeZone::UTC).as_str(),
            &event.event_type,
            &tenant,
            event.tenant_name.as_deref().unwrap_or_default(),
            &event.actor,
            event.actor_name.as_deref().unwrap_or_default(),
            &event.payload.to_string(),
        ]));
    }
    Ok((rows, found.next))
}
