//! `GET /admin/tenants/{id}/try`: the trial so far, and where to write.

use askama::Template;
use axum::{Json, response::IntoResponse};
use domain::TenantId;
use jiff::tz::TimeZone;
use web::ui::{Banner, Bubble, Chat, Empty, Head, Icon};

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
    let local = |at: domain::Timestamp| at.to_zoned_datetime(zone.clone());
    let dated = |at: &jiff::ZonedDateTime| words::date::of(at.day(), at.month(), at.year());
    let mut above = String::new();
    let line = |(number, line): (usize, api::TriedLine)| {
        let at = local(line.at);
        let day = dated(&at);
        let day = (day != above).then(|| {
            above.clone_from(&day);
            day
        });
        Bubble {
            id: format!("said-{number}"),
            day,
            // As on the phone of the business: what the bot says goes out.
            out: line.bot,
            text: if line.text.is_empty() { words::trying::silent().to_owned() } else { line.text },
            at: line.at.to_string(),
            clock: at.strftime("%H:%M").to_string(),
            silence: None,
        }
    };
    let time = local(tried.now);
    let empty = tried.lines.is_empty();
    let view = View {
        id: call.id(),
        chat: Chat { lines: tried.lines.into_iter().enumerate().map(line).collect() },
        empty: empty.then(|| Empty::new("chat", words::trying::none(), words::trying::none_text())),
        no_pack: profile::pack(&call).is_none().then(|| Banner::wrong(words::trying::no_pack())),
        time: words::trying::passed(format!("{} {}", dated(&time), time.strftime("%H:%M"))),
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
