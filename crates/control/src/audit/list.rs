//! `GET /admin/events`: a page of the audit log, newest first: what was changed, and apart from it what was read.

use askama::Template;
use axum::response::Response;
use domain::{EventKind, Timestamp};
use store::{Actor, Cursor};
use strum::VariantArray as _;
use web::{
    Asked,
    place::address,
    ui::{Empty, Field, Head, Icon, Input, Pager},
};
use words::did;

use super::{
    line::{self, Line, Said},
    query::{Parameters, convert},
};
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
pub(crate) async fn handle(call: Call, Asked(mut query): Asked<Parameters>) -> Answer {
    let request = paging::Request::read(query.limit, query.before.as_deref())?;
    if call.client.html {
        // A type is of one kind, and the form sends the kind of the page along.
        let typed = query.r#type.as_ref().is_some_and(|text| !text.trim().is_empty());
        query.kind = if typed { None } else { query.kind.or(Some(EventKind::Changes)) };
    }
    let found = call.app.store.operator().list_events(&query.filter()?, rows(&request)).await?;
    let events: Vec<_> = found.items.into_iter().map(convert).collect();
    if call.client.html {
        return page(&call, &query, &events, found.next, request).await;
    }
    Ok(request.answer(&events, found.next, PATH, &query.pairs()))
}

#[derive(Template)]
#[template(path = "events.html")]
struct View {
    kinds: Vec<Kind>,
    fields: Vec<Field>,
    /// The kind, which the form sends along.
    kind: Option<&'static str>,
    in_force: Vec<InForce>,
    days: Vec<Day>,
    empty: Empty,
    pager: Pager,
    export: String,
}

/// One of the kinds, as a link that shows it.
struct Kind {
    label: &'static str,
    href: String,
    current: bool,
}

/// A filter that is in force, with the list without it.
struct InForce {
    text: String,
    without: String,
}

/// What happened on one day.
struct Day {
    heading: String,
    lines: Vec<Line>,
}

/// A page of it, with filters.
async fn page(
    call: &Call,
    query: &Parameters,
    events: &[api::Event],
    next: Option<Cursor>,
    request: paging::Request,
) -> Answer<Response> {
    let pairs = query.pairs();
    let field = |name, label, hint, value: &Option<String>| {
        Field::new(name, label, Input::TEXT).hint(hint).value(value.clone().unwrap_or_default()).optional()
    };
    let choice = |name, label, choices, value: &Option<String>| {
        Field::new(name, label, Input::Choice(choices)).value(value.clone().unwrap_or_default()).optional()
    };
    let in_force = in_force(call, query).await?;
    let mut empty = Empty::new("list", words::audit::none(), words::audit::none_text());
    if !in_force.is_empty() {
        empty = empty.link(PATH, words::audit::show_all());
    }
    let view = View {
        kinds: kinds(query),
        kind: query.kind.map(<&str>::from),
        fields: vec![
            choice("type", words::audit::what(), types(), &query.r#type),
            choice("actor", words::audit::who(), actors(call, query).await?, &query.actor),
            field("tenant", words::tenants::tenant(), words::audit::tenant_hint(), &query.tenant),
            field("since", words::audit::from(), words::audit::from_hint(), &query.since),
            field("until", words::audit::until(), words::audit::until_hint(), &query.until),
        ],
        in_force,
        days: days(events, call.app.now()),
        empty,
        pager: request.pager(words::audit::shown(events.len() as u64), next, PATH, &pairs),
        export: address("/admin/events.csv", &pairs),
    };
    Ok(call.page(Section::Audit, Head::new(words::shell::audit()), &view).await)
}

/// Changes first; what was read, and who signed in, apart.
fn kinds(query: &Parameters) -> Vec<Kind> {
    let label = |kind| match kind {
        EventKind::Changes => words::audit::changes(),
        EventKind::Reading => words::audit::reading(),
        EventKind::SigningIn => words::audit::signing_in(),
    };
    let others = |kind: EventKind| {
        let pairs = query.pairs().map(|(name, value)| match name {
            "kind" => (name, Some(<&str>::from(kind))),
            // A type is of one kind.
            "type" => (name, None),
            _ => (name, value),
        });
        address(PATH, &pairs)
    };
    let kind = |kind: &EventKind| Kind {
        label: label(*kind),
        href: others(*kind),
        current: query.kind == Some(*kind),
    };
    EventKind::VARIANTS.iter().map(kind).collect()
}

/// What is looked for beside the kind, each in words.
async fn in_force(call: &Call, query: &Parameters) -> Answer<Vec<InForce>> {
    let pairs = query.pairs();
    let mut all = Vec::new();
    for (name, value) in pairs.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        let text = match name {
            "type" => words::audit::only_type(super::word(value)),
            "actor" => words::audit::only_by(actor(call, value).await?),
            "tenant" => words::audit::only_of(tenant(call, value).await?),
            "since" => words::audit::only_since(value),
            "until" => words::audit::only_until(value),
            _ => continue,
        };
        let rest = pairs.map(|(other, value)| (other, value.filter(|_| other != name)));
        all.push(InForce { text, without: address(PATH, &rest) });
    }
    Ok(all)
}

/// A tenant by its name; the id's end where it is gone.
async fn tenant(call: &Call, id: &str) -> Answer<String> {
    let Ok(parsed) = id.parse() else { return Ok(id.to_owned()) };
    match call.app.store.tenant(parsed).get().await {
        Ok(detail) => Ok(detail.tenant.name),
        Err(store::StoreError::NotFound(_)) => Ok(did::tenant(id, None)),
        Err(error) => Err(error.into()),
    }
}

/// Who acts by name: an operator, a person of a tenant's, or what an actor of the log is called.
async fn actor(call: &Call, actor: &str) -> Answer<String> {
    let name = match Actor::read(actor) {
        Actor::User(id) => call.app.store.operator().name_of(id).await?,
        Actor::System | Actor::Worker | Actor::Admin => None,
    };
    Ok(did::who(actor, name.as_deref()))
}

/// Every type, in words, by the alphabet.
fn types() -> Vec<(String, String)> {
    let mut all: Vec<_> = words::event::types().map(|(code, word)| (code, word.to_owned())).collect();
    all.sort_by(|one, other| one.1.cmp(&other.1));
    all.insert(0, (String::new(), words::audit::any_type().to_owned()));
    all
}

/// Who can have acted: the admin, the operators, the platform itself, and whom the address names.
async fn actors(call: &Call, query: &Parameters) -> Answer<Vec<(String, String)>> {
    let mut all = vec![(String::new(), words::audit::anybody().to_owned())];
    all.extend(["admin", "system", "worker"].map(|word| (word.to_owned(), did::who(word, None))));
    let operators = call.app.store.operator().list_operators().await?;
    all.extend(operators.into_iter().map(|one| (one.member.user.id.to_string(), one.member.user.name)));
    if let Some(asked) = query.actor.as_ref().filter(|asked| all.iter().all(|(id, _)| id != *asked)) {
        all.push((asked.clone(), actor(call, asked).await?));
    }
    Ok(all)
}

/// The lines under the days on which they were written, in UTC.
fn days(events: &[api::Event], now: Timestamp) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for event in events {
        let date = event.created_at.to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
        let heading = line::day(date, now);
        let line = Line::of(event, now);
        match days.last_mut() {
            Some(day) if day.heading == heading => day.lines.push(line),
            _ => days.push(Day { heading, lines: vec![line] }),
        }
    }
    days
}
