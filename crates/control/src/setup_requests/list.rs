//! `GET /admin/setup-requests`: a page of requests, newest first.

use axum::{extract::State, response::Response};
use domain::SetupStatus;
use serde::Deserialize;
use web::{Client, Problem, Query};

use crate::{App, auth::Operator, page, pages::setup_requests as html, refusal};

/// The query.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameters {
    limit: Option<u32>,
    before: Option<String>,
    status: Option<SetupStatus>,
}

pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    Query(query): Query<Parameters>,
) -> Result<Response, Problem> {
    let request = page::request(query.limit, query.before.as_deref())?;
    let found = app.store.operator().list_setup_requests_named(query.status, request).await;
    let found = found.map_err(|error| refusal::by_store(&error))?;
    if client.html {
        return html::list(&app, &operator, query.status, found, request).await;
    }
    let requests: Vec<_> = found.items.into_iter().map(super::convert).collect();
    let status = query.status.map(|status| status.to_string());
    Ok(page::answer(
        &requests,
        found.next,
        "/admin/setup-requests",
        request.limit,
        &[("status", status.as_deref())],
    ))
}
