//! `GET /admin/events`: a page of the audit log, newest first.

use askama::Template;
use axum::{extract::State, response::Response};
use serde_json::Value;
use store::Cursor;
use web::{
    Asked, Client,
    ui::{Column, Columns, Empty, Field, Head, Icon, Input, Pager, ago},
};

use super::query::{Parameters, convert};
use crate::{
    App,
    auth::Operator,
    error::Answer,
    paging::{self, encode},
    shell::{self, Section},
};

/// The audit log, newest first
///
/// It only grows: there is no route that changes or removes a line.
#[utoipa::path(get, path = "/admin/events", tag = "audit", params(Parameters), responses((status = 200, body = [api::Event])))]
pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    Asked(query): Asked<Parameters>,
) -> Answer {
    let request = paging::request(query.limit, query.before.as_deref())?;
    let found = app.store.operator().list_events(&query.filter()?, request.rows).await?;
    let events: Vec<_> = found.items.into_iter().map(convert).collect();
    if client.html {
        return Ok(page(&app, &operator, &query, &events, found.next, request).await);
    }
    Ok(paging::answer(&events, found.next, "/admin/events", request, &query.pairs()))
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
    at: String,
    event: String,
    /// The type as the API and the filter have it.
    code: String,
    tenant: Option<String>,
    actor: String,
    details: Vec<(String, String)>,
}

/// A page of it, with filters.
async fn page(
    app: &App,
    operator: &Operator,
    query: &Parameters,
    events: &[api::Event],
    next: Option<Cursor>,
    request: paging::Request,
) -> Response {
    let now = app.now();
    let pairs: Vec<String> = query
        .pairs()
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", encode(value?))))
        .collect();
    let filters = pairs.join("&");
    let with = |more: String| if filters.is_empty() { more } else { format!("{more}&{filters}") };
    let rows: Vec<Row> = events
        .iter()
        .map(|event| Row {
            at: ago(event.created_at, now, "UTC").to_string(),
            event: crate::audit::word(&event.event_type).to_owned(),
            code: event.event_type.clone(),
            tenant: event.tenant_id.map(|id| id.to_string()),
            actor: event.actor_name.clone().unwrap_or_else(|| event.actor.clone()),
            details: details(&event.payload),
        })
        .collect();
    let field = |name, label, hint, value: &Option<String>| Field {
        name,
        label,
        hint,
        value: value.clone().unwrap_or_default(),
        error: None,
        input: Input::TEXT,
        required: false,
    };
    let column = |label| Column { label, ..Column::default() };
    let view = View {
        fields: vec![
            field("type", words::audit::type_(), words::audit::type_hint(), &query.r#type),
            field("actor", words::audit::actor(), words::audit::actor_hint(), &query.actor),
            field("tenant", words::tenants::tenant(), words::audit::tenant_hint(), &query.tenant),
            field("since", words::audit::from(), words::audit::from_hint(), &query.since),
            field("until", words::audit::until(), words::audit::until_hint(), &query.until),
        ],
        columns: Columns {
            columns: [
                words::audit::when(),
                words::audit::what(),
                words::audit::who(),
                words::tenants::tenant(),
                words::audit::details(),
            ]
            .map(column)
            .to_vec(),
        },
        empty: Empty {
            icon: "list",
            title: words::audit::none().to_owned(),
            text: words::audit::none_text().to_owned(),
            link: (!filters.is_empty())
                .then(|| ("/admin/events".to_owned(), words::audit::show_all().to_owned())),
        },
        pager: Pager {
            shown: words::audit::shown(rows.len() as u64),
            first: request
                .rows
                .before
                .map(|_| format!("/admin/events{}{filters}", if filters.is_empty() { "" } else { "?" })),
            next: next.map(|next| with(format!("/admin/events?limit={}&before={next}", request.rows.limit))),
        },
        export: format!("/admin/events.csv{}{filters}", if filters.is_empty() { "" } else { "?" }),
        rows,
    };
    let head = Head { title: words::shell::audit().to_owned(), ..Head::default() };
    shell::page(app, operator, Section::Audit, head, &view).await
}

/// The payload in words: what changed, from what to what.
fn details(payload: &Value) -> Vec<(String, String)> {
    let plain = |value: &Value| match value {
        Value::Null => words::audit::nothing().to_owned(),
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
