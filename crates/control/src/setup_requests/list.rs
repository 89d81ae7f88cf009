//! `GET /admin/setup-requests`: a page of requests, newest first.

use askama::Template;
use axum::response::Response;
use domain::SetupStatus;
use serde::Deserialize;
use store::{Page, SetupListed};
use strum::VariantArray;
use utoipa::IntoParams;
use web::{
    Asked,
    place::address,
    ui::{Columns, Empty, Head, Html, Pager, Pill, ago},
};

use super::{
    PATH, convert,
    view::{pill, word},
};
use crate::{
    call::Call,
    error::Answer,
    packs,
    paging::{self, rows},
    shell::Section,
    tenants::row::grouped,
};

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
pub(crate) async fn handle(call: Call, Asked(query): Asked<Parameters>) -> Answer {
    let request = paging::Request::read(query.limit, query.before.as_deref())?;
    let found = call.app.store.operator().list_setup_requests_named(query.status, rows(&request)).await?;
    if call.client.html {
        return Ok(page(&call, query.status, found, request).await);
    }
    let requests: Vec<_> = found.items.into_iter().map(convert).collect();
    let status = query.status.map(|status| status.to_string());
    Ok(request.answer(&requests, found.next, PATH, &[("status", status.as_deref())]))
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
    sent: Html,
    decided: String,
}

async fn page(
    call: &Call,
    status: Option<SetupStatus>,
    found: Page<SetupListed>,
    request: paging::Request,
) -> Response {
    let now = call.app.now();
    let link = |status: Option<SetupStatus>| {
        address(PATH, &[("status", status.map(|status| status.to_string()).as_deref())])
    };
    let mut filters = vec![(link(None), words::setup::all(), status.is_none())];
    filters
        .extend(SetupStatus::VARIANTS.iter().map(|one| (link(Some(*one)), word(*one), status == Some(*one))));
    let mut empty = Empty::new("inbox", words::setup::none(), words::setup::none_text());
    if status.is_some() {
        empty = empty.link(link(None), words::setup::show_all());
    }
    let packs = call.app.supervisor.packs();
    let row = |listed| {
        let one = convert(listed);
        Row {
            href: format!("{PATH}/{}", one.id),
            number: grouped(&one.whatsapp_number),
            person: super::view::person(&one),
            pack: packs::name(&packs, one.template_type),
            status: pill(one.status),
            sent: Html::of(&ago(one.created_at, now, "UTC")),
            decided: one.reviewer_name.or(one.reviewed_by).unwrap_or_default(),
            tenant: one.tenant_name,
        }
    };
    let rows: Vec<Row> = found.items.into_iter().map(row).collect();
    let status = status.map(|status| status.to_string());
    let shown = words::setup::shown(rows.len() as u64);
    let view = View {
        filters,
        columns: Columns::named([
            words::tenants::tenant(),
            words::setup::asked_by(),
            words::setup::number(),
            words::setup::pack(),
            words::setup::status(),
            words::setup::sent(),
            words::setup::by(),
        ]),
        empty,
        pager: request.pager(shown, found.next, PATH, &[("status", status.as_deref())]),
        rows,
    };
    call.page(Section::SetupRequests, Head::new(words::shell::setup_requests()), &view).await
}
