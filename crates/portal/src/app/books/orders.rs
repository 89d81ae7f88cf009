//! `GET /app/orders`: orders and tickets, those that are open first asked for.

use api::portal::DeskRecords;
use askama::Template;
use domain::RecordKind;
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
    Answer, Section, SetUp,
    app::{
        EVENTS, TENANT,
        page::{Zone, done},
    },
};

/// Which of them.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Look {
    kind: String,
    state: String,
    search: String,
    before: Option<String>,
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "app/orders.html")]
struct View {
    banner: Option<Banner>,
    search: String,
    kind: &'static str,
    /// Address, name and whether it is shown.
    kinds: Vec<(String, &'static str, bool)>,
    scopes: Vec<(String, &'static str, bool)>,
    cards: Vec<Card>,
    empty: Option<Empty>,
    next: Option<String>,
    first: Option<String>,
}

pub(crate) async fn handle(call: SetUp, Asked(look): Asked<Look>) -> Answer {
    use words::portal_books as say;
    let kind = if look.kind == "tickets" { RecordKind::Ticket } else { RecordKind::Order };
    let name = if kind == RecordKind::Ticket { "tickets" } else { "orders" };
    let search = Some(look.search.trim()).filter(|search| !search.is_empty());
    // What is looked for by name may be long done.
    let all = look.state == "all" || search.is_some();
    let before = look.before.as_deref();
    let pairs = [
        ("kind", Some(word(kind))),
        ("open", (!all).then_some("true")),
        ("search", search),
        ("before", before),
        ("limit", Some("50")),
    ];
    let path = address(&format!("{TENANT}/records"), &pairs);
    let (found, zone) = tokio::try_join!(call.get::<DeskRecords>(&path), Zone::of(&call))?;
    let here = |kind: &str, all: bool, before: Option<&str>| {
        let pairs = [
            ("kind", Some(kind).filter(|kind| *kind != "orders")),
            ("state", all.then_some("all")),
            ("search", search),
            ("before", before),
        ];
        address("/app/orders", &pairs)
    };
    let empty = found.records.is_empty().then(|| match (search, kind) {
        (Some(_), _) => Empty::new("search", say::found_none(), say::found_none_text()),
        (None, RecordKind::Ticket) => Empty::new("inbox", say::none_tickets(), say::none_tickets_text()),
        (None, _) => Empty::new("bag", say::none_orders(), say::none_orders_text()),
    });
    let back = here(name, all, before);
    let view = View {
        banner: done(look.done.as_deref(), &[("saved", words::portal_customers::saved())]),
        search: search.unwrap_or_default().to_owned(),
        kind: name,
        kinds: vec![
            (here("orders", false, None), say::orders(), name == "orders"),
            (here("tickets", false, None), say::tickets(), name == "tickets"),
        ],
        scopes: vec![
            (address("/app/orders", &[("kind", (name != "orders").then_some(name))]), say::open(), !all),
            (here(name, true, None), say::all(), all),
        ],
        next: found.next.as_deref().map(|next| here(name, all, Some(next))),
        first: before.is_some().then(|| here(name, all, None)),
        cards: cards(found.records, &back, None, &zone, call.portal.now(), !call.is_looking()),
        empty,
    };
    let head = Head::new(words::portal::orders()).following(EVENTS.to_owned());
    Ok(call.page(Section::Orders, &head, &view))
}
