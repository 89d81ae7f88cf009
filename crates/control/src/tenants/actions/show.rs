//! `GET /admin/tenants/actions/{id}`: how far an action on many tenants is.

use askama::Template;
use axum::{Json, extract::State, response::IntoResponse};
use domain::id::kind::Record;
use web::{
    Client, PathId,
    ui::{Head, html},
};

use super::Bar;
use crate::{
    App,
    auth::Operator,
    error::Answer,
    shell::{self, Section},
};

/// How far an action on many tenants is
///
/// Kept for the latest 64, until the control plane ends.
#[utoipa::path(
    get, path = "/admin/tenants/actions/{id}", tag = "workers", responses((status = 200, body = api::Progress))
)]
pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    PathId(id): PathId<Record>,
) -> Answer {
    let progress = app.bulks.get(id)?;
    if client.fragment {
        return Ok(html(&Bar::of(&progress)));
    }
    if client.html {
        let head = Head { title: words::workers::progress().to_owned(), narrow: true, ..Head::default() };
        let body = View { bar: Bar::of(&progress) };
        return Ok(shell::page(&app, &operator, Section::Tenants, head, &body).await);
    }
    Ok(Json(progress).into_response())
}

#[derive(Template)]
#[template(
    source = "<h1>{{ words::workers::progress() }}</h1><section class=\"card\">{{ bar }}<a class=\"btn\" href=\"/admin/tenants\">{{ words::workers::to_tenants() }}</a></section>",
    ext = "html"
)]
struct View {
    bar: Bar,
}
