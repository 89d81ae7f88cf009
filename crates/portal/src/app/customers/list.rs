//! `GET /app/customers`: customers, the one who was last in touch first.

use api::portal::{Customer, CustomerList};
use askama::Template;
use domain::Timestamp;
use serde::Deserialize;
use web::{
    Asked,
    place::{address, encode},
    ui::{Empty, Head, Icon, Pill},
};

use super::{STATES, group, pill, read};
use crate::{
    Answer, Section, SetUp,
    app::{
        EVENTS, TENANT,
        page::{Avatar, Zone},
    },
};

/// Customers of one page.
const LIMIT: &str = "30";

/// What is looked for, and from where on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Look {
    search: String,
    state: String,
    before: Option<String>,
}

#[derive(Template)]
#[template(path = "app/customers.html")]
struct View {
    search: String,
    state: String,
    /// Address, name and whether it is shown.
    groups: Vec<(String, &'static str, bool)>,
    rows: Vec<Row>,
    empty: Option<Empty>,
    next: Option<String>,
    first: Option<String>,
    owner: bool,
}

struct Row {
    href: String,
    avatar: Avatar,
    name: String,
    last: String,
    time: String,
    at: Option<Timestamp>,
    pill: Pill,
    open: Option<String>,
}

pub(crate) async fn handle(call: SetUp, Asked(look): Asked<Look>) -> Answer {
    use words::portal_customers as say;
    let search = Some(look.search.trim()).filter(|search| !search.is_empty());
    let state = read(&look.state).map(<&str>::from);
    let before = look.before.as_deref();
    let path = address(
        &format!("{TENANT}/customers"),
        &[("search", search), ("state", state), ("before", before), ("limit", Some(LIMIT))],
    );
    let (found, zone) = tokio::try_join!(call.get::<CustomerList>(&path), Zone::of(&call))?;
    let here = |state: Option<&str>, before: Option<&str>| {
        address("/app/customers", &[("search", search), ("state", state), ("before", before)])
    };
    let all = std::iter::once((here(None, None), say::any(), state.is_none()));
    let groups = STATES.into_iter().map(|one| {
        let word = <&str>::from(one);
        (here(Some(word), None), group(one), state == Some(word))
    });
    let empty = found.customers.is_empty().then(|| {
        if search.is_some() || state.is_some() {
            Empty::new("search", say::found_none(), say::found_none_text())
                .link("/app/customers", say::back())
        } else {
            Empty::new("users", say::none(), say::none_text())
        }
    });
    let now = call.portal.now();
    let row = |customer: Customer| Row {
        href: format!("/app/customers/{}", encode(&customer.contact)),
        avatar: Avatar::of(customer.name.as_deref()),
        name: customer.name.unwrap_or(customer.shown),
        last: customer.last.unwrap_or_default(),
        time: customer.at.map(|at| zone.told(at, now)).unwrap_or_default(),
        at: customer.at,
        pill: pill(customer.state),
        open: (customer.open_records > 0).then(|| say::open_records(customer.open_records)),
    };
    let view = View {
        search: search.unwrap_or_default().to_owned(),
        state: state.unwrap_or_default().to_owned(),
        groups: all.chain(groups).collect(),
        empty,
        next: found.next.as_deref().map(|next| here(state, Some(next))),
        first: before.is_some().then(|| here(state, None)),
        rows: found.customers.into_iter().map(row).collect(),
        owner: call.is_owner(),
    };
    let head = Head::new(words::portal::customers()).following(EVENTS.to_owned());
    Ok(call.page(Section::Customers, &head, &view))
}
