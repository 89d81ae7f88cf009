//! `GET /admin/tenants/{id}/contacts/{contact}`: all that is held of one customer.

use axum::{
    body::{Body, Bytes},
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use domain::limits::PAGE_MAX_ROWS;
use futures_util::stream::{self, StreamExt};
use http::{HeaderValue, header};
use serde_json::json;
use store::{Cursor, PageRequest, TenantScope};
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
) -> Answer {
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
    let labels = super::labels(asked, number, lid);
    let mut rows = 0;
    for label in &labels {
        rows += scope.count_of_contact(label).await?;
    }
    let (records, all) = records(&scope, &labels).await?;
    let payload = json!({ "log_rows": rows, "records": records.len() });
    audit::record(&app, &operator, id, "CONTACT_EXPORTED", &payload).await;
    let document = api::ContactExport {
        contact: asked.to_owned(),
        complete: all && asked_worker && journal.as_ref().is_none_or(|part| !part.more),
        log: Vec::new(),
        records,
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
    };
    Ok(sent(&app, &operator, scope, labels, &document))
}

/// Records that an answer has at most.
const RECORDS: usize = 5_000;

/// A contact's bookings, orders and tickets, and whether these are all.
async fn records(scope: &TenantScope, labels: &[String]) -> Answer<(Vec<api::Record>, bool)> {
    let mut records = Vec::new();
    for label in labels {
        let mut page = Some(PageRequest { limit: PAGE_MAX_ROWS, before: None });
        while let Some(request) = page.filter(|_| records.len() < RECORDS) {
            let found = scope.records_of(label, request).await?;
            records.extend(found.items.into_iter().map(crate::books::document));
            page = found.next.map(|before| PageRequest { limit: PAGE_MAX_ROWS, before: Some(before) });
        }
        if page.is_some() {
            return Ok((records, false));
        }
    }
    Ok((records, true))
}

/// Sends a document whose log is read while it is sent, so that its size does not matter.
fn sent(
    app: &App,
    operator: &Operator,
    scope: TenantScope,
    labels: Vec<String>,
    document: &api::ContactExport,
) -> Response {
    // Our own documents have string keys throughout, so that writing them cannot fail.
    let whole = serde_json::to_string(document).unwrap_or_default();
    // The log is empty yet, and no text before it can hold this: a contact is digits.
    let (before, after) = whole.split_once(LOG).unwrap_or((&whole, ""));
    let head = Bytes::from(format!("{before}{}", LOG.trim_end_matches(']')));
    let tail = Bytes::from(format!("]{after}"));
    let parts =
        stream::try_unfold(Some(Part { scope, labels, before: None, begun: false }), |part| async move {
            match part {
                Some(part) => part.read().await,
                None => Ok(None),
            }
        });
    let body = stream::once(async { Ok(head) }).chain(parts).chain(stream::once(async { Ok(tail) }));
    let body = app.accounts.while_it_holds(operator.proof.clone(), body);
    let mut response = Body::from_stream(body).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// How the document has its log before any line of it.
const LOG: &str = "\"log\":[]";

/// What of the log is to come.
struct Part {
    scope: TenantScope,
    /// Under which names, the next one first.
    labels: Vec<String>,
    before: Option<Cursor>,
    /// Whether a line was sent, behind which a comma is due.
    begun: bool,
}

impl Part {
    /// Lines of the log, newest first under each name, and what is to come after them.
    async fn read(mut self) -> Result<Option<(Bytes, Option<Self>)>, store::StoreError> {
        let Some(label) = self.labels.first() else { return Ok(None) };
        let page = self.scope.chat(label, PageRequest { limit: PAGE_MAX_ROWS, before: self.before }).await?;
        let mut text = String::new();
        for log in page.items {
            if std::mem::replace(&mut self.begun, true) {
                text.push(',');
            }
            text.push_str(&serde_json::to_string(&convert::log(log)).unwrap_or_default());
        }
        self.before = page.next;
        if self.before.is_none() {
            self.labels.remove(0);
        }
        Ok(Some((Bytes::from(text), Some(self))))
    }
}
