//! `GET /admin/events`: a page of the audit log, newest first.

use axum::{extract::State, response::Response};
use web::{Client, Problem, Query};

use super::Parameters;
use crate::{App, auth::Operator, page, pages::events as html, refusal};

pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    Query(query): Query<Parameters>,
) -> Result<Response, Problem> {
    let request = page::request(query.limit, query.before.as_deref())?;
    let found = app.store.operator().list_events(&query.filter()?, request).await;
    let found = found.map_err(|error| refusal::by_store(&error))?;
    let events: Vec<_> = found.items.into_iter().map(super::convert).collect();
    if client.html {
        return html::list(&app, &operator, &query, &events, found.next, request).await;
    }
    Ok(page::answer(&events, found.next, "/admin/events", request.limit, &query.pairs()))
}
