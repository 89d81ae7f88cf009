//! `GET /admin/tenants/{id}/try`: the trial so far, and where to write.

use askama::Template;
use axum::{Json, response::IntoResponse};
use domain::TenantId;
use jiff::tz::TimeZone;
use web::ui::{Banner, Chat, Empty, Head, Icon};

use super::key;
use crate::{error::Answer, profile, shell::Section, tenants::TenantCall};

/// A tenant's bot as it was tried so far
#[utoipa::path(
    get, path = "/admin/tenants/{id}/try", tag = "business profile", responses((status = 200, body = api::Tried))
)]
pub(crate) async fn handle(call: TenantCall) -> Answer {
    let now = call.app.now();
    let tried = call.app.trials.seen(key(&call), now);
    let tried = tried.unwrap_or(api::Tried { now, lines: Vec::new() });
    if !call.client.html {
        return Ok(Json(tried).into_response());
    }
    let name = call.detail.tenant.name.clone();
    let zone = TimeZone::get(&call.detail.tenant.timezone).unwrap_or(TimeZone::UTC);
    let empty = tried.lines.is_empty();
    let view = View {
        id: call.id(),
        chat: Chat::tried(tried.lines.into_iter().map(|line| (line.bot, line.text, line.at)), &zone),
        empty: empty.then(|| Empty::new("chat", words::trying::none(), words::trying::none_text())),
        no_pack: profile::pack(&call).is_none().then(|| Banner::wrong(words::trying::no_pack())),
        time: Chat::passed(tried.now, &zone),
        name,
    };
    let head = Head::narrow(words::trying::title(&view.name));
    Ok(call.page(Section::Tenants, head, &view).await)
}

#[derive(Template)]
#[template(path = "profile/try.html")]
struct View {
    id: TenantId,
    name: String,
    chat: Chat,
    empty: Option<Empty>,
    no_pack: Option<Banner>,
    time: String,
}
