//! `GET /admin/setup-requests`: a page of requests, newest first.

use askama::Template;
use axum::{extract::State, response::Response};
use domain::SetupStatus;
use serde::Deserialize;
use store::{Page, SetupListed};
use strum::VariantArray;
use utoipa::IntoParams;
use web::{
    Asked, Client,
    ui::{Column, Columns, Empty, Head, Pager, Pill, ago},
};

use super::{
    convert,
    view::{pill, word},
};
use crate::{
    App,
    auth::Operator,
    error::Answer,
    paging,
    shell::{self, Section},
    tenants::row::grouped,
};

const PATH: &str = "/admin/setup-requests";

/// The query.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parameters {
    /// Rows of the page: 50 where it is left out, 500 at most.
    limit: Option<u32>,
    /// From the `Link` header of the page before.
    before: Option<String>,
    /// Only those in this status.
    status: Option<SetupStatus>,
}

/// Setup requests, newest first
#[utoipa::path(
    get, path = "/admin/setup-requests", tag = "setup requests", params(Parameters), responses((status = 200, body = [api::SetupRequest]))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    Asked(query): Asked<Parameters>,
) -> Answer {
    let request = paging::request(query.limit, query.before.as_deref())?;
    let found = app.store.operator().list_setup_requests_named(query.status, request.rows).await?;
    if client.html {
        return Ok(page(&app, &operator, query.status, found, request).await);
    }
    let requests: Vec<_> = found.items.into_iter().map(convert).collect();
    let status = query.status.map(|status| status.to_string());
    Ok(paging::answer(&requests, found.next, PATH, request, &[("status", status.as_deref())]))
}

#[derive(Template)]
#[template(path = "setup_requests.html")]
struct View {
    filters: Vec<(String, &'static str, bool)>,
    columns: Columns,
    rows: Vec<Row>,
    empty: Empty,
    pager: Pager,
}

struct Row {
    href: String,
    tenant: String,
    person: String,
    number: String,
    pack: String,
    status: Pill,
    sent: String,
    decided: String,
}

async fn page(
    app: &App,
    operator: &Operator,
    status: Option<SetupStatus>,
    found: Page<SetupListed>,
    request: paging::Request,
) -> Response {
    let now = app.now();
    let link = |status: Option<SetupStatus>| match status {
        Some(status) => format!("{PATH}?status={status}"),
        None => PATH.to_owned(),
    };
    let mut filters = vec![(link(None), words::setup::all(), status.is_none())];
    for one in SetupStatus::VARIANTS {
        filters.push((link(Some(*one)), word(*one), status == Some(*one)));
    }
    let next = found.next.map(|next| {
        let status = status.map(|status| format!("&status={status}")).unwrap_or_default();
        format!("{PATH}?limit={}&before={next}{status}", request.rows.limit)
    });
    let rows: Vec<Row> = found
        .items
        .into_iter()
        .map(|listed| {
            let one = convert(listed);
            let by = one.reviewer_name.clone().or(one.reviewed_by.clone()).unwrap_or_default();
            Row {
                href: format!("{PATH}/{}", one.id),
                number: grouped(&one.whatsapp_number),
                person: format!("{} · {}", one.user_name, one.user_email),
                pack: one.template_type.to_string(),
                status: pill(one.status),
                sent: ago(one.created_at, now, "UTC").to_string(),
                decided: by,
                tenant: one.tenant_name,
            }
        })
        .collect();
    let column = |label| Column { label, ..Column::default() };
    let view = View {
        filters,
        columns: Columns {
            columns: [
                words::tenants::tenant(),
                words::setup::asked_by(),
                words::setup::number(),
                words::setup::pack(),
                words::setup::status(),
                words::setup::sent(),
                words::setup::by(),
            ]
            .map(column)
            .to_vec(),
        },
        empty: Empty {
            icon: "inbox",
            title: words::setup::none().to_owned(),
            text: words::setup::none_text().to_owned(),
            link: status.map(|_| (link(None), words::setup::show_all().to_owned())),
        },
        pager: Pager {
            shown: words::setup::shown(rows.len() as u64),
            first: request.rows.before.map(|_| link(status)),
            next,
        },
        rows,
    };
    let head = Head { title: words::shell::setup_requests().to_owned(), ..Head::default() };
    shell::page(app, operator, Section::SetupRequests, head, &view).await
}
