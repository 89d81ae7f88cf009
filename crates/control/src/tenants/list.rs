//! `GET /admin/tenants`: a page of tenants, newest first.

use axum::{extract::State, response::Response};
use domain::{TenantStatus, limits::PAGE_MAX_ROWS};
use serde::Deserialize;
use store::{Show, Sort, TenantFilter};
use web::{Problem, Query};

use crate::{App, auth::Operator, board::strip::stale_before, convert, page, refusal};

/// The query.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameters {
    pub(crate) limit: Option<u32>,
    pub(crate) before: Option<String>,
    pub(crate) status: Option<TenantStatus>,
    pub(crate) search: Option<String>,
    /// A group of tenants that an operator looks for.
    pub(crate) show: Option<Show>,
    /// The order; the newest first where it is left out.
    pub(crate) sort: Option<Sort>,
    /// Only these, with commas between them.
    pub(crate) ids: Option<String>,
}

impl Parameters {
    /// As the store takes it.
    pub(crate) fn filter(&self, app: &App) -> Result<TenantFilter, Problem> {
        let read = |ids: &String| {
            let ids = ids.split(',').filter(|id| !id.is_empty()).map(str::parse);
            ids.collect::<Result<Vec<_>, domain::InvalidId>>()
                .map_err(|error| Problem::invalid_field("ids", error.to_string()))
        };
        let ids = self.ids.as_ref().map(read).transpose()?;
        if ids.as_ref().is_some_and(|ids| ids.len() > PAGE_MAX_ROWS as usize) {
            return Err(Problem::invalid_field(
                "ids",
                format!("`ids` names at most {PAGE_MAX_ROWS} tenants."),
            ));
        }
        Ok(TenantFilter {
            status: self.status,
            show: self.show,
            search: self.search.clone(),
            ids,
            stale_before: Some(stale_before(app)),
            sort: self.sort.unwrap_or_default(),
        })
    }
}

pub(crate) async fn handle(
    State(app): State<App>,
    _: Operator,
    Query(query): Query<Parameters>,
) -> Result<Response, Problem> {
    let request = page::request(query.limit, query.before.as_deref())?;
    let filter = query.filter(&app)?;
    let page = app.store.operator().list_tenants(&filter, request).await;
    let page = page.map_err(|error| refusal::by_store(&error))?;
    let tenants: Vec<_> = page.items.into_iter().map(|detail| convert::tenant(&app, detail)).collect();
    let status = query.status.map(|status| status.to_string());
    let (show, sort) = (query.show.map(|show| show.to_string()), query.sort.map(|sort| sort.to_string()));
    let filters = [
        ("status", status.as_deref()),
        ("search", query.search.as_deref()),
        ("show", show.as_deref()),
        ("sort", sort.as_deref()),
        ("ids", query.ids.as_deref()),
    ];
    Ok(page::answer(&tenants, page.next, "/admin/tenants", request.limit, &filters))
}
