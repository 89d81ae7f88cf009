//! `GET /admin/tenants/{id}/contacts/{contact}`: all that is held of one customer.

use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::json;
use supervisor::Error;

use crate::{App, audit, auth::Operator, convert, error::Answer};

/// All that is held of one customer
///
/// In the log and in the worker's journal.
#[utoipa::path(
    get, path = "/admin/tenants/{id}/contacts/{contact}", tag = "data rights",
    responses((status = 200, body = api::ContactExport))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    Path((id, contact)): Path<(String, String)>,
) -> Answer<Json<api::ContactExport>> {
    let (scope, _) = super::tenant(&app, &id).await?;
    let id = scope.id();
    let asked = super::label(&contact)?;
    let journal = match app.supervisor.read_contact(id, asked).await {
        Ok(part) => part,
        Err(Error::NotRunning | Error::NotLinked) => None,
        Err(error) => return Err(error.into()),
    };
    let asked_worker = app.supervisor.live(id).is_some_and(|live| live.linked);
    let (number, lid) =
        journal.as_ref().map_or((None, None), |part| (part.number.as_deref(), part.lid.as_deref()));
    let mut log = Vec::new();
    for label in super::labels(asked, number, lid) {
        log.extend(super::rows(&scope, &label).await?.into_iter().map(convert::log));
    }
    audit::record(&app, &operator, id, "CONTACT_EXPORTED", &json!({ "log_rows": log.len() })).await;
    Ok(Json(api::ContactExport {
        contact: asked.to_owned(),
        complete: asked_worker && journal.as_ref().is_none_or(|part| !part.more),
        log,
        journal: journal.map(|part| api::ContactJournal {
            number: part.number,
            lid: part.lid,
            push_name: part.push_name,
            wrote_at: part.wrote_at,
            conversation: part.conversation.and_then(|text| serde_json::from_str(&text).ok()),
            messages: part
                .messages
                .into_iter()
                .map(|message| api::ContactMessage {
                    direction: message.direction,
                    wa_message_id: message.wa_message_id,
                    text: message.text,
                    state: message.state,
                    at: message.at,
                })
                .collect(),
        }),
    }))
}
