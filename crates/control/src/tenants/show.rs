//! `GET /admin/tenants/{id}`: what is happening now, linking, configuration, conversations, figures, and what was changed;
//! or the tenant with the last lines of its log.

use askama::Template;
use domain::TenantId;
use serde::Deserialize;
use store::PageRequest;
use utoipa::IntoParams;
use web::{
    Asked, Problem,
    ui::{Field, Head, Html, Icon, Input, ago, fragment, html},
};

use super::{
    TenantCall, convert, create,
    figures::Figures,
    form::{ConfigFields, ConfigForm},
    notes::{Card, NotesForm},
    now::Now,
    row,
    suspension::Suspension,
    update,
    uptime::UptimeCard,
};
use crate::{
    audit,
    books::today::Today,
    error::Answer,
    messages::chats::{self, Conversations, Look},
    shell::Section,
    workers::log::card::LogCard,
};

/// Events of the audit log on the page.
const EVENTS: u32 = 8;

/// The query. All of it is for the page.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Parameters {
    /// A part of the page alone, for its script: now, today, figures, uptime, log or chats.
    part: Option<String>,
    /// Where the page stood: a page that showed a code shows the success.
    was: Option<String>,
    /// Only messages with this contact.
    contact: Option<String>,
    /// Only messages that hold this.
    search: Option<String>,
    /// Only messages from this day on, in the tenant's time zone.
    from: Option<String>,
    /// Only messages until the end of this day.
    until: Option<String>,
    /// Only messages before this place, from the link to older ones.
    before: Option<String>,
    /// The chat around this message, by its place in the log.
    at: Option<String>,
    /// The worker's log, down to this level.
    level: Option<String>,
}

impl Parameters {
    fn look(&self) -> Look {
        Look {
            contact: self.contact.clone(),
            search: self.search.clone(),
            from: self.from.clone(),
            until: self.until.clone(),
            before: self.before.clone(),
            at: self.at.clone(),
        }
    }
}

/// A tenant
///
/// The tenant with the last 50 lines of its log. Reading them is written down.
#[utoipa::path(
    get, path = "/admin/tenants/{id}", tag = "tenants", params(Parameters), responses((status = 200, body = api::TenantWithLogs))
)]
pub(crate) async fn handle(call: TenantCall, Asked(query): Asked<Parameters>) -> Answer {
    let (app, id) = (&call.app, call.id());
    if !call.client.html {
        audit::reading(app, &call.operator, id).await?;
        let logs = call.scope.logs(PageRequest::default()).await?.items;
        let tenant = create::told(app, call.document(), &call.detail).await?;
        let logs = logs.into_iter().map(convert::log).collect();
        return Ok(update::tagged(&call, api::TenantWithLogs { tenant, logs }));
    }
    match query.part.as_deref() {
        Some("now") => Ok(html(&Now::of(app, &call.detail, query.was.as_deref().unwrap_or_default()))),
        Some("figures") => Ok(html(&Figures::of(app, &call.detail).await?)),
        Some("uptime") => Ok(html(&UptimeCard::of(&call).await?)),
        Some("log") => Ok(html(&LogCard::of(&call, query.level.as_deref()).await?)),
        Some("today") => Ok(html(&Today::of(&call).await?)),
        Some("chats") => {
            audit::reading(app, &call.operator, id).await?;
            let chats = chats::read(&call, &query.look(), true).await?;
            Ok(fragment([Html::of(&chats.transcript), Html::of(&chats.list)]))
        }
        Some(_) => Err(Problem::invalid_field("part", words::checks::part()).into()),
        None => page(&call, &query, Refused::None).await,
    }
}

/// A form of the page that was refused, and why.
#[derive(Clone, Copy)]
pub(super) enum Refused<'a> {
    /// None was.
    None,
    /// What its bot is told.
    Config(&'a ConfigForm, &'a Problem),
    /// What operators note of it.
    Notes(&'a NotesForm, &'a Problem),
}

