//! `GET /portal/tenant/current/customers.csv`: customers as a table, page by page as they are read.

use serde_json::json;
use store::{Cursor, CustomerFilter, PageRequest, StoreError, TenantScope};
use web::csv;

use super::convert;
use crate::{download, error::Answer, portal::call::MemberCall};

const HEAD: [&str; 8] =
    ["contact", "name", "state", "note", "last message", "time", "open records", "records"];

/// Customers as CSV
///
/// The export is written down.
#[utoipa::path(
    get, path = "/portal/tenant/current/customers.csv", tag = "portal",
    responses((status = 200, content_type = "text/csv", body = String))
)]
pub(crate) async fn handle(call: MemberCall) -> Answer {
    let desk = call.desk().await?;
    desk.record("CUSTOMERS_EXPORTED", &json!({})).await;
    let scope = desk.scope.clone();
    Ok(download::pages_for(&desk.app, &call.session_proof, "customers.csv", &HEAD, move |request| {
        let scope = scope.clone();
        async move { page(&scope, request).await }
    }))
}

async fn page(scope: &TenantScope, request: PageRequest) -> Result<(String, Option<Cursor>), StoreError> {
    let found = scope.customers(&CustomerFilter::default(), request).await?;
    let rows = found.items.into_iter().map(convert).map(|one| {
        csv::row([
            one.contact.as_str(),
            one.name.as_deref().unwrap_or_default(),
            &one.state.to_string(),
            one.note.as_deref().unwrap_or_default(),
            one.last.as_deref().unwrap_or_default(),
            &one.at.map(|at| at.to_string()).unwrap_or_default(),
            &one.open_records.to_string(),
            &one.records.to_string(),
        ])
    });
    Ok((rows.collect(), found.next))
}
