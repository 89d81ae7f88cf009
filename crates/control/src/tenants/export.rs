//! `GET /admin/tenants.csv`: the tenants of a list as the table that an import takes, page by page as it is read.

use std::sync::Arc;

use domain::{Phone, Sort};
use jiff::tz::TimeZone;
use serde_json::json;
use store::{Cursor, PageRequest, StoreError, TenantDetail, TenantFilter};
use web::{Asked, csv};

use super::{counted, import::Column, list::Parameters};
use crate::{App, audit, call::Call, download, error::Answer};

pub(super) const PATH: &str = "/admin/tenants.csv";

/// Tenants as CSV
///
/// All that the filters let through, as the table that an import takes, private notes included. The export is written down.
/// `limit` and `before` are those of the list, and change nothing here.
#[utoipa::path(
    get, path = "/admin/tenants.csv", tag = "tenants", params(Parameters),
    responses((status = 200, content_type = "text/csv", body = String))
)]
pub(crate) async fn handle(call: Call, Asked(query): Asked<Parameters>) -> Answer {
    let app = &call.app;
    let mut filter = query.filter(app)?;
    if filter.sort == Sort::Need || filter.show.is_some() {
        filter.grouping = Some(Arc::new(counted::grouping(app).await?));
    }
    audit::platform(app, call.operator.actor, "TENANTS_EXPORTED", json!({})).await;
    let file = download::named("flowhq", "tenants", app.now(), &TimeZone::UTC);
    let read = app.clone();
    Ok(download::pages(app, &call.operator, &file, &Column::names(), move |request| {
        let (app, filter) = (read.clone(), filter.clone());
        async move { page(&app, &filter, request).await }
    }))
}

async fn page(
    app: &App,
    filter: &TenantFilter,
    request: PageRequest,
) -> Result<(String, Option<Cursor>), StoreError> {
    let operator = app.store.operator();
    let found = operator.list_tenants(filter, request).await?;
    let ids: Vec<_> = found.items.iter().map(|detail| detail.tenant.id).collect();
    let (tags, notes) = (operator.tags_of(&ids).await?, operator.notes_of(&ids).await?);
    let row = |detail: &TenantDetail| {
        let id = detail.tenant.id;
        let tags = tags.get(&id).map(|tags| tags.join(", ")).unwrap_or_default();
        row(detail, &tags, notes.get(&id).map(String::as_str).unwrap_or_default())
    };
    Ok((found.items.iter().map(row).collect(), found.next))
}

/// In the order of [`Column::names`].
fn row(detail: &TenantDetail, tags: &str, note: &str) -> String {
    let (tenant, config) = (&detail.tenant, &detail.config);
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    csv::row([
        tenant.id.to_string().as_str(),
        &tenant.name,
        tenant.phone_number.as_ref().map(Phone::as_str).unwrap_or_default(),
        config.template_type.as_str(),
        &config.business_name,
        config.language.into(),
        &tenant.timezone,
        &tenant.currency,
        &number(tenant.retention_days),
        &number(config.rate_limit_per_minute),
        tags,
        note,
    ])
}
