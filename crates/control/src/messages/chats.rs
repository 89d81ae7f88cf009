//! The conversation log as chats: who wrote, what was said, search, dates, and a reply by hand.

use std::collections::HashMap;

use askama::{Template, filters::HtmlSafe};
use domain::{Direction, RecordId, TenantId, Timestamp, Writer};
use serde::Deserialize;
use store::{ChatLine, LogFilter, MessageLog};
use utoipa::IntoParams;
use web::{
    Problem,
    place::{address, encode},
    ui::{Bubble, Chat, Days, Empty, Html, Icon, Tick, ago},
};

use crate::{
    error::Answer,
    paging::{self, rows},
    tenants::{TenantCall, row::grouped},
};

/// Messages of one part of a chat.
const LINES: u32 = 50;
/// Of a part around one message, those behind it.
const BEHIND: u32 = 15;
/// A worker's clock and ours may differ by this, in hours.
const CLOCKS_H: i64 = 1;

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
    /// The message of a chat around which it is shown, by its place in the log; a page's alone.
    #[param(ignore)]
    pub(crate) at: Option<String>,
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

    /// The place of the message around which the chat is shown.
    fn place(&self) -> Result<Option<u64>, Problem> {
        let wrong = |_| Problem::invalid_field("at", words::messages::place());
        self.at.as_deref().filter(|at| !at.is_empty()).map(|at| at.parse().map_err(wrong)).transpose()
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
    newer: Option<String>,
    newest: Option<String>,
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
    let at = look.place()?.filter(|_| !searching && look.before.is_none());
    let mut newer = false;
    let found = match (&filter.contact, at) {
        (Some(contact), Some(at)) => {
            let around = scope.chat_around(contact, at, LINES - BEHIND, BEHIND).await?;
            newer = around.newer;
            around.page
        }
        _ if recent.is_empty() => store::Page { items: Vec::new(), next: None },
        _ => scope.search_logs(&filter, request).await?,
    };
    let senders = senders(call, &found.items).await?;
    let shown = Look { contact: filter.contact.clone(), ..look.clone() };
    let query = shown.query();
    let and = if query.is_empty() { "" } else { "&" };
    let older = found.next.map(|next| format!("/admin/tenants/{id}?{query}{and}before={next}#chats"));
    let empty = found.items.is_empty().then(|| nothing(searching));
    let now = call.app.now();
    let newer = found.items.first().filter(|_| newer).map(|log| place_of(id, log));
    let told = Told { senders, mixed: filter.contact.is_none(), at, places: searching.then_some(id) };
    let transcript = Transcript {
        id,
        live: look.before.is_none() && at.is_none(),
        older,
        newer,
        newest: at.map(|_| format!("/admin/tenants/{id}?{query}#chats")),
        chat: Chat { lines: lines(found.items, zone, &told) },
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

/// Where a message stands in its chat.
fn place_of(id: TenantId, log: &MessageLog) -> String {
    format!("/admin/tenants/{id}?contact={}&at={}#m-{}", encode(&log.contact), log.seq, log.id)
}

/// Who has sent by hand what was sent by hand, by WhatsApp's ids.
async fn senders(call: &TenantCall, logs: &[MessageLog]) -> Answer<HashMap<String, String>> {
    let times = logs.iter().filter(|log| log.direction == Direction::Out).map(|log| log.created_at);
    let (Some(first), Some(last)) = (times.clone().min(), times.max()) else { return Ok(HashMap::new()) };
    let off = jiff::SignedDuration::from_hours(CLOCKS_H);
    let from = first.checked_sub(off).unwrap_or(Timestamp::MIN);
    let until = last.checked_add(off).unwrap_or(Timestamp::MAX);
    let sent = call.scope.sent_by_hand(from, until).await?;
    let by = |event: store::PortalEvent| {
        let who = words::did::who(&event.actor, event.actor_name.as_deref());
        Some((event.payload["wa_message_id"].as_str()?.to_owned(), who))
    };
    Ok(sent.into_iter().filter_map(by).collect())
}

/// What is told of lines beside what they say.
struct Told {
    /// Who has sent what by hand.
    senders: HashMap<String, String>,
    /// Whether several chats are mixed.
    mixed: bool,
    /// The place of the message that is looked for.
    at: Option<u64>,
    /// Whose chats lines lead into, where they were found by a search.
    places: Option<TenantId>,
}

/// Oldest first; a day's name above its first message, and who it was with where several chats are mixed.
fn lines(newest_first: Vec<MessageLog>, zone: &str, told: &Told) -> Vec<Bubble> {
    let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let mut days = Days::default();
    let fates: HashMap<String, &'static str> =
        newest_first.iter().rev().filter_map(|log| Some((log.about.clone()?, fate(log)))).collect();
    newest_first
        .into_iter()
        .rev()
        .map(|log| {
            let local = log.created_at.to_zoned_datetime(zone.clone());
            let mut day = words::date::of(local.day(), local.month(), local.year());
            if told.mixed {
                day = format!("{} · {day}", name(&log.contact));
            }
            let out = log.direction == Direction::Out;
            // Whatever a worker says, a text that somebody has sent by hand is theirs.
            let by_hand = || told.senders.get(&log.wa_message_id).cloned();
            let writer = log.writer.unwrap_or(Writer::Bot);
            Bubble {
                id: log.id.to_string(),
                day: days.above(day),
                out,
                at: log.created_at.to_string(),
                clock: clock(&log, &local, fates.get(&log.wa_message_id).copied()),
                who: out.then(|| by_hand().unwrap_or_else(|| words::delivery::writer(writer).to_owned())),
                place: told.places.map(|id| place_of(id, &log)),
                found: told.at == Some(log.seq),
                tick: log.delivery.map(|delivery| Tick::new(delivery, log.delivery_reason.as_deref())),
                text: log.message_text,
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
    use domain::LogId;

    use super::*;

    #[test]
    fn what_is_taken_back_is_known_by_its_reason_and_by_no_words() {
        let told = |text: &str, silence: Option<&str>| {
            fate(&MessageLog {
                id: LogId::generate(),
                tenant_id: TenantId::generate(),
                direction: Direction::Out,
                from_number: String::new(),
                to_number: "255754000222".to_owned(),
                contact: "255754000222".to_owned(),
                message_text: text.to_owned(),
                wa_message_id: "A1".to_owned(),
                silence: silence.map(ToOwned::to_owned),
                created_at: Timestamp::UNIX_EPOCH,
                seq: 1,
                sent_at: None,
                about: Some("A0".to_owned()),
                delivery: None,
                delivery_reason: None,
                writer: Some(Writer::Phone),
            })
        };
        assert_eq!(told("anything", Some("deleted")), words::messages::deleted());
        assert_eq!(told("[deleted a message]", None), words::messages::corrected(), "typed just so");
    }

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
