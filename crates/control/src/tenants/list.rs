//! `GET /admin/tenants`: a page of tenants, newest first.

use axum::{extract::State, response::Response};
use domain::TenantStatus;
use serde::Deserialize;
use store::TenantFilter;
use web::{Problem, Query};

use crate::{App, auth::Operator, convert, page, refusal};

/// The query.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameters {
    limit: Option<u32>,
    before: Option<String>,
    status: Option<TenantStatus>,
    search: Option<String>,
}

pub(crate) async fn handle(
    State(app): State<App>,
    _: Operator,
    Query(query): Query<Parameters>,
) -> Result<Response, Problem> {
    let request = page::request(query.limit, query.before.as_deref())?;
    let filter =
        TenantFilter { status: query.status, search: query.search.clone(), ..TenantFilter::default() };
    let page = app.store.operator().list_tenants(&filter, request).await;
    let page = page.map_err(|error| refusal::by_store(&error))?;
    let tenants: Vec<_> = page.items.into_iter().map(|detail| convert::tenant(&app, detail)).collect();
    let status = query.status.map(|status| status.to_string());
    let filters = [("status", status.as_deref()), ("search", query.search.as_deref())];
    Ok(page::answer(&tenants, page.next, "/admin/tenants", request.limit, &filters))
}
