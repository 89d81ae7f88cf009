//! `GET /admin/tenants/{id}` as a page: what is happening now, linking, configuration, conversations, figures, and what
//! was changed.

use askama::Template;
use axum::{extract::State, response::Response};
use domain::{TenantId, TenantStatus, id::kind::Tenant};
use serde::Deserialize;
use store::{PageRequest, TenantDetail};
use web::{
    Client, PathId, Problem, Query,
    ui::{Field, Head, Html, Icon, Pill, Strip, ago, fragment, html, span},
};

use super::{
    chats::{self, Conversations, Look},
    configure::ConfigForm,
    link::{self, Link},
    row::{self, megabytes},
    standing::{self, Action},
    suspension::Suspension,
};
use crate::{
    App, audit,
    auth::Operator,
    convert,
    pages::{self, Section},
    refusal, session, tenants,
};

/// Events of the audit log on the page.
const EVENTS: u32 = 8;

/// The query.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Parameters {
    /// A part of the page alone, for its script.
    part: Option<String>,
    /// Where the page stood: a page that showed a code shows the success.
    was: Option<String>,
    contact: Option<String>,
    search: Option<String>,
    from: Option<String>,
    until: Option<String>,
    before: Option<String>,
}

impl Parameters {
    fn look(&self) -> Look {
        Look {
            contact: self.contact.clone(),
            search: self.search.clone(),
            from: self.from.clone(),
            until: self.until.clone(),
            before: self.before.clone(),
        }
    }
}

pub(crate) async fn handle(
    State(app): State<App>,
    operator: Operator,
    client: Client,
    PathId(id): PathId<Tenant>,
    Query(query): Query<Parameters>,
) -> Result<Response, Problem> {
    if !client.html {
        use axum::response::IntoResponse;
        return tenants::show::handle(State(app), operator, PathId(id))
            .await
            .map(IntoResponse::into_response);
    }
    match query.part.as_deref() {
        Some("now") => {
            let detail = detail(&app, id).await?;
            Ok(html(&Now::of(&app, &detail, query.was.as_deref().unwrap_or_default())))
        }
        Some("figures") => Ok(html(&Figures::of(&app, &detail(&app, id).await?).await?)),
        Some("chats") => {
            let zone = detail(&app, id).await?.tenant.timezone;
            audit::reading(&app, &operator, id).await?;
            let chats = chats::read(&app, id, &zone, &query.look(), true).await?;
            Ok(fragment([Html::of(&chats.transcript), Html::of(&chats.list)]))
        }
        Some(_) => Err(Problem::invalid_field("part", "`part` is one of now, figures and chats.")),
        None => page(&app, &operator, id, &query, None).await,
    }
}

async fn detail(app: &App, id: TenantId) -> Result<TenantDetail, Problem> {
    app.store.tenant(id).get().await.map_err(|error| refusal::by_store(&error))
}

/// The whole page; with a form that was refused, and why.
pub(crate) async fn page(
    app: &App,
    operator: &Operator,
    id: TenantId,
    query: &Parameters,
    refused: Option<(&ConfigForm, &Problem)>,
) -> Result<Response, Problem> {
    let stream = app.feed.address();
    let detail = detail(app, id).await?;
    let look = query.look();
    audit::reading(app, operator, id).await?;
    let chats = chats::read(app, id, &detail.tenant.timezone, &look, false).await?;
    let stands = ConfigForm::of(&detail);
    let (form, problem) = refused.map_or((&stands, None), |(form, problem)| (form, Some(problem)));
    let (fields, days) = form.fields(problem);
    let days_wrong = days.iter().any(|day| day.error.is_some());
    let body = TenantPage {
        id,
        name: detail.tenant.name.clone(),
        number: row::number(&detail),
        held: detail.tenant.held_number.as_ref().map(|number| number.as_str().to_owned()),
        linked: detail.session.linked_number.is_some(),
        suspension: Suspension::of(&detail, format!("/admin/tenants/{id}")),
        now: Now::of(app, &detail, ""),
        figures: Figures::of(app, &detail).await?,
        events: events(app, &detail).await?,
        fields,
        days,
        days_open: days_wrong || detail.config.hours.is_some(),
        search: look.search.clone().unwrap_or_default(),
        from: look.from.clone().unwrap_or_default(),
        until: look.until.clone().unwrap_or_default(),
        chats,
    };
    let head = Head { title: detail.tenant.name.clone(), stream: Some(stream), ..Head::default() };
    Ok(pages::page(app, operator, Section::Tenants, head, &body).await)
}

#[derive(Template)]
#[template(path = "tenants/tenant.html")]
struct TenantPage {
    id: TenantId,
    name: String,
    number: String,
    held: Option<String>,
    linked: bool,
    suspension: Suspension,
    now: Now,
    figures: Figures,
    events: Vec<EventLine>,
    fields: Vec<Field>,
    days: Vec<Field>,
    days_open: bool,
    search: String,
    from: String,
    until: String,
    chats: Conversations,
}