/// The whole page; with a form that was refused, and why.
pub(super) async fn page(call: &TenantCall, query: &Parameters, refused: Refused<'_>) -> Answer {
    let (app, detail, id) = (&call.app, &call.detail, call.id());
    let stream = app.feed.address();
    let look = query.look();
    audit::reading(app, &call.operator, id).await?;
    let chats = chats::read(call, &look, false).await?;
    let stands = ConfigForm::of(detail);
    let (form, problem, noted) = match refused {
        Refused::None => (&stands, None, None),
        Refused::Config(form, problem) => (form, Some(problem), None),
        Refused::Notes(form, problem) => (&stands, None, Some((form, problem))),
    };
    let (packs, pack) = (app.supervisor.packs(), detail.config.template_type);
    let fields = form.fields(&packs, pack, problem);
    let days_wrong = fields.hours().any(|field| field.error.is_some());
    let beside = days_wrong || fields.main.iter().any(|field| field.error.is_some());
    let body = View {
        id,
        name: detail.tenant.name.clone(),
        number: row::number(detail),
        pattern: literally(&detail.tenant.name),
        linked: detail.session.linked_number.is_some(),
        suspension: Suspension::of(detail, call.place()),
        host: host(call).await?,
        moved: detail.tenant.moved_at.map(|at| Html::of(&ago(at, app.now(), &detail.tenant.timezone))),
        warnings: create::warnings(app, detail).await?,
        now: Now::of(app, detail, ""),
        today: Today::of(call).await?,
        figures: Figures::of(app, detail).await?,
        uptime: UptimeCard::of(call).await?,
        log: LogCard::of(call, query.level.as_deref()).await?,
        events: events(call).await?,
        owner: vec![
            Field::new("email", words::owners::email(), Input::EMAIL).hint(words::owners::email_hint()),
            Field::new("name", words::owners::name(), Input::TEXT),
        ],
        fields,
        days_open: days_wrong || detail.config.hours.is_some(),
        version: form.version().unwrap_or(detail.config.version),
        wrong: problem.filter(|_| !beside).map(|problem| problem.detail().to_owned()),
        notes: Card::of(&call.scope.notes().await?, noted),
        search: look.search.clone().unwrap_or_default(),
        from: look.from.clone().unwrap_or_default(),
        until: look.until.clone().unwrap_or_default(),
        chats,
    };
    let head = Head::new(&detail.tenant.name).following(stream);
    let problem = problem.or(noted.map(|(_, problem)| problem));
    Ok(call.form(Section::Tenants, head, &body, problem).await)
}

/// Where its bot runs, in words; nothing where all bots run on this machine.
async fn host(call: &TenantCall) -> Answer<Option<String>> {
    if call.app.supervisor.places().is_none() {
        return Ok(None);
    }
    let place = call.app.store.operator().place(call.id()).await?;
    Ok(Some(place.host.unwrap_or_else(|| words::hosts::here().to_owned())))
}

/// A text as a pattern of HTML that takes this text alone.
fn literally(text: &str) -> String {
    let special = |c: char| r"^$\.*+?()[]{}|/".contains(c);
    text.trim().chars().flat_map(|c| special(c).then_some('\\').into_iter().chain([c])).collect()
}

#[derive(Template)]
#[template(path = "tenants/tenant.html")]
struct View {
    id: TenantId,
    name: String,
    number: String,
    /// The name as a pattern, so that a dialog stays open until it is typed.
    pattern: String,
    linked: bool,
    suspension: Suspension,
    /// On which host it runs, where there are some.
    host: Option<String>,
    /// Since when it is gone to another installation, where it is.
    moved: Option<Html>,
    warnings: Vec<String>,
    now: Now,
    today: Today,
    figures: Figures,
    uptime: UptimeCard,
    log: LogCard,
    events: Vec<EventLine>,
    /// To make an owner's sign-in link.
    owner: Vec<Field>,
    fields: ConfigFields,
    days_open: bool,
    /// The configuration that the form was made of.
    version: i64,
    /// What is wrong with the form, where no field of it is at fault.
    wrong: Option<String>,
    notes: Card,
    search: String,
    from: String,
    until: String,
    chats: Conversations,
}

/// One line of the audit log.
struct EventLine {
    what: String,
    at: Html,
}

/// The line as a sentence.
fn told(event: &store::PortalEvent, tenant: &str) -> String {
    let who = words::did::who(&event.actor, event.actor_name.as_deref());
    words::did::told(&event.event_type, &who, tenant)
        .unwrap_or_else(|| format!("{who}: {}", event.event_type))
}

async fn events(call: &TenantCall) -> Answer<Vec<EventLine>> {
    let found = call.scope.events(PageRequest { limit: EVENTS, before: None }).await?;
    let (now, zone) = (call.app.now(), call.detail.tenant.timezone.as_str());
    let line = |event: store::PortalEvent| EventLine {
        what: told(&event, &call.detail.tenant.name),
        at: Html::of(&ago(event.created_at, now, zone)),
    };
    Ok(found.items.into_iter().map(line).collect())
}
