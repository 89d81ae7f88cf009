//! `DELETE /admin/tenants/{id}/contacts/{contact}`: forgets one customer, in the worker's journal and in the log.

use axum::{
    Json,
    extract::{Path, State},
};
use http::StatusCode;
use serde_json::json;
use supervisor::{Erased, Error};

use crate::{App, audit, auth::Operator, error::Answer};

/// Forget one customer
///
/// In the worker's journal and in the log. Where the worker does not run, what the log holds under this name goes at once,
/// and its next start does the rest before it connects.
#[utoipa::path(
    delete, path = "/admin/tenants/{id}/contacts/{contact}", tag = "data rights",
    responses(
        (status = 200, body = api::ContactErased),
        (status = 202, description = "The worker's next start does the rest before it connects.", body = api::ContactErased)
    )
)]
pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    Path((id, contact)): Path<(String, String)>,
) -> Answer<(StatusCode, Json<api::ContactErased>)> {
    let (scope, tenant) = super::tenant(&app, &id).await?;
    let id = scope.id();
    let asked = super::label(&contact)?;
    if tenant.worker.generation == 0 {
        // A worker that has never run has no journal.
        let log_rows = supervisor::erase_rows(&scope, &[asked.to_owned()]).await?;
        let records = supervisor::erase_records(&scope, &[asked.to_owned()]).await?;
        let payload = json!({ "journal_messages": 0, "log_rows": log_rows, "records": records });
        audit::record(&app, &operator, id, "CONTACT_ERASED", &payload).await;
        return Ok(done(Erased { journal_messages: 0, log_rows, records }));
    }
    // Written down first: from here on a stop at any point repeats it.
    let (erasure, added) = scope.clone().by(operator.actor).order_erasure(asked).await?;
    match app.supervisor.erase(id, erasure.clone()).await {
        Ok(erased) => Ok(done(erased)),
        // Only the worker touches its journal: its next start, or its next link, carries it out.
        Err(Error::NotRunning | Error::NotLinked | Error::NoAnswer) => {
            let log_rows = supervisor::erase_rows(&scope, &erasure.names()).await?;
            let records = supervisor::erase_records(&scope, &erasure.names()).await?;
            let payload = json!({ "log_rows": log_rows, "records": records });
            audit::record(&app, &operator, id, "CONTACT_ERASURE_ORDERED", &payload).await;
            app.supervisor.noted(id);
            let erased = api::ContactErased { journal_messages: 0, log_rows, records, waiting: true };
            Ok((StatusCode::ACCEPTED, Json(erased)))
        }
        Err(error) => {
            // Whoever asks is told why not, and asks again. What was ordered before stays ordered.
            if added && matches!(error, Error::NotDone(_)) {
                scope.withdraw_erasure(&erasure).await?;
            }
            Err(error.into())
        }
    }
}

fn done(erased: Erased) -> (StatusCode, Json<api::ContactErased>) {
    let Erased { journal_messages, log_rows, records } = erased;
    (StatusCode::OK, Json(api::ContactErased { journal_messages, log_rows, records, waiting: false }))
}
