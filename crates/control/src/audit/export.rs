//! `GET /admin/events.csv`: the audit log as a table, in pages as it is read, so that its size does not matter.

use axum::{
    body::{Body, Bytes},
    extract::State,
    response::IntoResponse,
};
use domain::limits::PAGE_MAX_ROWS;
use http::{HeaderValue, header};
use serde_json::json;
use store::{EventFilter, PageRequest, StoreError};
use web::{Asked, csv};

use super::query::Parameters;
use crate::{App, audit, auth::Operator, error::Answer};

const HEAD: [&str; 6] = ["time", "type", "tenant", "actor", "actor name", "details"];

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
    let (accounts, proof) = (app.accounts.clone(), operator.proof.clone());
    let first = Some(PageRequest { limit: PAGE_MAX_ROWS, before: None });
    let head = futures_util::stream::once(async { Ok(Bytes::from(csv::row(HEAD))) });
    let pages = futures_util::stream::try_unfold((app, filter, first), |(app, filter, request)| async move {
        let Some(request) = request else { return Ok::<_, StoreError>(None) };
        let (rows, next) = page(&app, &filter, request).await?;
        let next = next.map(|before| PageRequest { limit: PAGE_MAX_ROWS, before: Some(before) });
        Ok(Some((Bytes::from(rows), (app, filter, next))))
    });
    let mut response =
        Body::from_stream(accounts.while_it_holds(proof, futures_util::StreamExt::chain(head, pages)))
            .into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"flowhq-events.csv\""),
    );
    Ok(response)
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
            event.created_at.to_string().as_str(),
            &event.event_type,
            &tenant,
            &event.actor,
            event.actor_name.as_deref().unwrap_or_default(),
            &event.payload.to_string(),
        ]));
    }
    Ok((rows, found.next))
}
