//! `DELETE /admin/tenants/{id}/contacts/{contact}`: forgets one customer, in the worker's journal and in the log.

use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::json;
use store::TenantScope;
use supervisor::Error;
use web::{Kind, Problem};

use crate::{App, audit, auth::Operator, error::Answer};

/// Forget one customer
///
/// In the worker's journal and in the log. The worker must run.
#[utoipa::path(
    delete, path = "/admin/tenants/{id}/contacts/{contact}", tag = "data rights",
    responses((status = 200, body = api::ContactErased))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    Path((id, contact)): Path<(String, String)>,
) -> Answer<Json<api::ContactErased>> {
    let (scope, tenant) = super::tenant(&app, &id).await?;
    let id = scope.id();
    let asked = super::label(&contact)?;
    // Only the worker touches its journal. One that has never run has none.
    let has_journal = tenant.worker.generation > 0;
    let labels = if has_journal {
        let (number, lid) = app.supervisor.contact_names(id, asked).await.map_err(not_asked)?;
        super::labels(asked, number.as_deref(), lid.as_deref())
    } else {
        vec![asked.to_owned()]
    };
    // The log first: only the journal knows the contact's other name, so that it may forget it only once nothing stands
    // under that name. Where this breaks off, doing it again ends it.
    let mut log_rows = erase_rows(&scope, &labels).await?;
    let mut journal_messages = 0;
    if has_journal {
        journal_messages = app.supervisor.erase_contact(id, asked).await.map_err(not_asked)?;
        // What the journal had not handed over when the log was emptied.
        log_rows += erase_rows(&scope, &labels).await?;
    }
    // Whom it was must not be kept.
    let payload = json!({ "journal_messages": journal_messages, "log_rows": log_rows });
    audit::record(&app, &operator, id, "CONTACT_ERASED", &payload).await;
    Ok(Json(api::ContactErased { journal_messages, log_rows }))
}

/// Erases all rows of the log under these names; how many there were.
async fn erase_rows(scope: &TenantScope, labels: &[String]) -> Answer<u64> {
    let mut rows = 0;
    for label in labels {
        loop {
            let erased = scope.erase_contact(label, super::BATCH).await?;
            rows += erased;
            if erased < u64::from(super::BATCH) {
                break;
            }
        }
    }
    Ok(rows)
}

fn not_asked(error: Error) -> crate::error::Error {
    match error {
        Error::NotRunning | Error::NotLinked => {
            Problem::new(Kind::WorkerStopped, words::problem::journal_first()).into()
        }
        error => error.into(),
    }
}
