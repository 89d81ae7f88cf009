//! `GET /app/customers/{contact}`: one customer, with what is noted and all bookings and orders.

use api::portal::CustomerRecords;
use askama::Template;
use axum::{extract::Path, response::Response};
use serde::Deserialize;
use web::{
    Asked, Problem,
    place::encode,
    ui::{Banner, Field, Head, Icon, Input, Pill},
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
    fields: Vec<Field>,
    cards: Vec<Card>,
    /// Whether whoever reads may change it.
    writes: bool,
}

/// What is noted, as it stands or was typed.
fn fields(noted: Noted, problem: Option<&Problem>) -> Vec<Field> {
    use words::portal_customers as say;
    let states = STATES.into_iter().map(|one| (<&str>::from(one).to_owned(), state(one).to_owned()));
    let states = std::iter::once((String::new(), say::by_itself().to_owned())).chain(states).collect();
    let fields = [
        Field::new("state", say::state(), Input::Choice(states)).value(noted.state),
        Field::new("name", say::name(), Input::TEXT).hint(say::name_hint()).optional().value(noted.name),
        Field::new("note", say::note(), Input::Area).hint(say::note_hint()).optional().value(noted.note),
    ];
    fields.map(|field| field.wrong(problem)).into()
}

pub(crate) async fn handle(call: SetUp, Path(contact): Path<String>, Asked(look): Asked<Look>) -> Answer {
    let banner = done(look.done.as_deref(), &[("saved", words::portal_customers::saved())]);
    page(&call, &contact, banner, None).await
}

/// The page again, with what was typed and why it was not taken.
pub(super) async fn refused(call: &SetUp, contact: &str, typed: Noted, problem: &Problem) -> Answer {
    page(call, contact, None, Some((typed, problem))).await
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
    let stands = || Noted {
        name: customer.name.clone().unwrap_or_default(),
        note: customer.note.clone().unwrap_or_default(),
        state: if customer.state_set { <&str>::from(customer.state).to_owned() } else { String::new() },
    };
    let fields = fields(typed.unwrap_or_else(stands), problem);
    let beside = fields.iter().any(|field| field.error.is_some());
    let view = View {
        banner: problem.filter(|_| !beside).map(wrong).or(banner),
        chat: format!("/app/messages/{}", encode(&customer.contact)),
        avatar: Avatar::of(customer.name.as_deref()),
        title: title.clone(),
        pill: pill(customer.state),
        fields,
        shown: customer.shown.clone(),
        cards: cards(found.records, &place, None, &zone, call.portal.now(), false),
        writes: !call.is_looking(),
        place,
    };
    let head = Head::new(title);
    Ok(match problem {
        Some(problem) => call.refused_page(Section::Customers, &head, &view, problem),
        None => call.page(Section::Customers, &head, &view),
    })
}
