//! `GET /app/customers/{contact}`: one customer, with what is noted and all bookings and orders.

use api::portal::CustomerRecords;
use askama::Template;
use axum::{extract::Path, response::Response};
use serde::Deserialize;
use web::{
    Asked, Problem,
    place::encode,
    ui::{Banner, Head, Icon, Pill},
};

use super::{STATES, pill, state};
use crate::{
    Answer, Section, SetUp,
    app::{
        TENANT,
        books::{Card, cards},
        page::{Avatar, Zone, done, wrong},
    },
};

/// What was just done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Look {
    done: Option<String>,
}

/// What was typed, where it was not taken.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
pub(crate) struct Noted {
    pub(super) name: String,
    pub(super) note: String,
    pub(super) state: String,
}

#[derive(Template)]
#[template(path = "app/customer.html")]
struct View {
    banner: Option<Banner>,
    place: String,
    chat: String,
    avatar: Avatar,
    shown: String,
    title: String,
    pill: Pill,
    noted: Noted,
    /// Word, name.
    states: Vec<(&'static str, &'static str)>,
    cards: Vec<Card>,
    /// Whether whoever reads may change it.
    writes: bool,
    error_name: Option<String>,
    error_note: Option<String>,
}

pub(crate) async fn handle(call: SetUp, Path(contact): Path<String>, Asked(look): Asked<Look>) -> Answer {
    let banner = done(look.done.as_deref(), &[("saved", words::portal_customers::saved())]);
    page(&call, &contact, banner, None).await
}

/// The page again, with what was typed and why it was not taken.
pub(super) async fn refused(call: &SetUp, contact: &str, typed: Noted, problem: &Problem) -> Answer {
    let mut page = page(call, contact, Some(wrong(problem)), Some((typed, problem))).await?;
    *page.status_mut() = problem.kind().status();
    Ok(page)
}

async fn page(
    call: &SetUp,
    contact: &str,
    banner: Option<Banner>,
    refused: Option<(Noted, &Problem)>,
) -> Answer<Response> {
    let path = format!("{TENANT}/customers/{}", encode(contact));
    let (found, zone) = tokio::try_join!(call.get::<CustomerRecords>(&path), Zone::of(call))?;
    let customer = found.customer;
    let place = format!("/app/customers/{}", encode(&customer.contact));
    let title = customer.name.clone().unwrap_or_else(|| customer.shown.clone());
    let (typed, problem) = refused.map_or((None, None), |(typed, problem)| (Some(typed), Some(problem)));
    let error = |field: &str| {
        problem.filter(|problem| problem.field() == Some(field)).map(|problem| problem.detail().to_owned())
    };
    let stands = || Noted {
        name: customer.name.clone().unwrap_or_default(),
        note: customer.note.clone().unwrap_or_default(),
        state: if customer.state_set { <&str>::from(customer.state).to_owned() } else { String::new() },
    };
    let view = View {
        banner,
        chat: format!("/app/messages/{}", encode(&customer.contact)),
        avatar: Avatar::of(customer.name.as_deref()),
        title: title.clone(),
        pill: pill(customer.state),
        error_name: error("name"),
        error_note: error("note"),
        noted: typed.unwrap_or_else(stands),
        shown: customer.shown.clone(),
        states: STATES.into_iter().map(|one| (<&str>::from(one), state(one))).collect(),
        cards: cards(found.records, &place, None, &zone, call.portal.now(), false),
        writes: !call.is_looking(),
        place,
    };
    Ok(call.page(Section::Customers, &Head::new(title), &view))
}
