//! `GET /admin/events`: a page of the audit log, newest first.

use askama::Template;
use axum::response::Response;
use serde_json::Value;
use store::Cursor;
use web::{
    Asked,
    place::address,
    ui::{Columns, Empty, Field, Head, Html, Icon, Input, Pager, ago},
};

use super::query::{Parameters, convert};
use crate::{
    call::Call,
    error::Answer,
    paging::{self, rows},
    shell::Section,
};

const PATH: &str = "/admin/events";

/// The audit log, newest first
///
/// It only grows: there is no route that changes or removes a line.
#[utoipa::path(get, path = "/admin/events", tag = "audit", params(Parameters), responses((status = 200, body = [api::Event])))]
pub(crate) async fn handle(call: Call, Asked(query): Asked<Parameters>) -> Answer {
    let request = paging::Request::read(query.limit, query.before.as_deref())?;
    let found = call.app.store.operator().list_events(&query.filter()?, rows(&request)).await?;
    let events: Vec<_> = found.items.into_iter().map(convert).collect();
    if call.client.html {
        return Ok(page(&call, &query, &events, found.next, request).await);
    }
    Ok(request.answer(&events, found.next, PATH, &query.pairs()))
}

#[derive(Template)]
#[template(path = "events.html")]
struct View {
    fields: Vec<Field>,
    columns: Columns,
    rows: Vec<Row>,
    empty: Empty,
    pager: Pager,
    export: String,
}

struct Row {
    at: Html,
    event: String,
    /// The type as the API and the filter have it.
    code: String,
    tenant: Option<String>,
    actor: String,
    details: Vec<(String, String)>,
}

/// A page of it, with filters.
async fn page(
    call: &Call,
    query: &Parameters,
    events: &[api::Event],
    next: Option<Cursor>,
    request: paging::Request,
) -> Response {
    let (now, pairs) = (call.app.now(), query.pairs());
    let row = |event: &api::Event| Row {
        at: Html::of(&ago(event.created_at, now, "UTC")),
        event: super::word(&event.event_type).to_owned(),
        code: event.event_type.clone(),
        tenant: event.tenant_id.map(|id| id.to_string()),
        actor: event.actor_name.clone().unwrap_or_else(|| event.actor.clone()),
        details: details(&event.payload),
    };
    let field = |name, label, hint, value: &Option<String>| {
        Field::new(name, label, Input::TEXT).hint(hint).value(value.clone().unwrap_or_default()).optional()
    };
    let mut empty = Empty::new("list", words::audit::none(), words::audit::none_text());
    if pairs.iter().any(|(_, value)| value.is_some()) {
        empty = empty.link(PATH, words::audit::show_all());
    }
    let view = View {
        fields: vec![
            field("type", words::audit::type_(), words::audit::type_hint(), &query.r#type),
            field("actor", words::audit::actor(), words::audit::actor_hint(), &query.actor),
            field("tenant", words::tenants::tenant(), words::audit::tenant_hint(), &query.tenant),
            field("since", words::audit::from(), words::audit::from_hint(), &query.since),
            field("until", words::audit::until(), words::audit::until_hint(), &query.until),
        ],
        columns: Columns::named([
            words::audit::when(),
            words::audit::what(),
            words::audit::who(),
            words::tenants::tenant(),
            words::audit::details(),
        ]),
        empty,
        pager: request.pager(words::audit::shown(events.len() as u64), next, PATH, &pairs),
        export: address("/admin/events.csv", &pairs),
        rows: events.iter().map(row).collect(),
    };
    call.page(Section::Audit, Head::new(words::shell::audit()), &view).await
}

/// The payload in words: what changed, from what to what. Fields are called as the API calls them.
fn details(payload: &Value) -> Vec<(String, String)> {
    let plain = |value: &Value| match value {
        Value::Null => words::audit::nothing().to_owned(),
        // What the store says of words that a person may have written.
        Value::String(text) if text == "changed" => words::audit::changed().to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let Value::Object(fields) = payload else { return vec![(String::new(), plain(payload))] };
    if let (2, Some(from), Some(to)) = (fields.len(), fields.get("from"), fields.get("to")) {
        return vec![(words::audit::status().to_owned(), format!("{} → {}", plain(from), plain(to)))];
    }
    fields
        .iter()
        .map(|(name, value)| match (value.get("from"), value.get("to")) {
            (Some(from), Some(to)) => (name.clone(), format!("{} → {}", plain(from), plain(to))),
            _ => (name.clone(), plain(value)),
        })
        .collect()
}
