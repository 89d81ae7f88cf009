//! `GET /admin/tenants/{id}/logs`: a page of the conversation log, newest first.

use axum::{extract::State, response::Response};
use domain::id::kind::Tenant;
use serde::Deserialize;
use web::{PathId, Problem, Query};

use crate::{App, audit, auth::Operator, convert, page, refusal};

/// The query.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameters {
    limit: Option<u32>,
    before: Option<String>,
}

pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    PathId(id): PathId<Tenant>,
    Query(query): Query<Parameters>,
) -> Result<Response, Problem> {
    let request = page::request(query.limit, query.before.as_deref())?;
    let scope = app.store.tenant(id);
    // A tenant without a log and no tenant at all are two things.
    scope.get().await.map_err(|error| refusal::by_store(&error))?;
    audit::reading(&app, &operator, id).await?;
    let page = scope.logs(request).await.map_err(|error| refusal::by_store(&error))?;
    let logs: Vec<_> = page.items.into_iter().map(convert::log).collect();
    Ok(page::answer(&logs, page.next, &format!("/admin/tenants/{id}/logs"), request.limit, &[]))
}
