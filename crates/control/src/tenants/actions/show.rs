//! `GET /admin/tenants/actions/{id}`: how far an action on many tenants is.

use askama::Template;
use axum::{Json, response::IntoResponse};
use domain::id::kind::Record;
use web::{
    PathId,
    ui::{Head, html},
};

use super::Bar;
use crate::{call::Call, error::Answer, shell::Section};

/// How far an action on many tenants is
///
/// Kept for the latest 64, until the control plane ends.
#[utoipa::path(
    get, path = "/admin/tenants/actions/{id}", tag = "workers", responses((status = 200, body = api::Progress))
)]
pub(crate) async fn handle(call: Call, PathId(id): PathId<Record>) -> Answer {
    let progress = call.app.bulks.get(id)?;
    if call.client.fragment {
        return Ok(html(&Bar::of(&progress)));
    }
    if call.client.html {
        let body = View { bar: Bar::of(&progress) };
        return Ok(call.page(Section::Tenants, Head::narrow(words::workers::progress()), &body).await);
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