/// What is happening, what to press, and the code to scan.
#[derive(Template)]
#[template(path = "tenants/now.html")]
struct Now {
    id: TenantId,
    pill: Pill,
    sentence: String,
    words: String,
    needed: Option<Action>,
    others: Vec<Action>,
    link: Option<Link>,
    stands: &'static str,
    /// Codes are asked for only while somebody looks, so that the page goes on saying so.
    waits: bool,
}

impl askama::filters::HtmlSafe for Now {}

impl Now {
    fn of(app: &App, detail: &TenantDetail, was: &str) -> Self {
        let now = app.now();
        let stale = convert::is_stale(&detail.worker, now, app.stale_after);
        let mut standing = standing::of(detail, stale, now);
        let typed = session::pairing_code::of(app, detail);
        let link = Link::of(detail, &typed, was, now);
        if typed.code.is_some() {
            standing.word = "Type the code";
            standing.sentence = "Waiting for the phone: type the code there.".to_owned();
        }
        let waits = matches!(detail.tenant.status, TenantStatus::QrPending | TenantStatus::QrReady);
        if waits {
            link::looked_at(app, detail.tenant.id);
        }
        Self {
            id: detail.tenant.id,
            pill: standing.pill(),
            stands: link::stands(detail, link.as_ref()),
            link,
            sentence: standing.sentence,
            words: format!(
                "{} · {} · worker {}",
                detail.tenant.status, detail.session.state, detail.worker.status
            ),
            needed: standing.needed,
            others: standing::others(detail, standing.needed),
            waits,
        }
    }
}

/// What the worker uses and how it does.
#[derive(Template)]
#[template(path = "tenants/figures.html")]
struct Figures {
    id: TenantId,
    strip: Strip,
    facts: Vec<(&'static str, Html)>,
    error: Option<String>,
}

impl askama::filters::HtmlSafe for Figures {}

#[derive(Template)]
#[template(source = "{{ self.0 }}", ext = "html")]
struct Text(String);

impl Figures {
    async fn of(app: &App, detail: &TenantDetail) -> Result<Self, Problem> {
        let (now, zone, worker) = (app.now(), detail.tenant.timezone.as_str(), &detail.worker);
        let strips = app.store.operator().heartbeat_strips(&[detail.tenant.id]).await;
        let strips = strips.map_err(|error| refusal::by_store(&error))?;
        let text = |text: String| Html::of(&Text(text));
        let number = |number: Option<u64>| {
            text(number.map(|number| number.to_string()).unwrap_or_else(|| "–".to_owned()))
        };
        let moment = |at: Option<domain::Timestamp>| {
            at.map_or_else(|| text("never".to_owned()), |at| Html::of(&ago(at, now, zone)))
        };
        let uptime = worker.started_at.filter(|_| worker.pid.is_some());
        let uptime = uptime.map(|at| span(now.duration_since(at).as_secs().max(0).unsigned_abs()));
        let cpu = worker.cpu_ms.map(|ms| format!("{}.{} s", ms / 1000, ms % 1000 / 100));
        let build = app.supervisor.live(detail.tenant.id).and_then(|live| live.build);
        let dash = || "–".to_owned();
        let facts = vec![
            ("Last heartbeat", moment(worker.last_heartbeat_at)),
            ("Last message", moment(worker.last_message_at)),
            ("Linked", moment(detail.session.linked_at)),
            ("Uptime", text(uptime.unwrap_or_else(dash))),
            ("Memory", text(worker.memory_bytes.map_or_else(dash, megabytes))),
            ("CPU time", text(cpu.unwrap_or_else(dash))),
            ("Messages waiting", number(worker.queued)),
            ("Replies unsent", number(worker.unsent)),
            ("Log rows to come", number(worker.unlogged)),
            ("Restarts", number(Some(worker.restarts))),
            ("Rate limit", text(rate_limit(app, detail))),
            (
                "Process",
                text(worker.pid.map_or_else(dash, |pid| format!("{pid}, generation {}", worker.generation))),
            ),
            ("Version", text(build.unwrap_or_else(dash))),
        ];
        Ok(Self {
            id: detail.tenant.id,
            strip: super::strip::draw(strips.get(&detail.tenant.id), now),
            facts,
            error: worker.last_error.clone(),
        })
    }
}

/// How many messages of one contact are answered, and who says so.
fn rate_limit(app: &App, detail: &TenantDetail) -> String {
    let limit = detail.limits(app.supervisor.limits()).contact_per_minute;
    let whose = if detail.config.rate_limit_per_minute.is_some() { "its own" } else { "the platform's" };
    format!("{limit} a minute and contact, {whose}")
}

/// One line of the audit log.
struct EventLine {
    what: String,
    who: String,
    at: Html,
}

async fn events(app: &App, detail: &TenantDetail) -> Result<Vec<EventLine>, Problem> {
    let request = PageRequest { limit: EVENTS, before: None };
    let found = app
        .store
        .tenant(detail.tenant.id)
        .events(request)
        .await
        .map_err(|error| refusal::by_store(&error))?;
    let (now, zone) = (app.now(), detail.tenant.timezone.as_str());
    let line = |event: store::PortalEvent| EventLine {
        what: event.event_type,
        who: event.actor_name.unwrap_or(event.actor),
        at: Html::of(&ago(event.created_at, now, zone)),
    };
    Ok(found.items.into_iter().map(line).collect())
}
