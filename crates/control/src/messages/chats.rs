//! The conversation log as chats: who wrote, what was said, search, dates, and a reply by hand.

use askama::{Template, filters::HtmlSafe};
use domain::{Direction, RecordId, TenantId, Timestamp};
use serde::Deserialize;
use store::{ChatLine, LogFilter, MessageLog};
use utoipa::IntoParams;
use web::{
    Problem,
    place::{address, encode},
    ui::{Bubble, Chat, Days, Empty, Html, Icon, ago},
};

use crate::{
    error::Answer,
    paging::{self, rows},
    tenants::{TenantCall, row::grouped},
};

/// Messages of one part of a chat.
const LINES: u32 = 50;

/// Which part of the log is looked at.
#[derive(Debug, Default, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub(crate) struct Look {
    /// Only messages with this contact.
    pub(crate) contact: Option<String>,
    /// Only messages that hold this.
    pub(crate) search: Option<String>,
    /// Only those from this day on, in the tenant's time zone.
    pub(crate) from: Option<String>,
    /// Only those until the end of this day.
    pub(crate) until: Option<String>,
    /// The place in the log; a page's alone.
    #[param(ignore)]
    pub(crate) before: Option<String>,
}

impl Look {
    /// As the store takes it; days are those of the tenant's zone.
    pub(crate) fn filter(&self, zone: &str) -> Result<LogFilter, Problem> {
        let given = |text: &Option<String>| {
            text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        Ok(LogFilter {
            contact: given(&self.contact),
            text: paging::search(self.search.as_deref())?,
            from: given(&self.from).map(|day| midnight("from", &day, zone, false)).transpose()?,
            until: given(&self.until).map(|day| midnight("until", &day, zone, true)).transpose()?,
        })
    }

    /// The same as a query, without the place in it.
    fn query(&self) -> String {
        let set = |value: &'_ Option<String>| value.clone().filter(|value| !value.is_empty());
        let pairs = [set(&self.contact), set(&self.search), set(&self.from), set(&self.until)];
        let [contact, search, from, until] = pairs.each_ref().map(Option::as_deref);
        let pairs = [("contact", contact), ("search", search), ("from", from), ("until", until)];
        address("", &pairs).trim_start_matches('?').to_owned()
    }
}

fn midnight(field: &'static str, day: &str, zone: &str, the_next: bool) -> Result<Timestamp, Problem> {
    let wrong = || Problem::invalid_field(field, words::messages::day(field));
    let mut day: jiff::civil::Date = day.parse().map_err(|_| wrong())?;
    if the_next {
        day = day.tomorrow().map_err(|_| wrong())?;
    }
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    day.to_zoned_datetime(zone).map(|midnight| midnight.timestamp()).map_err(|_| wrong())
}

/// One chat of the list.
struct ChatLink {
    href: String,
    name: String,
    last: String,
    at: Html,
    current: bool,
}

/// The list of chats.
#[derive(Template)]
#[template(path = "tenants/chat_list.html")]
pub(crate) struct ChatList {
    chats: Vec<ChatLink>,
    anew: bool,
}

/// What was said with one contact, or what was found.
#[derive(Template)]
#[template(path = "tenants/transcript.html")]
pub(crate) struct Transcript {
    id: TenantId,
    query: String,
    older: Option<String>,
    chat: Chat,
    empty: Option<Empty>,
    /// Whether the newest lines are shown, which grow.
    live: bool,
}

/// Where a reply is typed.
#[derive(Template)]
#[template(path = "tenants/compose.html")]
pub(crate) struct Compose {
    id: TenantId,
    contact: String,
    key: RecordId,
}

impl HtmlSafe for ChatList {}
impl HtmlSafe for Transcript {}
impl HtmlSafe for Compose {}

impl Compose {
    pub(crate) fn new(id: TenantId, contact: &str) -> Self {
        Self { id, contact: contact.to_owned(), key: RecordId::generate() }
    }
}

/// A notice beside another part of the page.
#[derive(Template)]
#[template(source = "<div id=\"toasts\" hx-swap-oob=\"beforeend\">{{ self.0 }}</div>", ext = "html")]
pub(crate) struct OnTop(pub(crate) Html);

/// All of it.
pub(crate) struct Conversations {
    pub(crate) list: ChatList,
    pub(crate) transcript: Transcript,
    pub(crate) compose: Option<Compose>,
    pub(crate) contact: Option<String>,
    pub(crate) export: String,
}

/// Reads it. Without a contact or a search the newest chat is shown.
pub(crate) async fn read(call: &TenantCall, look: &Look, anew: bool) -> Answer<Conversations> {
    let (scope, id, zone) = (&call.scope, call.id(), call.detail.tenant.timezone.as_str());
    let recent = scope.chats().await?;
    let mut filter = look.filter(zone)?;
    let searching = filter.text.is_some() || filter.from.is_some() || filter.until.is_some();
    if filter.contact.is_none() && !searching {
        filter.contact = recent.first().map(|line| line.contact.clone());
    }
    let request = rows(&paging::Request::read(Some(LINES), look.before.as_deref())?);
    let found = if recent.is_empty() {
        store::Page { items: Vec::new(), next: None }
    } else {
        scope.search_logs(&filter, request).await?
    };
    let shown = Look { contact: filter.contact.clone(), ..look.clone() };
    let query = shown.query();
    let and = if query.is_empty() { "" } else { "&" };
    let older = found.next.map(|next| format!("/admin/tenants/{id}?{query}{and}before={next}#chats"));
    let empty = found.items.is_empty().then(|| nothing(searching));
    let now = call.app.now();
    let transcript = Transcript {
        id,
        live: look.before.is_none(),
        older,
        chat: Chat { lines: lines(found.items, zone, filter.contact.is_none()) },
        empty,
        query: query.clone(),
    };
    Ok(Conversations {
        list: ChatList { chats: chats(&recent, id, zone, now, filter.contact.as_deref()), anew },
        transcript,
        compose: filter.contact.as_deref().map(|contact| Compose::new(id, contact)),
        contact: filter.contact.as_deref().map(name),
        export: format!("/admin/tenants/{id}/logs.csv?{}", look.query()),
    })
}

fn nothing(searching: bool) -> Empty {
    let (title, text) = if searching {
        (words::messages::none_found(), words::messages::none_found_text())
    } else {
        (words::messages::none(), words::messages::none_text())
    };
    Empty::new("chat", title, text)
}

/// A contact as people write numbers; a hidden one by its end.
pub(crate) fn name(contact: &str) -> String {
    match contact.strip_prefix("lid:") {
        Some(lid) => {
            let end: String = lid.chars().skip(lid.chars().count().saturating_sub(4)).collect();
            words::messages::hidden(end)
        }
        None => grouped(&format!("+{contact}")),
    }
}

fn chats(
    recent: &[ChatLine],
    id: TenantId,
    zone: &str,
    now: Timestamp,
    current: Option<&str>,
) -> Vec<ChatLink> {
    let link = |line: &ChatLine| ChatLink {
        href: format!("/admin/tenants/{id}?contact={}#chats", encode(&line.contact)),
        name: name(&line.contact),
        last: line.text.clone(),
        at: Html::of(&ago(line.created_at, now, zone)),
        current: current == Some(line.contact.as_str()),
    };
    recent.iter().map(link).collect()
}

/// Oldest first; a day's name above its first message, and who it was with where several chats are mixed.
fn lines(newest_first: Vec<MessageLog>, zone: &str, mixed: bool) -> Vec<Bubble> {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let mut days = Days::default();
    let fates: std::collections::HashMap<String, &'static str> =
        newest_first.iter().rev().filter_map(|log| Some((log.about.clone()?, fate(log)))).collect();
    newest_first
        .into_iter()
        .rev()
        .map(|log| {
            let local = log.created_at.to_zoned_datetime(zone.clone());
            let mut day = words::date::of(local.day(), local.month(), local.year());
            if mixed {
                day = format!("{} · {day}", name(&log.contact));
            }
            Bubble {
                id: log.id.to_string(),
                day: days.above(day),
                out: log.direction == Direction::Out,
                text: log.message_text.clone(),
                at: log.created_at.to_string(),
                clock: clock(&log, &local, fates.get(&log.wa_message_id).copied()),
                silence: log.silence,
            }
        })
        .collect()
}

/// What a line does to the message that it is about.
pub(crate) fn fate(log: &MessageLog) -> &'static str {
    if log.silence.as_deref() == Some("deleted") {
        words::messages::deleted()
    } else {
        words::messages::corrected()
    }
}

