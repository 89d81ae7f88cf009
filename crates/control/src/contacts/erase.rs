//! `DELETE /admin/tenants/{id}/contacts/{contact}`: forgets one customer, in the worker's journal and in the log.

use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::json;
use supervisor::Error;
use web::{Kind, Problem};

use crate::{App, audit, auth::Operator, refusal, wire};

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
) -> Result<Json<wire::ContactErased>, Problem> {
    let (scope, tenant) = super::tenant(&app, &id).await?;
    let id = scope.id();
    let asked = super::label(&contact)?;
    // Only the worker touches its journal. One that has never run has none.
    let (labels, journal_messages) = if tenant.worker.generation == 0 {
        (vec![asked.to_owned()], 0)
    } else {
        let part = app.supervisor.read_contact(id, asked).await.map_err(|error| not_asked(&error))?;
        let erased = app.supervisor.erase_contact(id, asked).await.map_err(|error| not_asked(&error))?;
        let (number, lid) =
            part.as_ref().map_or((None, None), |part| (part.number.as_deref(), part.lid.as_deref()));
        (super::labels(asked, number, lid), erased)
    };
    let mut log_rows = 0;
    for label in labels {
        loop {
            let erased = scope.erase_contact(&label, super::BATCH).await;
            let erased = erased.map_err(|error| refusal::by_store(&error))?;
            log_rows += erased;
            if erased < u64::from(super::BATCH) {
                break;
            }
        }
    }
    // Whom it was must not be kept.
    let payload = json!({ "journal_messages": journal_messages, "log_rows": log_rows });
    audit::record(&app, &operator, id, "CONTACT_ERASED", &payload).await;
    Ok(Json(wire::ContactErased { journal_messages, log_rows }))
}

fn not_asked(error: &Error) -> Problem {
    match error {
        Error::NotRunning | Error::NotLinked => Problem::new(
            Kind::WorkerStopped,
            "The worker's journal holds this contact too, and only the worker may change it: start it and try again.",
        ),
        error => refusal::by_supervisor(error),
    }
}
