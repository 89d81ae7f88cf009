//! `GET /app/bookings`: a week, and the bookings of one of its days; or what a search finds.

use api::portal::DeskRecords;
use askama::Template;
use domain::RecordKind;
use jiff::{ToSpan, civil::Date};
use serde::Deserialize;
use web::{
    Asked,
    place::address,
    ui::{Banner, Empty, Head, Icon},
};

use super::{
    card::{Card, cards},
    word,
};
use crate::{
    Answer, AskError, Section, SetUp,
    app::{
        EVENTS, TENANT,
        page::{Zone, day_said, done},
    },
};

/// More bookings than these in a week are found by searching.
const LIMIT: &str = "200";

/// Which day, or what is looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Look {
    day: Option<String>,
    search: String,
    done: Option<String>,
}

/// A day of the week strip.
struct Day {
    href: String,
    name: &'static str,
    number: i8,
    count: u64,
    /// The same in words, where there are any.
    says: Option<String>,
    current: bool,
    today: bool,
}

#[derive(Template)]
#[template(path = "app/bookings.html")]
struct View {
    banner: Option<Banner>,
    search: String,
    days: Vec<Day>,
    before: String,
    after: String,
    today: Option<String>,
    title: String,
    cards: Vec<Card>,
    empty: Option<Empty>,
    acts: bool,
    enter: String,
    block: String,
    searched: bool,
}

fn name(day: Date) -> &'static str {
    use jiff::civil::Weekday;
    use words::portal_books as say;
    match day.weekday() {
        Weekday::Monday => say::monday(),
        Weekday::Tuesday => say::tuesday(),
        Weekday::Wednesday => say::wednesday(),
        Weekday::Thursday => say::thursday(),
        Weekday::Friday => say::friday(),
        Weekday::Saturday => say::saturday(),
        Weekday::Sunday => say::sunday(),
    }
}

/// The page of a day.
pub(super) fn place(day: Date) -> String {
    address("/app/bookings", &[("day", Some(&day.to_string()))])
}

pub(super) async fn find(
    call: &SetUp,
    kind: RecordKind,
    days: Option<(Date, Date)>,
    search: Option<&str>,
) -> Result<DeskRecords, AskError> {
    let days = days.map(|(from, to)| (from.to_string(), to.to_string()));
    let pairs = [
        ("kind", Some(word(kind))),
        ("from", days.as_ref().map(|(from, _)| from.as_str())),
        ("to", days.as_ref().map(|(_, to)| to.as_str())),
        ("search", search),
        ("limit", Some(LIMIT)),
    ];
    call.get(&address(&format!("{TENANT}/records"), &pairs)).await
}

pub(crate) async fn handle(call: SetUp, Asked(look): Asked<Look>) -> Answer {
    use words::portal_books as say;
    let zone = Zone::of(&call).await?;
    let now = call.portal.now();
    let today = zone.date(now);
    let day: Date = look.day.as_deref().and_then(|day| day.parse().ok()).unwrap_or(today);
    let monday = day.saturating_sub(i64::from(day.weekday().to_monday_zero_offset()).days());
    let sunday = monday.saturating_add(6.days());
    let search = Some(look.search.trim()).filter(|search| !search.is_empty());
    let days = search.is_none().then_some((monday, sunday));
    let (bookings, blocks) = tokio::try_join!(
        find(&call, RecordKind::Booking, days, search),
        find(&call, RecordKind::Block, days, search),
    )?;
    let mut records = bookings.records;
    let count = |on: Date| {
        records
            .iter()
            .filter(|found| found.record.state != "cancelled" && zone.date(found.record.stands_at) == on)
            .count()
    };
    let shown = (0..7).map(|number| {
        let on = monday.saturating_add(number.days());
        let count = u64::try_from(count(on)).unwrap_or(u64::MAX);
        let says = (count > 0).then(|| say::on_day(count));
        Day {
            href: place(on),
            name: name(on),
            number: on.day(),
            count,
            says,
            current: on == day,
            today: on == today,
        }
    });
    let shown: Vec<Day> = shown.collect();
    records.extend(blocks.records);
    if search.is_none() {
        records.retain(|found| zone.date(found.record.stands_at) == day);
    }
    records.sort_by_key(|found| (found.record.stands_at, found.record.reference.clone()));
    let back =
        search.map_or_else(|| place(day), |search| address("/app/bookings", &[("search", Some(search))]));
    let acts = !call.is_looking();
    let empty = records.is_empty().then(|| match search {
        Some(_) => Empty::new("search", say::found_none(), say::found_none_text())
            .link("/app/bookings", say::clear()),
        None => Empty::new("calendar", say::none_on_day(), say::none_on_day_text()),
    });
    let new =
        |kind: Option<&str>| address("/app/bookings/new", &[("day", Some(&day.to_string())), ("kind", kind)]);
    let view = View {
        banner: done(look.done.as_deref(), &[("saved", words::portal_customers::saved())]),
        search: search.unwrap_or_default().to_owned(),
        days: shown,
        before: place(day.saturating_sub(7.days())),
        after: place(day.saturating_add(7.days())),
        today: (day != today).then(|| place(today)),
        title: if search.is_some() { say::found().to_owned() } else { day_said(day, today) },
        cards: cards(records, &back, search.is_none().then_some(day), &zone, now, acts),
        empty,
        acts,
        enter: new(None),
        block: new(Some("block")),
        searched: search.is_some(),
    };
    let head = Head::new(words::portal::bookings()).following(EVENTS.to_owned());
    Ok(call.page(Section::Bookings, &head, &view))
}