/// When a line came, and what its writer's clock said where that is another time: a message may have waited, and a clock
/// may be wrong. The order of the lines is that in which they came.
fn clock(log: &MessageLog, came: &jiff::ZonedDateTime, fate: Option<&str>) -> String {
    let hour = |at: &jiff::ZonedDateTime| at.strftime("%H:%M").to_string();
    let mut said = vec![hour(came)];
    if let Some(sent) = log.sent_at {
        let late = log.created_at.duration_since(sent).as_secs();
        let local = sent.to_zoned_datetime(came.time_zone().clone());
        let dated =
            || format!("{} {}", words::date::of(local.day(), local.month(), local.year()), hour(&local));
        if late < -CLOCK_OFF_S {
            said.push(words::messages::dated(dated()));
        } else if late > CLOCK_OFF_S {
            let at = if local.date() == came.date() { hour(&local) } else { dated() };
            said.push(words::messages::sent_at(at));
        }
    }
    said.extend(fate.map(str::to_owned));
    said.join(" · ")
}

/// Messages are on their way for seconds; more than this is shown.
const CLOCK_OFF_S: i64 = 60;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_tenants_zone() {
        let look =
            Look { from: Some("2026-01-31".into()), until: Some("2026-01-31".into()), ..Look::default() };
        let filter = look.filter("Africa/Dar_es_Salaam").unwrap();
        assert_eq!(filter.from.unwrap().to_string(), "2026-01-30T21:00:00Z");
        assert_eq!(filter.until.unwrap().to_string(), "2026-01-31T21:00:00Z");
        let wrong = Look { from: Some("31.1.2026".into()), ..Look::default() };
        assert_eq!(wrong.filter("UTC").unwrap_err().field(), Some("from"));
    }

    #[test]
    fn contacts_are_written_as_people_do() {
        assert_eq!(name("255754000222"), "+255 754 000 222");
        assert_eq!(name("lid:100200300"), "Hidden number …0300");
    }
}
